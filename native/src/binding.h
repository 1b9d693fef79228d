#pragma once
#include <napi.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace limen {

using Bytes = std::vector<std::uint8_t>;

inline constexpr const char* kImageMalformed = "image.malformed";
inline constexpr const char* kTemplateMalformed = "template.malformed";

// A copy: the caller may change its buffer while the work runs. Empty, which nothing accepts, for what is no byte array.
inline Bytes bytes_of(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto array = value.As<Napi::TypedArray>();
  const bool bytes = array.TypedArrayType() == napi_uint8_array || array.TypedArrayType() == napi_uint8_clamped_array;
  if (!bytes) return {};
  const auto typed = value.As<Napi::Uint8Array>();
  if (typed.ByteLength() == 0) return {};
  return Bytes(typed.Data(), typed.Data() + typed.ByteLength());
}

// Empty for what is no text.
inline std::string text_of(const Napi::Value& value) { return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string(); }

// A whole number of no more than so many, or -1.
inline int whole(const Napi::Value& value, int most = 65535) {
  if (!value.IsNumber()) return -1;
  const double number = value.As<Napi::Number>().DoubleValue();
  return number >= 0 && number <= most && number == std::floor(number) ? static_cast<int>(number) : -1;
}

inline Napi::Uint8Array array_of(Napi::Env env, const Bytes& bytes) {
  auto out = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.Data());
  return out;
}

// Each puts the functions of its file on the addon's exports.
void expose_comparison(Napi::Env env, Napi::Object exports);
void expose_extraction(Napi::Env env, Napi::Object exports);
void expose_record(Napi::Env env, Napi::Object exports);
void expose_wsq(Napi::Env env, Napi::Object exports);

}  // namespace limen
