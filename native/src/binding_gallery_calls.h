#pragma once
#include <variant>

#include "apart.h"
#include "binding.h"
#include "gallery.h"
#include "snapshot.h"

namespace limen {

inline constexpr const char* kIncomparable = "template.incomparable";
inline constexpr const char* kCancelled = "capture.cancelled";

using Nothing = std::monostate;

// What a promise is settled with.
inline Napi::Value undefined_to(Napi::Env env, Nothing&) { return env.Undefined(); }
inline Napi::Value number_to(Napi::Env env, double& number) { return Napi::Number::New(env, number); }
inline Napi::Value bytes_to(Napi::Env env, Bytes& bytes) {
  auto out = array_of(env, bytes);
  wipe(bytes.data(), bytes.size());
  return out;
}

// Promise<number>, how many entries of an id went
template <class Gallery>
Napi::Value remove_from(Napi::Env env, std::shared_ptr<Gallery> gallery, std::string id) {
  auto compute = [gallery, id = std::move(id)](double& dropped) -> const char* {
    dropped = static_cast<double>(gallery->remove(id));
    return nullptr;
  };
  return Apart<double>::start(env, std::move(compute), number_to);
}

// () => Promise<Uint8Array>, part by part, empty at the end; of the state given, whose header is made by `header`
template <class State, class Header>
Napi::Value save_parts(Napi::Env env, std::shared_ptr<const State> state, Header header) {
  const auto next = std::make_shared<std::size_t>(0);
  return Napi::Function::New(env, [state, header, next](const Napi::CallbackInfo& call) -> Napi::Value {
    auto compute = [state, header, part = (*next)++](Bytes& out) -> const char* {
      if (part == 0) out = header(*state);
      else if (part <= state->size()) out = snapshot_segment(*(*state)[part - 1]);
      return nullptr;
    };
    return Apart<Bytes>::start(call.Env(), std::move(compute), bytes_to);
  });
}

// (bytes?) => Promise<void>; each call takes a piece, one after another, and the last, without, puts what came in place
template <class Gallery, class Reader>
Napi::Value load_parts(Napi::Env env, std::shared_ptr<Gallery> gallery, std::shared_ptr<Reader> reader) {
  return Napi::Function::New(env, [gallery, reader](const Napi::CallbackInfo& call) -> Napi::Value {
    const bool last = call[0].IsUndefined();
    auto compute = [gallery, reader, last, piece = bytes_of(call[0])](Nothing&) mutable -> const char* {
      if (last) {
        auto state = reader->finish();
        if (!state) return kTemplateMalformed;
        gallery->set(std::move(state));
        return nullptr;
      }
      const auto verdict = reader->push(piece.data(), piece.size());
      wipe(piece.data(), piece.size());
      if (verdict == SnapshotReader::Verdict::good) return nullptr;
      return verdict == SnapshotReader::Verdict::incomparable ? kIncomparable : kTemplateMalformed;
    };
    return Apart<Nothing>::start(call.Env(), std::move(compute), undefined_to);
  });
}

}  // namespace limen
