#pragma once
#include <cstddef>
#include <cstdint>
#include "../dispatch.h"

// Whole images of bits, 64 pixels a word (bits.h). `words` points to the first word of the second row; the row before and
// the one after the `count` words are read too. What a word gives depends on itself and its eight neighbours.
namespace limen {

// Half a step of thinning (Zhang and Suen 1984): copies to `out` what stays. True when anything went. The half steps
// differ in which corner of a ridge they eat.
LIMEN_KERNEL(bool, thin_half_step, const std::uint64_t* words, std::size_t stride, std::size_t count, bool second, std::uint64_t* out)

// The pixels that a line can do without: simple points that are no line end.
LIMEN_KERNEL(void, mark_spare, const std::uint64_t* words, std::size_t stride, std::size_t count, std::uint64_t* out)

// The pixels that at most one branch leaves, and those that three or more do.
LIMEN_KERNEL(void, mark_nodes, const std::uint64_t* words, std::size_t stride, std::size_t count, std::uint64_t* ends, std::uint64_t* forks)

}  // namespace limen
