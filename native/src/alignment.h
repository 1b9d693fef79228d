#pragma once
#include "pairing.h"

namespace limen {

// Moves the probe onto the candidate: turns about the origin, then shifts.
struct Alignment {
  Motion motion{1, 0, 0, 0};
  float rotation = 0;  // radians
};

// The rigid motion that fits the pairs best, least squares with weights.
Alignment fit(const std::vector<Pair>& pairs, const std::vector<float>& weights, const Prepared& probe, const Prepared& candidate);

// A pair that meets under an alignment; cost 0 when exactly, 2 at most.
struct Met {
  Pair pair;
  float cost;
};

// Minutiae that meet under an alignment, one to one, the nearest first.
void meet(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, const Likeness& alike, std::vector<Met>& into);

}  // namespace limen
