#include <cstdint>

#include "binding.h"
#include "matcher.h"
#include "record.h"
#include "worker.h"

namespace limen {
namespace {

std::optional<Prepared> prepared(const Bytes& record) {
  const auto features = read_record(record.data(), record.size());
  if (!features) return std::nullopt;
  return prepare(*features);
}

// Compares a probe with each record of a gallery: promises what `values` writes of each one's evidence, so many at a time.
template <std::size_t kEach>
Napi::Value compare_with_all(const Napi::CallbackInfo& info, void (*values)(const Evidence&, float*)) {
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
  auto compute = [probe = std::move(probe), gallery = std::move(gallery), listed, values]() -> std::optional<std::vector<float>> {
    const auto ours = prepared(probe);
    if (!ours || !listed) return std::nullopt;
    std::vector<float> out(gallery.size() * kEach);
    for (std::size_t i = 0; i < gallery.size(); i++) {
      const auto theirs = prepared(gallery[i]);
      if (!theirs) return std::nullopt;
      values(weigh(*ours, *theirs), out.data() + i * kEach);
    }
    return out;
  };
  return Worker<std::vector<float>>::start(
      info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, std::vector<float>& found) -> Napi::Value {
        auto out = Napi::Float32Array::New(env, found.size());
        std::copy(found.begin(), found.end(), out.Data());
        return out;
      });
}

// searchFingers(probe: Uint8Array, gallery: Uint8Array[]): Promise<Float32Array>, a score per entry
Napi::Value search_fingers(const Napi::CallbackInfo& info) {
  return compare_with_all<1>(info, [](const Evidence& evidence, float* out) { *out = score(evidence); });
}

// weighFingers(probe: Uint8Array, gallery: Uint8Array[]): Promise<Float32Array>, the evidence of each entry: eight values
Napi::Value weigh_fingers(const Napi::CallbackInfo& info) {
  return compare_with_all<8>(info, [](const Evidence& evidence, float* out) {
    const float all[] = {score(evidence), evidence.met,  evidence.weight, evidence.overlap,
                         evidence.alike,  evidence.flow, evidence.edges,  evidence.guessed ? 1.0f : 0.0f};
    std::copy(std::begin(all), std::end(all), out);
  });
}

// explainFingers(probe: Uint8Array, candidate: Uint8Array): Promise<Uint8Array>, which minutiae met: the probe's, the candidate's
Napi::Value explain_fingers(const Napi::CallbackInfo& info) {
  auto compute = [probe = bytes_of(info[0]), candidate = bytes_of(info[1])]() -> std::optional<std::vector<Pairing>> {
    const auto ours = prepared(probe), theirs = prepared(candidate);
    if (!ours || !theirs) return std::nullopt;
    std::vector<Pairing> pairings;
    weigh(*ours, *theirs, &pairings);
    return pairings;
  };
  return Worker<std::vector<Pairing>>::start(
      info.Env(), kTemplateMalformed, std::move(compute), [](Napi::Env env, std::vector<Pairing>& pairings) -> Napi::Value {
        auto out = Napi::Uint8Array::New(env, pairings.size() * 2);
        std::uint8_t* to = out.Data();
        for (const Pairing& pairing : pairings) {
          *to++ = pairing.probe;
          *to++ = pairing.candidate;
        }
        return out;
      });
}

}  // namespace

void expose_comparison(Napi::Env env, Napi::Object exports) {
  exports.Set("searchFingers", Napi::Function::New<search_fingers>(env, "searchFingers"));
  exports.Set("weighFingers", Napi::Function::New<weigh_fingers>(env, "weighFingers"));
  exports.Set("explainFingers", Napi::Function::New<explain_fingers>(env, "explainFingers"));
}

}  // namespace limen
