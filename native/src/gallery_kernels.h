#pragma once
#include <cstdint>
#include "dispatch.h"

namespace limen {

// Adds the features of a minutia's neighbours: for each, sin(across * x + along * y + turns * angle + phase) of every
// feature by the neighbour's weight. Angles are 65536ths of a turn and wrap; weights 0 to 8192; counts of features
// multiples of 32.
struct NeighbourFeatures {
  const std::int16_t* across;
  const std::int16_t* along;
  const std::int16_t* turns;
  const std::int16_t* phase;
  int count;
};
struct Neighbours {
  const std::int16_t* x;
  const std::int16_t* y;
  const std::int16_t* angle;
  const std::int16_t* weight;
  int count;
};
LIMEN_KERNEL(void, add_neighbours, const NeighbourFeatures& features, const Neighbours& neighbours, std::int16_t* sums)

// sums[feature] of the samples, each by the feature's share of it; `shares` holds all features of a sample together.
LIMEN_KERNEL(void, add_samples, const std::int8_t* samples, int count, const std::int8_t* shares, int features, std::int32_t* sums)

// How many bits each minutia of a sketch is apart from the probe's nearest within the rotation, beyond a limit made 0:
// scores[entry] is the sum of the fourth powers of (limit - apart). `words` is two a minutia; sketches of 768 bytes.
struct ScanProbe {
  const std::uint64_t* words;
  const std::uint8_t* angle;
  int count;
};
LIMEN_KERNEL(void, scan_sketches, const ScanProbe& probe, const std::uint8_t* sketches, int entries, std::uint32_t* scores)

// The nearest minutia of the probe for each of one sketch, and how many bits apart; 255 where none is within the rotation.
LIMEN_KERNEL(void, nearest_sketches, const ScanProbe& probe, const std::uint8_t* sketch, std::uint8_t* nearest, std::uint8_t* apart)

// What the scan cannot beat: exclusive or and bit count over the same bytes with as many probe minutiae, and reading them.
LIMEN_KERNEL(std::uint64_t, count_bits, const ScanProbe& probe, const std::uint8_t* sketches, int entries)
LIMEN_KERNEL(std::uint64_t, read_bytes, const std::uint8_t* bytes, std::uint64_t length)

}  // namespace limen
