#pragma once
#include <vector>
#include "prepared.h"

namespace limen {

// What speaks for two templates being of one finger under the best alignment found.
struct Evidence {
  float met = 0;      // minutiae paired
  float weight = 0;   // the same, each weighed by how well it fits (0 to 1)
  float overlap = 0;  // geometric mean of the minutiae either side has in the common area
  float alike = 0;    // mean similarity of surroundings, of the pairs
  float flow = 0;     // mean agreement of ridge directions in the common area, 0 to 1
  float edges = 0;    // mean agreement of the edges between neighbours that met, 0 to 1
  bool guessed = false;  // one template brought no ridge flow
};

// Two minutiae that are one, by their places in the templates.
struct Pairing {
  std::uint8_t probe, candidate;
};

// The same whichever comes first. The minutiae that met under the best alignment go to `pairings`, the best fit first.
Evidence weigh(const Prepared& probe, const Prepared& candidate, std::vector<Pairing>* pairings = nullptr);

// Evidence as one number; 0 is none at all.
float score(const Evidence& evidence);

}  // namespace limen
