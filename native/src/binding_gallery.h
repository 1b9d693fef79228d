#pragma once
#include <napi.h>

namespace limen {

// Adds the class FingerGallery and what its tests and benches need.
void expose_gallery(Napi::Env env, Napi::Object exports);

}  // namespace limen
