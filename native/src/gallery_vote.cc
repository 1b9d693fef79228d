#include "gallery_vote.h"

#include <algorithm>
#include <cmath>

namespace limen {

using namespace parameters;

SketchProbe::SketchProbe(const GallerySketch& from) : sketch(from) {
  for (std::size_t i = 0; i < from.count; i++)
    for (std::size_t word = 0; word < kSketchWords; word++) words[kSketchWords * i + word] = from.words[word * kGallerySketches + i];
}

namespace {

struct Pair {
  float alike, px, py, cx, cy, cosine, sine;
  int probe, rotation;
};

struct Circle {
  std::array<float, 256> cosine, sine;
  Circle() {
    for (std::size_t i = 0; i < 256; i++) {
      cosine[i] = std::cos(static_cast<float>(i) * kPi / 128);
      sine[i] = std::sin(static_cast<float>(i) * kPi / 128);
    }
  }
};

const Circle& circle() {
  static const Circle all;
  return all;
}

int best_pairs(const SketchProbe& probe, const GallerySketch& candidate, std::array<Pair, kVotePairs>& into) {
  std::array<std::uint8_t, kGallerySketches> nearest, apart;
  nearest_sketches()(probe.scan(), reinterpret_cast<const std::uint8_t*>(&candidate), nearest.data(), apart.data());
  std::array<int, kGallerySketches> keys;
  int count = 0;
  for (int lane = 0; lane < candidate.count; lane++)
    if (apart[static_cast<std::size_t>(lane)] < kScanDistance) keys[static_cast<std::size_t>(count++)] = apart[static_cast<std::size_t>(lane)] << 8 | lane;
  const int kept = std::min(count, kVotePairs);
  std::partial_sort(keys.begin(), keys.begin() + kept, keys.begin() + count);
  const auto place = [](std::uint8_t at, std::uint8_t unit) { return static_cast<float>(at * unit); };
  for (int k = 0; k < kept; k++) {
    const auto c = static_cast<std::size_t>(keys[static_cast<std::size_t>(k)] & 255), p = static_cast<std::size_t>(nearest[c]);
    const auto rotation = static_cast<std::uint8_t>(candidate.angle[c] - probe.sketch.angle[p]);
    into[static_cast<std::size_t>(k)] = {static_cast<float>(kScanDistance - apart[c]),
                                         place(probe.sketch.x[p], probe.sketch.unit),
                                         place(probe.sketch.y[p], probe.sketch.unit),
                                         place(candidate.x[c], candidate.unit),
                                         place(candidate.y[c], candidate.unit),
                                         circle().cosine[rotation],
                                         circle().sine[rotation],
                                         static_cast<int>(p),
                                         rotation};
  }
  return kept;
}

float agreement(const Pair& a, const Pair& b) {
  if (a.probe == b.probe) return 0;
  const int off = std::abs(static_cast<std::int8_t>(a.rotation - b.rotation));
  const float twist = static_cast<float>(off) * (kPi / 128 / kEdgeAngleTolerance);
  if (twist > 1) return 0;
  const float px = b.px - a.px, py = b.py - a.py, cx = b.cx - a.cx, cy = b.cy - a.cy;
  const float length = std::sqrt(cx * cx + cy * cy);
  const float stretch = std::abs(std::sqrt(px * px + py * py) - length) / (kVoteLengthTolerance + kVoteLengthShare * length);
  if (stretch > 1) return 0;
  float bend = 0;
  if (length > kMinEdgeLength) {
    const float cosine = a.cosine + b.cosine, sine = a.sine + b.sine;
    const float tx = cosine * px - sine * py, ty = sine * px + cosine * py;
    const float dot = tx * cx + ty * cy;
    if (dot <= 0) return 0;
    bend = std::abs(tx * cy - ty * cx) / dot / kEdgeAngleTolerance;
    if (bend > 1) return 0;
  }
  return (1 - stretch * stretch) * (1 - bend * bend) * (1 - twist * twist);
}

}  // namespace

float vote(const SketchProbe& probe, const GallerySketch& candidate) {
  std::array<Pair, kVotePairs> pairs;
  const int count = best_pairs(probe, candidate, pairs);
  float sum = 0;
  for (int i = 0; i < count; i++) {
    const Pair& a = pairs[static_cast<std::size_t>(i)];
    sum += a.alike * a.alike;
    for (int j = i + 1; j < count; j++) {
      const Pair& b = pairs[static_cast<std::size_t>(j)];
      sum += 2 * a.alike * b.alike * agreement(a, b);
    }
  }
  return sum;
}

}  // namespace limen
