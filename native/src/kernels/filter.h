#pragma once
#include <cstddef>
#include <cstdint>
#include "../dispatch.h"

namespace limen {

inline constexpr int kFilterTaps = 17;                      // a side
inline constexpr int kFilterPairs = (kFilterTaps + 1) / 2;  // a row; the last has one tap
inline constexpr int kFilterBits = 18;                      // the magnitudes of a filter's weights add up to 2 to the power of this

// The answers of one filter at a square of 8 x 8 pixels. `pairs` holds each pixel beside the one on its right, from where
// the filter's first tap meets the square's first pixel; `weights` the filter, 17 rows of 9 pairs.
LIMEN_KERNEL(void, filter_square, const std::int16_t* pairs, std::size_t stride, const std::int16_t* weights, std::int16_t* out)

}  // namespace limen
