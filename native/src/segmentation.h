#pragma once
#include "grid.h"
#include "normalisation.h"
#include "orientation.h"

namespace limen {

// The deviation of greys from which a block holds something.
float contrast_threshold(const Normalised& normalised);

// Which blocks hold ridges: contrast and agreeing gradients, small regions dropped, holes filled.
Mask segment(const Normalised& normalised, const Orientation& orientation);

}  // namespace limen
