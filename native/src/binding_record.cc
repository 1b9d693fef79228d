#include "binding.h"
#include "record.h"
#include "worker.h"

namespace limen {

namespace {

Napi::Array singularities(Napi::Env env, const std::vector<RecordSingularity>& points, int angles) {
  Napi::Array out = Napi::Array::New(env, points.size());
  for (std::size_t i = 0; i < points.size(); i++) {
    auto values = Napi::Float32Array::New(env, 2 + points[i].angles.size());
    float* to = values.Data();
    *to++ = static_cast<float>(points[i].x);
    *to++ = static_cast<float>(points[i].y);
    for (const int angle : points[i].angles) *to++ = static_cast<float>(angle) * 360 / static_cast<float>(angles);
    out.Set(static_cast<std::uint32_t>(i), values);
  }
  return out;
}

Napi::Object view_of(Napi::Env env, const Record& record, const RecordView& view) {
  Napi::Object out = Napi::Object::New(env);
  out.Set("position", view.position);
  out.Set("number", view.number);
  out.Set("impression", view.impression);
  out.Set("quality", view.quality);
  auto minutiae = Napi::Float32Array::New(env, view.minutiae.size() * 5);
  float* to = minutiae.Data();
  for (const RecordMinutia& minutia : view.minutiae) {
    *to++ = static_cast<float>(minutia.kind);
    *to++ = static_cast<float>(minutia.x);
    *to++ = static_cast<float>(minutia.y);
    *to++ = static_cast<float>(minutia.angle) * 360 / static_cast<float>(record.angles);
    *to++ = static_cast<float>(minutia.quality);
  }
  out.Set("minutiae", minutiae);
  out.Set("cores", singularities(env, view.cores, record.angles));
  out.Set("deltas", singularities(env, view.deltas, record.angles));
  return out;
}

// readRecord(record: Uint8Array): Promise<{ansi, widthPx, heightPx, xPixelsPerCm, yPixelsPerCm, views}>
Napi::Value read(const Napi::CallbackInfo& info) {
  auto compute = [record = bytes_of(info[0])] { return parse_record(record.data(), record.size()); };
  return Worker<Record>::start(info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, Record& record) -> Napi::Value {
    Napi::Object out = Napi::Object::New(env);
    out.Set("ansi", Napi::Boolean::New(env, record.format == RecordFormat::ansi_378_2004));
    out.Set("widthPx", record.width);
    out.Set("heightPx", record.height);
    out.Set("xPixelsPerCm", record.x_resolution);
    out.Set("yPixelsPerCm", record.y_resolution);
    Napi::Array views = Napi::Array::New(env, record.views.size());
    for (std::size_t i = 0; i < record.views.size(); i++)
      views.Set(static_cast<std::uint32_t>(i), view_of(env, record, record.views[i]));
    out.Set("views", views);
    return out;
  });
}

// takeView(record: Uint8Array, position: number | undefined): Promise<Uint8Array>, a record of that view alone
Napi::Value take(const Napi::CallbackInfo& info) {
  const int position = info[1].IsUndefined() ? kAnyPosition : whole(info[1]);
  const bool asked = info[1].IsUndefined() || position >= 0;
  auto compute = [record = bytes_of(info[0]), position, asked]() -> std::optional<Bytes> {
    const auto features = read_record(record.data(), record.size(), position);
    if (!features || !asked) return std::nullopt;
    return write_record(*features);
  };
  return Worker<Bytes>::start(
      info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, Bytes& bytes) -> Napi::Value { return array_of(env, bytes); });
}

}  // namespace

void expose_record(Napi::Env env, Napi::Object exports) {
  exports.Set("readRecord", Napi::Function::New<read>(env, "readRecord"));
  exports.Set("takeView", Napi::Function::New<take>(env, "takeView"));
}

}  // namespace limen
