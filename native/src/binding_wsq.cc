#include "binding.h"
#include "worker.h"
#include "wsq.h"

namespace limen {

namespace {

// decodeWsq(bytes: Uint8Array): Promise<{pixels, widthPx, heightPx, dpi}>
Napi::Value decode(const Napi::CallbackInfo& info) {
  auto compute = [bytes = bytes_of(info[0])] { return decode_wsq(bytes.data(), bytes.size()); };
  return Worker<WsqImage>::start(info.Env(), kImageMalformed, std::move(compute), [](Napi::Env env, WsqImage& image) -> Napi::Value {
    Napi::Object out = Napi::Object::New(env);
    out.Set("pixels", array_of(env, image.pixels));
    out.Set("widthPx", image.width);
    out.Set("heightPx", image.height);
    out.Set("dpi", image.dpi);
    return out;
  });
}

// encodeWsq(pixels: Uint8Array, widthPx, heightPx, dpi, bitsPerPixel): Promise<Uint8Array>
Napi::Value encode(const Napi::CallbackInfo& info) {
  WsqImage image{whole(info[1]), whole(info[2]), std::max(0, whole(info[3])), bytes_of(info[0])};
  const float bit_rate = info[4].IsNumber() ? info[4].As<Napi::Number>().FloatValue() : 0;
  auto compute = [image = std::move(image), bit_rate] { return encode_wsq(image, bit_rate); };
  return Worker<Bytes>::start(
      info.Env(), kImageMalformed, std::move(compute), [](Napi::Env env, Bytes& bytes) -> Napi::Value { return array_of(env, bytes); });
}

}  // namespace

void expose_wsq(Napi::Env env, Napi::Object exports) {
  exports.Set("decodeWsq", Napi::Function::New<decode>(env, "decodeWsq"));
  exports.Set("encodeWsq", Napi::Function::New<encode>(env, "encodeWsq"));
}

}  // namespace limen
