#include "binding_faces.h"

#include <algorithm>

#include "binding_gallery_calls.h"
#include "face_gallery.h"
#include "face_snapshot.h"

namespace limen {
namespace {

using Hits = std::vector<FaceHit>;

// Copies: the caller may change its buffers while the work runs.
std::vector<float> values_of(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) return {};
  const auto array = value.As<Napi::Float32Array>();
  if (array.ElementLength() == 0) return {};
  return {array.Data(), array.Data() + array.ElementLength()};
}

// An array of {id, values}; what is not of that shape comes out malformed.
std::vector<GalleryFace> faces_of(const Napi::Value& value) {
  if (!value.IsArray()) return {GalleryFace{}};
  std::vector<GalleryFace> out;
  const auto list = value.As<Napi::Array>();
  out.reserve(list.Length());
  for (std::uint32_t i = 0; i < list.Length(); i++) {
    const Napi::HandleScope scope(list.Env());
    const Napi::Value entry = list.Get(i);
    if (!entry.IsObject()) return {GalleryFace{}};
    const auto face = entry.As<Napi::Object>();
    out.push_back({text_of(face.Get("id")), values_of(face.Get("values"))});
  }
  return out;
}

class Faces : public Napi::ObjectWrap<Faces> {
 public:
  static void expose(Napi::Env env, Napi::Object exports) {
    exports.Set("FaceGallery",
                DefineClass(env, "FaceGallery",
                            {InstanceMethod<&Faces::add>("add"), InstanceMethod<&Faces::replace>("replace"), InstanceMethod<&Faces::remove>("remove"),
                             InstanceMethod<&Faces::search>("search"), InstanceMethod<&Faces::size>("size"), InstanceMethod<&Faces::save>("save"),
                             InstanceMethod<&Faces::load>("load"), InstanceMethod<&Faces::read_limit>("readLimit"),
                             InstanceMethod<&Faces::close>("close")}));
  }

  // new FaceGallery(values)
  explicit Faces(const Napi::CallbackInfo& info)
      : ObjectWrap(info), gallery_(std::make_shared<FaceGallery>(std::max(1, whole(info[0], kMaxFaceValues)))) {}
  ~Faces() override { gallery_->close(); }

 private:
  // add([{id, values}]): Promise<void>
  Napi::Value add(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_, faces = faces_of(info[0])](Nothing&) { return gallery->add(faces) ? nullptr : kTemplateMalformed; };
    return Apart<Nothing>::start(info.Env(), std::move(compute), undefined_to);
  }

  // replace(id, [{id, values}]): Promise<void>
  Napi::Value replace(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_, id = text_of(info[0]), faces = faces_of(info[1])](Nothing&) {
      return gallery->replace(id, faces) ? nullptr : kTemplateMalformed;
    };
    return Apart<Nothing>::start(info.Env(), std::move(compute), undefined_to);
  }

  // remove(id): Promise<number>, how many faces went
  Napi::Value remove(const Napi::CallbackInfo& info) {
    return remove_from(info.Env(), gallery_, text_of(info[0]));
  }

  // search(values, k): {found: Promise<{id, score}[]>, cancel()}
  Napi::Value search(const Napi::CallbackInfo& info) {
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    const auto k = static_cast<std::size_t>(std::clamp(whole(info[1], 1 << 30), 0, 1000));
    auto compute = [gallery = gallery_, values = values_of(info[0]), k, cancelled](Hits& hits) -> const char* {
      const auto probe = face_bytes(values, gallery->values());
      if (!probe) return kTemplateMalformed;
      const auto state = gallery->state();
      auto found = search_faces(*state, *probe, k, [&] { return *cancelled || gallery->closed(); });
      if (!found) return kCancelled;
      hits = std::move(*found);
      return nullptr;
    };
    const double square = static_cast<double>(face_steps(gallery_->values())) * face_steps(gallery_->values());
    auto out = Napi::Object::New(info.Env());
    out.Set("found", Apart<Hits>::start(info.Env(), std::move(compute), [square](Napi::Env env, Hits& hits) -> Napi::Value {
      auto list = Napi::Array::New(env, hits.size());
      for (std::uint32_t i = 0; i < hits.size(); i++) {
        auto hit = Napi::Object::New(env);
        hit.Set("id", hits[i].id);
        hit.Set("score", hits[i].product / square);
        list.Set(i, hit);
      }
      return list;
    }));
    out.Set("cancel", Napi::Function::New(info.Env(), [cancelled](const Napi::CallbackInfo&) { *cancelled = true; }));
    return out;
  }

  Napi::Value size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(count_faces(*gallery_->state()))); }

  // save(model): () => Promise<Uint8Array>, part by part, empty at the end; of the gallery as it is now
  Napi::Value save(const Napi::CallbackInfo& info) {
    return save_parts(info.Env(), gallery_->state(), [model = text_of(info[0]), values = gallery_->values()](const FaceState& state) { return snapshot_header(state, values, model); });
  }

  // load(model): (bytes?) => Promise<void>; each call takes a piece, one after another, and the last, without, puts what came in place
  Napi::Value load(const Napi::CallbackInfo& info) {
    return load_parts(info.Env(), gallery_, std::make_shared<FaceSnapshotReader>(gallery_->values(), text_of(info[0])));
  }

  // readLimit(): Promise<number>, milliseconds that reading all vectors takes
  Napi::Value read_limit(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_](double& ms) -> const char* {
      ms = read_faces(*gallery->state());
      return nullptr;
    };
    return Apart<double>::start(info.Env(), std::move(compute), number_to);
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    gallery_->close();
    return info.Env().Undefined();
  }

  std::shared_ptr<FaceGallery> gallery_;
};

}  // namespace

void expose_faces(Napi::Env env, Napi::Object exports) { Faces::expose(env, exports); }

}  // namespace limen
