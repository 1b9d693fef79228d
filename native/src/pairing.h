#pragma once
#include <vector>
#include "descriptor.h"

namespace limen {

// A template made ready for comparison.
struct Prepared {
  std::vector<Minutia> minutiae;
  std::vector<Descriptor> descriptors;
  FlowSampler flow;
};

// A probe minutia that may be a candidate's, and the rotation that would make it so.
struct Pair {
  int probe = 0;
  int candidate = 0;
  float similarity = 0;
  float rotation = 0;
  float cosine = 1;
  float sine = 0;
};

// Moves the probe onto the candidate: turns about the origin, then shifts.
struct Alignment {
  float cosine = 1;
  float sine = 0;
  float dx = 0;
  float dy = 0;
  float rotation = 0;
};

// Pairs whose surroundings are alike, the best few of each probe minutia.
std::vector<Pair> likely_pairs(const Prepared& probe, const Prepared& candidate);

// How far each pair agrees with the others about distance and direction: support[i] grows with the support of the pairs
// that agree with it (spectral matching, Leordeanu and Hebert 2005). Beside it, who agrees with whom.
struct Agreement {
  std::vector<std::vector<std::pair<int, float>>> with;
  std::vector<float> support;
};
Agreement agree(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate);

// The rigid motion that fits the pairs best, least squares with weights.
Alignment fit(const std::vector<Pair>& pairs, const std::vector<float>& weights, const Prepared& probe, const Prepared& candidate);

// Minutiae that meet under an alignment, one to one, the nearest first.
std::vector<Pair> meet(const Alignment& alignment, const Prepared& probe, const Prepared& candidate);

}  // namespace limen
