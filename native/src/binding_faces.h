#pragma once
#include <napi.h>

namespace limen {

// Adds the class FaceGallery.
void expose_faces(Napi::Env env, Napi::Object exports);

}  // namespace limen
