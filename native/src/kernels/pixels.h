#pragma once
#include <cstdint>
#include "../dispatch.h"

namespace limen {

// Adds a row of grey levels and of their squares to sums kept for each column.
LIMEN_KERNEL(void, add_greys, const std::uint8_t* in, int width, std::uint32_t* sum, std::uint32_t* square)

// A row brought to zero mean and unit deviation, dark positive: whole parts of a deviation, `unit` of them, cut at
// `limit` deviations. `deviation` is above zero.
LIMEN_KERNEL(void, level_row, const std::uint8_t* in, const float* mean, const float* deviation, float unit, float limit, int width,
             std::int16_t* out)

// Adds the products of a row's gradients (Sobel's, an eighth of them) to sums for each column but the outermost two:
// the double-angle vector across the gradient, and its energy.
LIMEN_KERNEL(void, add_gradients, const std::int16_t* up, const std::int16_t* on, const std::int16_t* down, int width,
             std::int32_t* cosine, std::int32_t* sine, std::int32_t* energy)

// Adds the magnitudes of a row to sums for each column.
LIMEN_KERNEL(void, add_magnitudes, const std::int16_t* in, int width, std::int32_t* sum)

}  // namespace limen
