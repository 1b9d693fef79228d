#pragma once
#include "grid.h"
#include "orientation.h"

namespace limen {

// The distance from ridge to ridge in pixels, a value a block, and how far one period stands out (0 to 1).
struct Period {
  Grid<float> period;
  Grid<float> strength;
};

Period measure_period(const Image& normalised, const Orientation& orientation, const Mask& mask);

}  // namespace limen
