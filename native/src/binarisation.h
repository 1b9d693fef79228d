#pragma once
#include "bits.h"
#include "grid.h"

namespace limen {

// Ridges (1) against valleys (0); specks of either, smaller than a pore, are filled.
Bits binarise(const Signal& enhanced);

}  // namespace limen
