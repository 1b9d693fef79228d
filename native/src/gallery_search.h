#pragma once
#include <functional>
#include "gallery.h"

namespace limen {

// A finger that is searched for, and which it is (0 unknown: may be any).
struct GalleryProbe {
  Template features;
  int position = 0;
};

// An id and what speaks for it: the score of one finger, or, of several, their log odds added up, on the same scale.
struct GalleryHit {
  std::string id;
  float score = 0;
};

struct GalleryFound {
  std::vector<GalleryHit> hits;  // the best first, ids of one score in order
  double scan_ms = 0, vote_ms = 0, exact_ms = 0;
};

// Finds the k ids that the probes are most alike. Nothing when `stop` said so on the way.
std::optional<GalleryFound> search(const GalleryState& state, const std::vector<GalleryProbe>& probes, std::size_t k,
                                   const std::function<bool()>& stop);

}  // namespace limen
