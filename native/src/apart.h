#pragma once
#include <napi.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "crew.h"

namespace limen {

// A computation on the gallery's threads that settles a promise: with what `deliver` makes of the result, or, when
// `compute` names a fault, with an Error of that `code`.
template <class Result>
class Apart {
 public:
  using Compute = std::function<const char*(Result&)>;
  using Deliver = std::function<Napi::Value(Napi::Env, Result&)>;

  static Napi::Value start(Napi::Env env, Compute compute, Deliver deliver) {
    auto* self = new Apart(env, std::move(deliver));
    const Napi::Promise promise = self->deferred_.Promise();
    run_apart([self, compute = std::move(compute)] {
      try {
        if (const char* fault = compute(self->result_)) self->fault_ = fault;
      } catch (const std::exception&) {
        self->fault_ = "internal";
      }
      const auto back = self->back_;
      // Refused only when the environment is going; what is left then goes with the process.
      if (back.BlockingCall(self, settle) == napi_ok) back.Release();
    });
    return promise;
  }

 private:
  Apart(Napi::Env env, Deliver deliver)
      : deferred_(Napi::Promise::Deferred::New(env)),
        deliver_(std::move(deliver)),
        back_(Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}), "gallery", 0, 1)) {}

  static void settle(Napi::Env env, Napi::Function, Apart* self) {
    const std::unique_ptr<Apart> owned(self);
    if (static_cast<napi_env>(env) == nullptr) return;
    const Napi::HandleScope scope(env);
    if (self->fault_.empty()) {
      self->deferred_.Resolve(self->deliver_(env, self->result_));
      return;
    }
    Napi::Error error = Napi::Error::New(env, self->fault_);
    error.Set("code", Napi::String::New(env, self->fault_));
    self->deferred_.Reject(error.Value());
  }

  Napi::Promise::Deferred deferred_;
  Deliver deliver_;
  Napi::ThreadSafeFunction back_;
  Result result_{};
  std::string fault_;
};

}  // namespace limen
