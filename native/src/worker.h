#pragma once
#include <napi.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace limen {

// Runs a computation on a thread of the pool and settles a promise: with what it gave, or, when it gave nothing, with
// an Error whose `code` says what was wrong with the input.
template <class Result>
class Worker : public Napi::AsyncWorker {
 public:
  using Compute = std::function<std::optional<Result>()>;
  using Deliver = std::function<Napi::Value(Napi::Env, Result&)>;

  static Napi::Value start(Napi::Env env, const char* fault, Compute compute, Deliver deliver) {
    auto* worker = new Worker(env, fault, std::move(compute), std::move(deliver));
    const Napi::Promise promise = worker->deferred_.Promise();
    worker->Queue();
    return promise;
  }

 protected:
  void Execute() override {
    try {
      result_ = compute_();
    } catch (const std::exception&) {
      fault_ = "internal";
    }
  }

  void OnOK() override {
    const Napi::Env env = Env();
    const Napi::HandleScope scope(env);
    if (result_) {
      deferred_.Resolve(deliver_(env, *result_));
      return;
    }
    Napi::Error error = Napi::Error::New(env, fault_);
    error.Set("code", Napi::String::New(env, fault_));
    deferred_.Reject(error.Value());
  }

 private:
  Worker(Napi::Env env, const char* fault, Compute compute, Deliver deliver)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        fault_(fault),
        compute_(std::move(compute)),
        deliver_(std::move(deliver)) {}

  Napi::Promise::Deferred deferred_;
  std::string fault_;
  Compute compute_;
  Deliver deliver_;
  std::optional<Result> result_;
};

}  // namespace limen
