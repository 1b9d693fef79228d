#pragma once
#include "grid.h"
#include "orientation.h"

namespace limen {

// The image through a bank of oriented band-pass (Gabor) filters tuned to each block; zero outside the mask.
Image enhance(const Image& normalised, const Orientation& orientation, const Grid<float>& period, const Mask& mask);

}  // namespace limen
