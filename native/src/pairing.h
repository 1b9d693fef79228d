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

// How far the edge between each two pairs is the same in both prints.
struct Edges {
  std::vector<float> columns;
  std::vector<float> with;  // a row of `stride` for each pair
  std::size_t stride = 0;
  PairColumns view() const;
};
void compare_edges(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate, Edges& into);

// How far each pair agrees with the others: it grows with the support of the pairs that agree with it (spectral matching,
// Leordeanu and Hebert 2005).
void support_pairs(const std::vector<Pair>& pairs, const Edges& edges, std::vector<float>& support);

}  // namespace limen
