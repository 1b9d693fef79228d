#pragma once
#include "grid.h"

namespace limen {

// An image of even contrast: zero mean, unit deviation, ridges positive. Beside it the contrast it had.
struct Normalised {
  Signal image;
  Grid<float> mean;       // grey levels, a value a block
  Grid<float> deviation;  // grey levels, a value a block, close-up
};

Normalised normalise(const Grey& image);

}  // namespace limen
