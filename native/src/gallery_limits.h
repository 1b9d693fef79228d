#pragma once
#include "gallery.h"

namespace limen {

// On all cores: exclusive or and bit count of the probe's surroundings with all of the gallery, with nothing besides, and
// reading the gallery's sketches from memory once.
struct GalleryLimits {
  double bits_ms = 0, read_ms = 0;
  int minutiae = 0;  // of the probe, of those that are compared
};
GalleryLimits measure_limits(const GalleryState& state, const Template& probe);

}  // namespace limen
