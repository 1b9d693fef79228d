#pragma once
#include <vector>
#include "wsq_tree.h"

namespace limen {

// The two analysis filters, symmetric and of odd length, from their middle outwards.
struct Filters {
  std::vector<float> low;
  std::vector<float> high;
};

inline constexpr int kMaxHalfTaps = 16;

// Decomposes a plane of `stride` floats a row in place, or puts it together again.
void analyse(float* plane, int stride, const WsqTree& tree, const Filters& filters);
void synthesise(float* plane, int stride, const WsqTree& tree, const Filters& filters);

}  // namespace limen
