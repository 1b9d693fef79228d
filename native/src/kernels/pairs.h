#pragma once
#include <cstddef>
#include <cstdint>
#include "../dispatch.h"

namespace limen {

// Pairs of a probe minutia and a candidate's, column by column: where either lies and how the probe's would turn. Columns
// are padded to whole multiples of 16 with zeros.
struct PairColumns {
  const float* probe_x;
  const float* probe_y;
  const float* candidate_x;
  const float* candidate_y;
  const float* rotation;  // 256ths of a turn
  const float* cosine;
  const float* sine;
  std::size_t stride;
};

// How far the edge between each two pairs is the same in both prints, 0 to 1: a row of `stride` for each pair.
LIMEN_KERNEL(void, agree_pairs, const PairColumns& pairs, std::size_t count, float* agreement)

// What each pair gets when all give theirs to those that they agree with.
LIMEN_KERNEL(void, pass_support, const float* agreement, std::size_t stride, std::size_t count, const float* support, float* next)

// The agreement of edges shorter than a limit in the probe, in parts of kEdgeUnit, and how many there are, each way once.
struct EdgeSum {
  int agreement, edges;
};
LIMEN_KERNEL(void, sum_near_edges, const PairColumns& pairs, std::size_t count, const float* agreement, float square_limit, EdgeSum* sum)

// Candidates near one place and direction: 65535 in `near` for each that lies within `reach` both ways and within `swing`.
struct Places {
  const std::int16_t* x;      // quarters of a pixel
  const std::int16_t* y;
  const std::int16_t* angle;  // 65536ths of a turn
  std::size_t stride;         // a multiple of 32
};
struct Place {
  std::int16_t x, y, angle;
};
LIMEN_KERNEL(void, find_near, const Place* from, std::size_t count, const Places& places, std::uint16_t reach, std::uint16_t swing, std::uint16_t* near)

}  // namespace limen
