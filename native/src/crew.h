#pragma once
#include <cstddef>
#include <functional>

namespace limen {

// Runs a job on a thread of the gallery's own, apart from Node's pool; jobs wait their turn when all are at work.
void run_apart(std::function<void()> job);

// Calls body(begin, end) for chunks of [0, count) on this thread and, as far as some are free, on the others. Returns when
// all is done; a chunk is begun only while `stop` says no.
void share_out(std::size_t count, std::size_t chunk, const std::function<void(std::size_t, std::size_t)>& body,
               const std::function<bool()>& stop);

}  // namespace limen
