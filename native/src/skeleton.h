#pragma once
#include <array>
#include "bits.h"

namespace limen {

struct Pixel {
  int x = 0;
  int y = 0;
  bool operator==(const Pixel&) const = default;
};

// Ridges thinned to lines one pixel wide, 8-connected and with no pixel to spare. The outermost pixels are never set.
Bits thin(const Bits& ridges);

// Drops the pixels a line can do without, after it was mended.
void tidy(Bits& skeleton);

// Where lines end (or stand alone), and where they fork.
struct Nodes {
  Bits ends;
  Bits forks;
};
Nodes find_nodes(const Bits& skeleton);

// The branches that leave a skeleton pixel: one pixel each (4-connected where there is a choice). Crossing number = count.
struct Branches {
  std::array<Pixel, 4> pixels;
  int count = 0;
};
Branches branches(const Bits& skeleton, Pixel at);

// A walk along a line until it ends, forks or is long enough.
struct Walk {
  static constexpr int kLongest = 24;
  enum class Stop { end, fork, length };
  std::array<Pixel, kLongest> path;  // from the first step on; the last pixel is the end or the fork
  int length = 0;
  Stop stop = Stop::length;
  Pixel last() const { return path[static_cast<std::size_t>(length - 1)]; }
};
Walk walk(const Bits& skeleton, Pixel from, Pixel first, int length);

}  // namespace limen
