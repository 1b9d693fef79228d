#pragma once
#include "grid.h"
#include "orientation.h"

namespace limen {

// The distance from ridge to ridge in pixels, a value a block.
Grid<float> measure_period(const Signal& normalised, const Orientation& orientation, const Mask& mask);

}  // namespace limen
