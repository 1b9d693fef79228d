#include "pairing.h"

#include <array>
#include <algorithm>
#include <cstdlib>

#include "angle.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

void compare_all(const Prepared& probe, const Prepared& candidate, Likeness& into) {
  const Surroundings ours = probe.descriptors.view(), theirs = candidate.descriptors.view();
  into.stride = theirs.stride;
  into.values.resize(ours.count * theirs.stride);
  compare_surroundings()(ours, theirs, into.values.data());
}

void likely_pairs(const Prepared& probe, const Prepared& candidate, const Likeness& alike, std::vector<Pair>& into) {
  static_assert(kCandidatesPerMinutia > 0 && kMaxCandidates > 0);
  thread_local std::vector<Pair> all;
  all.clear();
  std::array<int, 257> fewer{};  // how many pairs there are of each likeness, then of more than it
  for (std::size_t i = 0; i < probe.minutiae.size(); i++) {
    std::array<Pair, kCandidatesPerMinutia> best;
    int kept = 0;
    const std::uint8_t* row = alike.values.data() + i * alike.stride;
    std::uint8_t floor = kMinSurroundings;
    for (std::size_t j = 0; j < candidate.minutiae.size(); j++) {
      if (row[j] < floor) continue;
      const int rotation = static_cast<std::int8_t>(candidate.angles[j] - probe.angles[i]);
      if (std::abs(rotation) > kMaxRotation) continue;
      int at = kept < kCandidatesPerMinutia ? kept++ : kCandidatesPerMinutia - 1;
      for (; at > 0 && best[static_cast<std::size_t>(at) - 1].alike < row[j]; at--) best[static_cast<std::size_t>(at)] = best[static_cast<std::size_t>(at) - 1];
      best[static_cast<std::size_t>(at)] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j), row[j]};
      if (kept == kCandidatesPerMinutia) floor = static_cast<std::uint8_t>(best.back().alike + 1 - (best.back().alike == 255));
    }
    for (int k = 0; k < kept; k++) {
      all.push_back(best[static_cast<std::size_t>(k)]);
      fewer[best[static_cast<std::size_t>(k)].alike]++;
    }
  }
  // The best of all, by counting.
  for (int value = 254; value >= 0; value--) fewer[static_cast<std::size_t>(value)] += fewer[static_cast<std::size_t>(value) + 1];
  const int total = fewer[0], kept = std::min(total, kMaxCandidates);
  into.resize(static_cast<std::size_t>(total));
  std::array<int, 256> next{};
  for (std::size_t value = 0; value < 256; value++) next[value] = fewer[value + 1];
  for (const Pair& pair : all) into[static_cast<std::size_t>(next[pair.alike]++)] = pair;
  into.resize(static_cast<std::size_t>(kept));
}

PairColumns Edges::view() const {
  const float* at = columns.data();
  return {at, at + stride, at + 2 * stride, at + 3 * stride, at + 4 * stride, at + 5 * stride, at + 6 * stride, stride};
}

void compare_edges(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate, Edges& into) {
  constexpr std::size_t kLanes = 16, kColumns = 7;
  const std::size_t stride = (pairs.size() + kLanes - 1) / kLanes * kLanes;
  into.stride = stride;
  into.columns.assign(kColumns * stride, 0);
  into.with.resize(pairs.size() * stride);
  for (std::size_t i = 0; i < pairs.size(); i++) {
    const std::size_t ours = pairs[i].probe, theirs = pairs[i].candidate;
    const auto rotation = static_cast<std::int8_t>(candidate.angles[theirs] - probe.angles[ours]);
    const Heading heading = heading_of(static_cast<std::uint8_t>(rotation));
    const float values[kColumns] = {probe.x[ours], probe.y[ours], candidate.x[theirs], candidate.y[theirs], static_cast<float>(rotation),
                                    heading.cosine, heading.sine};
    for (std::size_t column = 0; column < kColumns; column++) into.columns[column * stride + i] = values[column];
  }
  agree_pairs()(into.view(), pairs.size(), into.with.data());
}

void support_pairs(const std::vector<Pair>& pairs, const Edges& edges, std::vector<float>& support) {
  const std::size_t count = pairs.size();
  thread_local std::vector<float> next;
  next.resize(edges.stride);
  support.assign(edges.stride, 0);
  for (std::size_t i = 0; i < count; i++) support[i] = pairs[i].alike;
  for (int round = 0; round < kSupportRounds; round++) {
    pass_support()(edges.with.data(), edges.stride, count, support.data(), next.data());
    float largest = 1e-6f;
    for (std::size_t i = 0; i < count; i++) {
      next[i] *= pairs[i].alike;
      largest = std::max(largest, next[i]);
    }
    for (std::size_t i = 0; i < count; i++) support[i] = next[i] / largest;
  }
}

}  // namespace limen
