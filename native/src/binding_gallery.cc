#include <algorithm>

#include "binding_gallery_calls.h"
#include "binding_gallery.h"
#include "gallery_limits.h"
#include "gallery_search.h"
#include "gallery_snapshot.h"
#include "record.h"

namespace limen {
namespace {

constexpr int kMostHits = 1 << 30;

// An array of {id, position, record}; what is not of that shape comes out malformed.
std::vector<GalleryFinger> fingers_of(const Napi::Value& value) {
  std::vector<GalleryFinger> out;
  if (!value.IsArray()) return {GalleryFinger{}};
  const auto list = value.As<Napi::Array>();
  out.reserve(list.Length());
  for (std::uint32_t i = 0; i < list.Length(); i++) {
    const Napi::HandleScope scope(list.Env());
    const Napi::Value entry = list.Get(i);
    if (!entry.IsObject()) return {GalleryFinger{}};
    const auto finger = entry.As<Napi::Object>();
    out.push_back({text_of(finger.Get("id")), whole(finger.Get("position")), bytes_of(finger.Get("record"))});
  }
  return out;
}

Napi::Value found_to(Napi::Env env, GalleryFound& found) {
  auto hits = Napi::Array::New(env, found.hits.size());
  for (std::uint32_t i = 0; i < found.hits.size(); i++) {
    const Napi::HandleScope scope(env);
    auto hit = Napi::Object::New(env);
    hit.Set("id", found.hits[i].id);
    hit.Set("score", found.hits[i].score);
    hits.Set(i, hit);
  }
  auto out = Napi::Object::New(env);
  out.Set("hits", hits);
  out.Set("scanMs", found.scan_ms);
  out.Set("voteMs", found.vote_ms);
  out.Set("exactMs", found.exact_ms);
  return out;
}

class FingerGallery : public Napi::ObjectWrap<FingerGallery> {
 public:
  static void expose(Napi::Env env, Napi::Object exports) {
    exports.Set("FingerGallery", DefineClass(env, "FingerGallery",
                                             {InstanceMethod<&FingerGallery::add>("add"), InstanceMethod<&FingerGallery::replace>("replace"),
                                              InstanceMethod<&FingerGallery::remove>("remove"), InstanceMethod<&FingerGallery::search_for>("search"),
                                              InstanceMethod<&FingerGallery::size>("size"), InstanceMethod<&FingerGallery::bytes>("bytes"),
                                              InstanceMethod<&FingerGallery::save>("save"), InstanceMethod<&FingerGallery::load>("load"),
                                              InstanceMethod<&FingerGallery::limits>("limits"), InstanceMethod<&FingerGallery::close>("close")}));
  }

  explicit FingerGallery(const Napi::CallbackInfo& info) : ObjectWrap(info), gallery_(std::make_shared<Gallery>()) {}
  ~FingerGallery() override { gallery_->close(); }

 private:
  // add([{id, position, record}]): Promise<void>
  Napi::Value add(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_, fingers = fingers_of(info[0])](Nothing&) { return gallery->add(fingers) ? nullptr : kTemplateMalformed; };
    return Apart<Nothing>::start(info.Env(), std::move(compute), undefined_to);
  }

  // replace(id, [{id, position, record}]): Promise<void>
  Napi::Value replace(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_, id = text_of(info[0]), fingers = fingers_of(info[1])](Nothing&) {
      return gallery->replace(id, fingers) ? nullptr : kTemplateMalformed;
    };
    return Apart<Nothing>::start(info.Env(), std::move(compute), undefined_to);
  }

  // remove(id): Promise<number>, how many fingers went
  Napi::Value remove(const Napi::CallbackInfo& info) {
    return remove_from(info.Env(), gallery_, text_of(info[0]));
  }

  // search([{position, record}], k): {found: Promise<{hits, scanMs, voteMs, exactMs}>, cancel()}
  Napi::Value search_for(const Napi::CallbackInfo& info) {
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    const int k = whole(info[1], kMostHits);
    auto compute = [gallery = gallery_, state = gallery_->state(), given = fingers_of(info[0]), k, cancelled](GalleryFound& found) -> const char* {
      std::vector<GalleryProbe> probes;
      for (const GalleryFinger& finger : given) {
        auto features = read_record(finger.record.data(), finger.record.size());
        if (!features || finger.position < 0 || finger.position > 10) return kTemplateMalformed;
        probes.push_back({std::move(*features), finger.position});
      }
      if (probes.empty()) return kTemplateMalformed;
      auto result = search(*state, probes, static_cast<std::size_t>(std::max(k, 0)), [&] { return *cancelled || gallery->closed(); });
      if (!result) return kCancelled;
      found = std::move(*result);
      return nullptr;
    };
    auto out = Napi::Object::New(info.Env());
    out.Set("found", Apart<GalleryFound>::start(info.Env(), std::move(compute), found_to));
    out.Set("cancel", Napi::Function::New(info.Env(), [cancelled](const Napi::CallbackInfo&) { *cancelled = true; }));
    return out;
  }

  Napi::Value size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(count_fingers(*gallery_->state()))); }

  Napi::Value bytes(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(count_bytes(*gallery_->state()))); }

  // save(model): () => Promise<Uint8Array>, part by part, empty at the end; of the gallery as it is now
  Napi::Value save(const Napi::CallbackInfo& info) {
    return save_parts(info.Env(), gallery_->state(), [model = text_of(info[0])](const GalleryState& state) { return snapshot_header(state, model); });
  }

  // load(model): (bytes?) => Promise<void>; each call takes a piece, one after another, and the last, without, puts what came in place
  Napi::Value load(const Napi::CallbackInfo& info) {
    return load_parts(info.Env(), gallery_, std::make_shared<FingerSnapshotReader>(text_of(info[0])));
  }

  // limits(record): Promise<{bitsMs, readMs}>, what a search by this record cannot beat (gallery_limits.h)
  Napi::Value limits(const Napi::CallbackInfo& info) {
    auto compute = [gallery = gallery_, record = bytes_of(info[0])](GalleryLimits& out) -> const char* {
      const auto features = read_record(record.data(), record.size());
      if (!features) return kTemplateMalformed;
      out = measure_limits(*gallery->state(), *features);
      return nullptr;
    };
    return Apart<GalleryLimits>::start(info.Env(), std::move(compute), [](Napi::Env env, GalleryLimits& found) -> Napi::Value {
      auto out = Napi::Object::New(env);
      out.Set("bitsMs", found.bits_ms);
      out.Set("readMs", found.read_ms);
      out.Set("minutiae", found.minutiae);
      return out;
    });
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    gallery_->close();
    return info.Env().Undefined();
  }

  std::shared_ptr<Gallery> gallery_;
};

}  // namespace

void expose_gallery(Napi::Env env, Napi::Object exports) {
  FingerGallery::expose(env, exports);
}

}  // namespace limen
