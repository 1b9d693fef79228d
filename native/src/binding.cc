#include <cmath>
#include <cstdint>

#include "binding_faces.h"
#include "binding_gallery.h"
#include "extractor.h"
#include "matcher.h"
#include "record.h"
#include "worker.h"

namespace limen {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* kImageMalformed = "image.malformed";
constexpr const char* kTemplateMalformed = "template.malformed";

// A copy: the caller may change its buffer while the work runs. Empty, which nothing accepts, for what is no byte array.
Bytes bytes_of(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto array = value.As<Napi::TypedArray>();
  const bool bytes = array.TypedArrayType() == napi_uint8_array || array.TypedArrayType() == napi_uint8_clamped_array;
  if (!bytes) return {};
  const auto typed = value.As<Napi::Uint8Array>();
  if (typed.ByteLength() == 0) return {};
  return Bytes(typed.Data(), typed.Data() + typed.ByteLength());
}

// A whole number, or -1.
int whole(const Napi::Value& value) {
  if (!value.IsNumber()) return -1;
  const double number = value.As<Napi::Number>().DoubleValue();
  return number >= 0 && number <= 65535 && number == std::floor(number) ? static_cast<int>(number) : -1;
}

std::optional<Prepared> prepared(const Bytes& record) {
  const auto features = read_record(record.data(), record.size());
  if (!features) return std::nullopt;
  return prepare(*features);
}

struct Extracted {
  Bytes record;
  Quality quality;
  std::size_t minutiae;
};

// extract(pixels: Uint8Array, widthPx, heightPx, dpi): Promise<{record, quality, causes, minutiae}>
Napi::Value extract_finger(const Napi::CallbackInfo& info) {
  auto pixels = bytes_of(info[0]);
  const int width = whole(info[1]), height = whole(info[2]), dpi = whole(info[3]);
  auto compute = [pixels = std::move(pixels), width, height, dpi]() -> std::optional<Extracted> {
    const auto found = extract(pixels.data(), pixels.size(), width, height, dpi);
    if (!found) return std::nullopt;
    return Extracted{write_record(found->features), found->quality, found->features.minutiae.size()};
  };
  return Worker<Extracted>::start(info.Env(), kImageMalformed, std::move(compute), [](Napi::Env env, Extracted& found) -> Napi::Value {
    auto record = Napi::Uint8Array::New(env, found.record.size());
    std::copy(found.record.begin(), found.record.end(), record.Data());
    Napi::Object out = Napi::Object::New(env);
    out.Set("record", record);
    out.Set("quality", found.quality.score);
    out.Set("causes", found.quality.causes);
    out.Set("minutiae", static_cast<double>(found.minutiae));
    return out;
  });
}

// search(probe: Uint8Array, gallery: Uint8Array[]): Promise<Float32Array>, a score per entry
Napi::Value search_fingers(const Napi::CallbackInfo& info) {
  auto probe = bytes_of(info[0]);
  std::vector<Bytes> gallery;
  const bool listed = info[1].IsArray();
  if (listed) {
    const auto entries = info[1].As<Napi::Array>();
    gallery.reserve(entries.Length());
    for (std::uint32_t i = 0; i < entries.Length(); i++) {
      const Napi::HandleScope scope(info.Env());
      gallery.push_back(bytes_of(entries.Get(i)));
    }
  }
  auto compute = [probe = std::move(probe), gallery = std::move(gallery), listed]() -> std::optional<std::vector<float>> {
    const auto ours = prepared(probe);
    if (!ours || !listed) return std::nullopt;
    std::vector<float> scores;
    scores.reserve(gallery.size());
    for (const Bytes& entry : gallery) {
      const auto theirs = prepared(entry);
      if (!theirs) return std::nullopt;
      scores.push_back(score(weigh(*ours, *theirs)));
    }
    return scores;
  };
  return Worker<std::vector<float>>::start(
      info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, std::vector<float>& scores) -> Napi::Value {
        auto out = Napi::Float32Array::New(env, scores.size());
        std::copy(scores.begin(), scores.end(), out.Data());
        return out;
      });
}

// fingerMinutiae(record: Uint8Array): Promise<Float32Array>, x, y (pixels at 500 dpi), angle and quality of each
Napi::Value finger_minutiae(const Napi::CallbackInfo& info) {
  auto record = bytes_of(info[0]);
  auto compute = [record = std::move(record)]() -> std::optional<Template> {
    return read_record(record.data(), record.size());
  };
  return Worker<Template>::start(info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, Template& features) -> Napi::Value {
    auto out = Napi::Float32Array::New(env, features.minutiae.size() * 4);
    float* to = out.Data();
    for (const Minutia& minutia : features.minutiae) {
      *to++ = minutia.x;
      *to++ = minutia.y;
      *to++ = minutia.angle;
      *to++ = static_cast<float>(minutia.quality);
    }
    return out;
  });
}

Napi::Object expose(Napi::Env env, Napi::Object exports) {
  exports.Set("extractFinger", Napi::Function::New<extract_finger>(env, "extractFinger"));
  exports.Set("searchFingers", Napi::Function::New<search_fingers>(env, "searchFingers"));
  exports.Set("fingerMinutiae", Napi::Function::New<finger_minutiae>(env, "fingerMinutiae"));
  expose_faces(env, exports);
  expose_gallery(env, exports);
  return exports;
}

}  // namespace
}  // namespace limen

static Napi::Object start(Napi::Env env, Napi::Object exports) { return limen::expose(env, exports); }

NODE_API_MODULE(limen, start)
