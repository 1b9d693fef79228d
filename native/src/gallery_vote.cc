#include "gallery_vote.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace limen {

using namespace parameters;

SketchProbe::SketchProbe(const GallerySketch& from) : sketch(from) {
  for (std::size_t i = 0; i < from.count; i++)
    for (std::size_t word = 0; word < kSketchWords; word++) words[kSketchWords * i + word] = from.words[word * kGallerySketches + i];
}

namespace {

struct SketchPair {
  float alike, px, py, cx, cy, cosine, sine;
  int probe, candidate, rotation;
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

SketchPair pair_of(const GallerySketch& probe, std::size_t p, const GallerySketch& candidate, std::size_t c, int apart) {
  const auto place = [](std::uint8_t at, std::uint8_t unit) { return static_cast<float>(at * unit); };
  const auto rotation = static_cast<std::uint8_t>(candidate.angle[c] - probe.angle[p]);
  return {static_cast<float>(kScanDistance - apart),
          place(probe.x[p], probe.unit),
          place(probe.y[p], probe.unit),
          place(candidate.x[c], candidate.unit),
          place(candidate.y[c], candidate.unit),
          circle().cosine[rotation],
          circle().sine[rotation],
          static_cast<int>(p),
          static_cast<int>(c),
          rotation};
}

int best_pairs(const SketchProbe& probe, const GallerySketch& candidate, std::array<SketchPair, kVotePairs>& into) {
  std::array<std::uint8_t, kGallerySketches> nearest, apart;
  nearest_sketches()(probe.scan(), reinterpret_cast<const std::uint8_t*>(&candidate), nearest.data(), apart.data());
  std::array<int, kGallerySketches> keys;
  int count = 0;
  for (int lane = 0; lane < candidate.count; lane++)
    if (apart[static_cast<std::size_t>(lane)] < kScanDistance) keys[static_cast<std::size_t>(count++)] = apart[static_cast<std::size_t>(lane)] << 8 | lane;
  const int kept = std::min(count, kVotePairs);
  std::partial_sort(keys.begin(), keys.begin() + kept, keys.begin() + count);
  for (int k = 0; k < kept; k++) {
    const auto c = static_cast<std::size_t>(keys[static_cast<std::size_t>(k)] & 255);
    into[static_cast<std::size_t>(k)] = pair_of(probe.sketch, nearest[c], candidate, c, apart[c]);
  }
  return kept;
}

// The two nearest minutiae of the probe for each of the candidate, the best of all those pairs.
std::size_t more_pairs(const SketchProbe& probe, const GallerySketch& candidate, std::array<SketchPair, kRevotePairs>& into) {
  constexpr std::uint32_t kNone = ~0u;
  std::array<std::uint32_t, 2 * kGallerySketches> keys;  // bits apart, lane, minutia of the probe
  std::size_t count = 0;
  for (std::size_t c = 0; c < candidate.count; c++) {
    std::uint32_t best = kNone, next = kNone;
    for (std::size_t p = 0; p < probe.sketch.count; p++) {
      if (std::abs(static_cast<std::int8_t>(candidate.angle[c] - probe.sketch.angle[p])) > kScanRotation) continue;
      const int apart = std::popcount(probe.words[kSketchWords * p] ^ candidate.words[c]) +
                        std::popcount(probe.words[kSketchWords * p + 1] ^ candidate.words[kGallerySketches + c]);
      if (apart >= kScanDistance) continue;
      const auto key = static_cast<std::uint32_t>(apart) << 16 | static_cast<std::uint32_t>(c) << 8 | static_cast<std::uint32_t>(p);
      next = std::min(next, std::max(best, key));
      best = std::min(best, key);
    }
    if (best != kNone) keys[count++] = best;
    if (next != kNone) keys[count++] = next;
  }
  const std::size_t kept = std::min<std::size_t>(count, kRevotePairs);
  std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(kept), keys.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t k = 0; k < kept; k++) into[k] = pair_of(probe.sketch, keys[k] & 255, candidate, keys[k] >> 8 & 255, static_cast<int>(keys[k] >> 16));
  return kept;
}

float agreement(const SketchPair& a, const SketchPair& b) {
  if (a.probe == b.probe || a.candidate == b.candidate) return 0;
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
  std::array<SketchPair, kVotePairs> pairs;
  const int count = best_pairs(probe, candidate, pairs);
  float sum = 0;
  for (int i = 0; i < count; i++) {
    const SketchPair& a = pairs[static_cast<std::size_t>(i)];
    sum += a.alike * a.alike;
    for (int j = i + 1; j < count; j++) {
      const SketchPair& b = pairs[static_cast<std::size_t>(j)];
      sum += 2 * a.alike * b.alike * agreement(a, b);
    }
  }
  return sum;
}

float revote(const SketchProbe& probe, const GallerySketch& candidate) {
  std::array<SketchPair, kRevotePairs> pairs;
  const std::size_t count = more_pairs(probe, candidate, pairs);
  std::array<std::array<float, kRevotePairs>, kRevotePairs> agree;
  std::array<float, kRevotePairs> support{};
  for (std::size_t i = 0; i < count; i++) {
    for (std::size_t j = i + 1; j < count; j++) {
      const float found = agree[i][j] = agree[j][i] = agreement(pairs[i], pairs[j]);
      support[i] += pairs[j].alike * found;
      support[j] += pairs[i].alike * found;
    }
  }
  std::array<std::size_t, kRevotePairs> order;
  for (std::size_t i = 0; i < count; i++) {
    order[i] = i;
    support[i] *= pairs[i].alike;
  }
  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
            [&](std::size_t a, std::size_t b) { return support[a] != support[b] ? support[a] > support[b] : a < b; });
  // The best supported pair and those that agree with it, one to one.
  std::uint64_t probes = 0, candidates = 0;
  std::size_t members = 0;
  float sum = 0;
  for (std::size_t k = 0; k < count; k++) {
    const std::size_t i = order[k];
    const std::uint64_t p = std::uint64_t{1} << pairs[i].probe, c = std::uint64_t{1} << pairs[i].candidate;
    if (k > 0 && (agree[order[0]][i] <= 0 || probes & p || candidates & c)) continue;
    for (std::size_t m = 0; m < members; m++) sum += pairs[i].alike * pairs[order[m]].alike * agree[i][order[m]];
    order[members++] = i;  // members come before what is still to be looked at
    probes |= p;
    candidates |= c;
  }
  return sum;
}

}  // namespace limen
