#pragma once
#include <cstddef>
#include <cstdint>
#include "../dispatch.h"

namespace limen {

// A row of double-angle vectors and of how much is known of each (0 to 1).
struct FlowRow {
  const float* cosine;
  const float* sine;
  const float* known;
};

// Between two rows, `share` of the way down: the turn of each vector in 256ths, -1 where less than half is known.
LIMEN_KERNEL(void, blend_flow_rows, const FlowRow& above, const FlowRow& below, float share, std::size_t count, std::int16_t* turns)

// Where the turned and shifted points lie in a field: the index of each one's cell, row by row, `width` cells to a row; the
// outermost cells stand for all that lies beyond.
struct Motion {
  float cosine, sine, dx, dy;
};
struct CellGrid {
  float left, top, per_px;
  int width, height;
};
LIMEN_KERNEL(void, find_cells, const float* x, const float* y, std::size_t count, const Motion& motion, const CellGrid& grid, std::int32_t* cells)

}  // namespace limen
