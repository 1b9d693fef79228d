#pragma once
#include <cstdint>

#include "dispatch.h"

namespace limen {

// products[i] is the sum over the values of (vector i's value) * (probe's value). Vectors lie `length` bytes apart, a
// multiple of 64, on 64-byte boundaries; up to 16384 values.
LIMEN_KERNEL(void, multiply_faces, const std::uint8_t* vectors, int count, int length, const std::int8_t* probe, std::int32_t* products)

}  // namespace limen
