#pragma once
#include "orientation.h"
#include "template.h"

namespace limen {

// Distance of each pixel from the nearest block without ridges or the image's edge, in pixels, up to a limit.
Grid<int> depth(const Mask& mask, int width, int height);

// Line ends and forks of the skeleton, less those that the border or noise made. `clarity` is 0 to 1 a block.
std::vector<Minutia> find_minutiae(const Mask& skeleton, const Orientation& orientation, const Mask& mask, const Grid<float>& clarity);

}  // namespace limen
