#pragma once
#include "orientation.h"

namespace limen {

// The image through a bank of oriented band-pass (Gabor) filters tuned to each block; zero outside the mask.
Signal enhance(const Signal& normalised, const Orientation& orientation, const Grid<float>& period, const Mask& mask);

}  // namespace limen
