#pragma once
#include "grid.h"
#include "normalisation.h"
#include "orientation.h"

namespace limen {

// Which blocks hold ridges: contrast and agreeing gradients, small regions dropped, holes filled.
Mask segment(const Normalised& normalised, const Orientation& orientation);

}  // namespace limen
