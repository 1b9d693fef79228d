#pragma once
#include "orientation.h"

namespace limen {

// The image through a bank of oriented band-pass (Gabor) filters tuned to each block; zero outside the mask. It may be run
// again with other directions: only blocks that come to another filter are worked on anew.
class Enhancer {
 public:
  Enhancer(const Signal& normalised, const Grid<float>& period, const Mask& mask);
  const Signal& run(const Orientation& orientation);

 private:
  const Grid<float>& period_;
  const Mask& mask_;
  Signal pairs_;
  Signal enhanced_;
  Grid<int> chosen_;  // which filter made each block; -1 none
};

// Milliseconds that the inner loop alone takes for so many squares: the bound that benches set beside the whole.
double time_filter_squares(int squares);

}  // namespace limen
