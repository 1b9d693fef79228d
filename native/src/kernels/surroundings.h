#pragma once
#include <cstddef>
#include <cstdint>
#include "../dispatch.h"

namespace limen {

// The surroundings of some minutiae (descriptor.h), sample by sample: a sample's values of all minutiae lie side by side,
// `stride` bytes from those of the next sample. Rows are padded to whole multiples of 64, with nothing known.
struct Surroundings {
  const std::uint8_t* direction;
  const std::uint8_t* known;
  std::size_t stride;
  std::size_t count;
};

// How alike each of ours is to each of theirs, 0 to 255; 0 when they share too little. A row of `theirs.stride` for each of
// ours.
LIMEN_KERNEL(void, compare_surroundings, const Surroundings& ours, const Surroundings& theirs, std::uint8_t* alike)

}  // namespace limen
