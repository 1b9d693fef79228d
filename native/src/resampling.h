#pragma once
#include <cstdint>
#include "grid.h"

namespace limen {

// The image at 500 dpi. A triangle filter as wide as the step: interpolates upwards, averages downwards.
Grey resample(const std::uint8_t* pixels, int width, int height, int dpi);

}  // namespace limen
