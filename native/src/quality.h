#pragma once
#include "bits.h"
#include "orientation.h"
#include "template.h"

namespace limen {

// What may be wrong with an image of a finger, as bits; the gravest lowest.
namespace cause {
inline constexpr unsigned small = 1, off_centre = 2, smudged = 4, wet = 8, dry = 16;
}

// Limen's own measure of how well an image will serve; 0 to 100, not NFIQ.
struct Quality {
  int score = 0;
  unsigned causes = 0;
  float area_mm2 = 0;  // of the skin that shows ridges
};

// How much of a block's brightness the oriented filter explains, 0 to 1.
Grid<float> measure_clarity(const Signal& normalised, const Signal& enhanced, const Orientation& orientation, const Mask& mask);

// `ridges` tells ridges from valleys. Area, minutiae and how even the valleys are make the score; how even ridges and
// valleys are tells dry skin from wet.
Quality assess(const Grey& image, const Bits& ridges, const Mask& mask, const Grid<float>& clarity, const std::vector<Minutia>& minutiae);

}  // namespace limen
