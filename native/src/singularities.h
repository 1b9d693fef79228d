#pragma once
#include "orientation.h"
#include "template.h"

namespace limen {

// Where the ridges turn about.
struct Singularities {
  std::vector<Core> cores;    // the clearest first, kMaxSingularities at most
  std::vector<Delta> deltas;  // likewise
};

Singularities find_singularities(const Orientation& orientation, const Mask& mask);

}  // namespace limen
