#pragma once
#include <array>
#include <vector>

namespace limen {

struct Band {
  int x, y, width, height;
};

// An area that is split into quarters, in each direction into a half of low and one of high frequencies.
struct Split {
  Band area;
  bool x_inverted;  // the high half comes first
  bool y_inverted;
};

inline constexpr int kWsqBands = 64;
inline constexpr int kWsqCodedBands = 60;  // the four of the highest frequencies are never transmitted

// The twenty splits of the decomposition, parents before children, and the subbands that are left in the end.
struct WsqTree {
  std::vector<Split> splits;
  std::array<Band, kWsqBands> bands;
};

WsqTree wsq_tree(int width, int height);

}  // namespace limen
