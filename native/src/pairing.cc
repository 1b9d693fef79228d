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
    std::uint8_t floor = kMinLikeness;
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

void agree(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate, Agreement& into) {
  constexpr std::size_t kLanes = 16, kColumns = 7;
  const std::size_t count = pairs.size(), stride = (count + kLanes - 1) / kLanes * kLanes;
  into.stride = stride;
  into.columns.assign(kColumns * stride, 0);
  into.with.resize(count * stride);
  into.support.assign(2 * stride, 0);
  float* columns = into.columns.data();
  for (std::size_t i = 0; i < count; i++) {
    const Pair& pair = pairs[i];
    const auto rotation = static_cast<std::int8_t>(candidate.angles[pair.candidate] - probe.angles[pair.probe]);
    const Heading heading = heading_of(static_cast<std::uint8_t>(rotation));
    const float values[kColumns] = {probe.x[pair.probe],         probe.y[pair.probe],  candidate.x[pair.candidate], candidate.y[pair.candidate],
                                    static_cast<float>(rotation), heading.cosine, heading.sine};
    for (std::size_t column = 0; column < kColumns; column++) columns[column * stride + i] = values[column];
    into.support[i] = pair.alike;
  }
  agree_pairs()({columns, columns + stride, columns + 2 * stride, columns + 3 * stride, columns + 4 * stride, columns + 5 * stride,
                 columns + 6 * stride, stride},
                count, into.with.data());
  float* support = into.support.data();
  float* next = support + stride;
  for (int round = 0; round < kSupportRounds; round++) {
    pass_support()(into.with.data(), stride, count, support, next);
    float largest = 1e-6f;
    for (std::size_t i = 0; i < count; i++) {
      next[i] *= pairs[i].alike;
      largest = std::max(largest, next[i]);
    }
    for (std::size_t i = 0; i < count; i++) support[i] = next[i] / largest;
  }
}

}  // namespace limen
