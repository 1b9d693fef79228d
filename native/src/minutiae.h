#pragma once
#include "orientation.h"
#include "skeleton.h"
#include "template.h"

namespace limen {

// Line ends and forks of the skeleton, less those that the border or noise made. `clarity` is 0 to 1 a block.
std::vector<Minutia> find_minutiae(const Bits& skeleton, const Orientation& orientation, const Mask& mask, const Grid<float>& clarity);

}  // namespace limen
