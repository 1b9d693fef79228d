#include "crew.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace limen {
namespace {

// Never ended: the threads wait for jobs until the process goes.
class Crew {
 public:
  Crew() {
    // One more than cores, so that an update does not wait for a search.
    for (unsigned i = 0; i < cores() + 1; i++) std::thread([this] { work(); }).detach();
  }
  static unsigned cores() { return std::clamp(std::thread::hardware_concurrency(), 1u, 64u); }

  void post(std::function<void()> job, bool first) {
    {
      const std::lock_guard lock(mutex_);
      if (first) jobs_.push_front(std::move(job));
      else jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
};

Crew& crew() {
  static auto* all = new Crew;
  return *all;
}

// Outlives the call: a helper that comes late finds nothing left to do.
struct Shared {
  std::mutex mutex;
  std::condition_variable idle;
  std::size_t next = 0, count = 0, chunk = 1;
  int at_work = 0;
  const std::function<void(std::size_t, std::size_t)>* body = nullptr;
  const std::function<bool()>* stop = nullptr;
  std::exception_ptr failure;

  void help() {
    std::unique_lock lock(mutex);
    at_work++;
    while (next < count && !failure && !(*stop)()) {
      const std::size_t begin = next;
      next = std::min(count, begin + chunk);
      const std::size_t end = next;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        (*body)(begin, end);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      if (thrown) failure = thrown;
    }
    next = count;
    if (--at_work == 0) idle.notify_all();
  }
};

}  // namespace

void run_apart(std::function<void()> job) { crew().post(std::move(job), false); }

void share_out(std::size_t count, std::size_t chunk, const std::function<void(std::size_t, std::size_t)>& body,
               const std::function<bool()>& stop) {
  const auto shared = std::make_shared<Shared>();
  shared->count = count;
  shared->chunk = chunk;
  shared->body = &body;
  shared->stop = &stop;
  const std::size_t helpers = std::min<std::size_t>(Crew::cores() - 1, (count + chunk - 1) / std::max<std::size_t>(chunk, 1));
  for (std::size_t i = 0; i < helpers && count > chunk; i++) {
    crew().post([shared] {
      {
        const std::lock_guard lock(shared->mutex);
        if (shared->next >= shared->count) return;  // body and stop may be gone
      }
      shared->help();
    }, true);
  }
  shared->help();
  std::unique_lock lock(shared->mutex);
  shared->idle.wait(lock, [&] { return shared->at_work == 0; });
  if (shared->failure) std::rethrow_exception(shared->failure);
}

}  // namespace limen
