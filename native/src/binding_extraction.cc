#include "binding.h"
#include "dispatch.h"
#include "enhancement.h"
#include "extractor.h"
#include "record.h"
#include "worker.h"

namespace limen {
namespace {

struct Extracted {
  Extraction found;
  Bytes record;
  std::optional<Taps> taps;
};

Napi::Float32Array floats(Napi::Env env, const std::vector<float>& values) {
  auto out = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), out.Data());
  return out;
}

Napi::Array tapped(Napi::Env env, const std::vector<Tap>& taps) {
  auto out = Napi::Array::New(env, taps.size());
  for (std::uint32_t i = 0; i < taps.size(); i++) {
    const Tap& tap = taps[i];
    auto entry = Napi::Object::New(env);
    entry.Set("name", tap.name);
    entry.Set("width", tap.width);
    entry.Set("height", tap.height);
    entry.Set("step", tap.step);
    entry.Set("grey", tap.grey);
    entry.Set("values", floats(env, tap.values));
    out.Set(i, entry);
  }
  return out;
}

Napi::Value report(Napi::Env env, Extracted& extracted) {
  const Template& features = extracted.found.features;
  std::vector<float> points, cores, deltas;
  for (const Minutia& at : features.minutiae)
    points.insert(points.end(), {at.x, at.y, at.angle, static_cast<float>(at.quality), static_cast<float>(at.kind)});
  for (const Core& at : features.cores) cores.insert(cores.end(), {at.x, at.y, at.angle.value()});
  for (const Delta& at : features.deltas) {
    deltas.insert(deltas.end(), {at.x, at.y});
    deltas.insert(deltas.end(), at.angles.value().begin(), at.angles.value().end());
  }
  auto out = Napi::Object::New(env);
  out.Set("record", array_of(env, extracted.record));
  out.Set("quality", extracted.found.quality.score);
  out.Set("causes", extracted.found.quality.causes);
  out.Set("areaMm2", extracted.found.quality.area_mm2);
  out.Set("minutiae", static_cast<double>(features.minutiae.size()));
  out.Set("widthPx", features.width);
  out.Set("heightPx", features.height);
  out.Set("points", floats(env, points));
  out.Set("cores", floats(env, cores));
  out.Set("deltas", floats(env, deltas));
  out.Set("stepMs", floats(env, {extracted.found.step_ms.begin(), extracted.found.step_ms.end()}));
  if (extracted.taps) out.Set("taps", tapped(env, extracted.taps->all()));
  return out;
}

// extractFinger(pixels: Uint8Array, widthPx, heightPx, dpi, taps): Promise<FingerExtraction> (native.ts)
Napi::Value extract_finger(const Napi::CallbackInfo& info) {
  auto pixels = bytes_of(info[0]);
  const int width = whole(info[1]), height = whole(info[2]), dpi = whole(info[3]);
  const bool tap = info[4].IsBoolean() && info[4].As<Napi::Boolean>().Value();
  auto compute = [pixels = std::move(pixels), width, height, dpi, tap]() -> std::optional<Extracted> {
    Extracted out;
    if (tap) out.taps.emplace();
    auto found = extract(pixels.data(), pixels.size(), width, height, dpi, out.taps ? &*out.taps : nullptr);
    if (!found) return std::nullopt;
    out.found = std::move(*found);
    out.record = write_record(out.found.features);
    return out;
  };
  return Worker<Extracted>::start(info.Env(), kImageMalformed, std::move(compute), report);
}

// useInstructionSet(wanted): which was granted
Napi::Value choose_instruction_set(const Napi::CallbackInfo& info) {
  const int wanted = std::clamp(whole(info[0]), 0, static_cast<int>(InstructionSet::avx512));
  return Napi::Number::New(info.Env(), static_cast<int>(use_instruction_set(static_cast<InstructionSet>(wanted))));
}

// timeFingerFilters(squares): milliseconds
Napi::Value time_filters(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), time_filter_squares(std::max(0, whole(info[0]))));
}

}  // namespace

void expose_extraction(Napi::Env env, Napi::Object exports) {
  exports.Set("extractFinger", Napi::Function::New<extract_finger>(env, "extractFinger"));
  exports.Set("useInstructionSet", Napi::Function::New<choose_instruction_set>(env, "useInstructionSet"));
  exports.Set("timeFingerFilters", Napi::Function::New<time_filters>(env, "timeFingerFilters"));
}

}  // namespace limen
