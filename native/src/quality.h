#pragma once
#include "normalisation.h"
#include "orientation.h"

namespace limen {

// What may be wrong with an image of a finger, as bits.
namespace cause {
inline constexpr unsigned dry = 1, wet = 2, small = 4, smudged = 8, off_centre = 16;
}

// Limen's own measure of how well an image will serve; 0 to 100, not NFIQ.
struct Quality {
  int score = 0;
  unsigned causes = 0;
  float area_mm2 = 0;  // of the skin that shows ridges
};

// How much of a block's brightness the oriented filter explains, 0 to 1.
Grid<float> measure_clarity(const Signal& normalised, const Signal& enhanced, const Orientation& orientation, const Mask& mask);

Quality assess(const Normalised& normalised, const Mask& mask, const Grid<float>& clarity, int minutiae);

}  // namespace limen
