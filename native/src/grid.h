#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace limen {

// A rectangle of values, row by row.
template <class T>
struct Grid {
  int width = 0;
  int height = 0;
  std::vector<T> values;

  Grid() = default;
  Grid(int w, int h, T value = T{})
      : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

  T* row(int y) { return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
  const T* row(int y) const { return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
  T& at(int x, int y) { return row(y)[x]; }
  const T& at(int x, int y) const { return row(y)[x]; }
  bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  // The nearest value where x, y lies outside.
  const T& nearest(int x, int y) const { return at(std::clamp(x, 0, width - 1), std::clamp(y, 0, height - 1)); }
};

using Grey = Grid<std::uint8_t>;    // 0 = black
using Signal = Grid<std::int16_t>;  // in parts of a deviation, kSignalUnit of them; ridges positive
using Mask = Grid<unsigned char>;   // 0 or 1

}  // namespace limen
