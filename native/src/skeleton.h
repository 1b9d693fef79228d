#pragma once
#include <array>
#include "grid.h"

namespace limen {

struct Pixel {
  int x = 0;
  int y = 0;
  bool operator==(const Pixel&) const = default;
};

// Ridges thinned to lines one pixel wide, 8-connected and with no pixel to spare. The outermost pixels are never set.
Mask thin(const Mask& ridges);

// Drops the pixels a line can do without, after it was mended.
void tidy(Mask& skeleton);

// The eight neighbours in circular order, starting on the right; y points down.
inline constexpr std::array<Pixel, 8> kNeighbours{{{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}};

// The branches that leave a skeleton pixel: one pixel each (4-connected where there is a choice). Crossing number = count.
struct Branches {
  std::array<Pixel, 4> pixels;
  int count = 0;
};
Branches branches(const Mask& skeleton, Pixel at);

// A walk along a line until it ends, forks or is long enough.
struct Walk {
  enum class Stop { end, fork, length };
  std::vector<Pixel> path;  // from the first step on; the last pixel is the end or the fork
  Stop stop = Stop::length;
};
Walk walk(const Mask& skeleton, Pixel from, Pixel first, int length);

}  // namespace limen
