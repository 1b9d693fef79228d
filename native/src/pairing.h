#pragma once
#include <vector>
#include "prepared.h"

namespace limen {

// A probe minutia that may be a candidate's.
struct Pair {
  std::uint8_t probe, candidate;
  std::uint8_t alike;  // their surroundings, of 255
};

// How alike the surroundings of all minutiae are: of 255, a row of `stride` for each of the probe's.
struct Likeness {
  std::vector<std::uint8_t> values;
  std::size_t stride = 0;
  std::uint8_t at(std::size_t probe, std::size_t candidate) const { return values[probe * stride + candidate]; }
};
void compare_all(const Prepared& probe, const Prepared& candidate, Likeness& into);

// Pairs whose surroundings are alike, the best few of each probe minutia.
void likely_pairs(const Prepared& probe, const Prepared& candidate, const Likeness& alike, std::vector<Pair>& into);

// How far each pair agrees with the others about distance and direction: support[i] grows with the support of the pairs
// that agree with it (spectral matching, Leordeanu and Hebert 2005). Beside it, who agrees with whom.
struct Agreement {
  std::vector<float> with;  // a row of `stride` for each pair
  std::vector<float> support;
  std::vector<float> columns;
  std::size_t stride = 0;
  const float* row(std::size_t pair) const { return with.data() + pair * stride; }
};
void agree(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate, Agreement& into);

}  // namespace limen
