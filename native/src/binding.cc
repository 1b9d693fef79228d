#include <cstdint>

#include "binding.h"
#include "binding_faces.h"
#include "binding_gallery.h"
#include "record.h"
#include "worker.h"

namespace limen {
namespace {

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
  exports.Set("fingerMinutiae", Napi::Function::New<finger_minutiae>(env, "fingerMinutiae"));
  expose_comparison(env, exports);
  expose_extraction(env, exports);
  expose_faces(env, exports);
  expose_gallery(env, exports);
  expose_record(env, exports);
  expose_wsq(env, exports);
  return exports;
}

}  // namespace
}  // namespace limen

static Napi::Object start(Napi::Env env, Napi::Object exports) { return limen::expose(env, exports); }

NODE_API_MODULE(limen, start)
