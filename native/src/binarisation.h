#pragma once
#include "grid.h"

namespace limen {

// Ridges (1) against valleys (0); specks of either, smaller than a pore, are filled.
Mask binarise(const Image& enhanced);

}  // namespace limen
