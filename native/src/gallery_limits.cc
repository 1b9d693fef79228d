#include "gallery_limits.h"

#include <chrono>

#include "crew.h"
#include "gallery_vote.h"

namespace limen {
namespace {

template <class Work>
double time_ms(const GalleryState& state, Work work) {
  const auto started = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> sum{0};  // or the compiler would leave it out
  share_out(state.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; s++) sum += work(reinterpret_cast<const std::uint8_t*>(state[s]->sketches()), state[s]->size());
  }, [] { return false; });
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace

GalleryLimits measure_limits(const GalleryState& state, const Template& features) {
  const SketchProbe probe(sketch(features, SketchSide::probe));
  GalleryLimits out;
  out.minutiae = probe.sketch.count;
  out.bits_ms = time_ms(state, [&](const std::uint8_t* sketches, std::size_t count) {
    return count_bits()(probe.scan(), sketches, static_cast<int>(count));
  });
  out.read_ms = time_ms(state, [](const std::uint8_t* sketches, std::size_t count) { return read_bytes()(sketches, count * sizeof(GallerySketch)); });
  return out;
}

}  // namespace limen
