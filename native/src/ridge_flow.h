#pragma once
#include "orientation.h"
#include "template.h"

namespace limen {

// The orientation field thinned out for the template.
RidgeFlow take_flow(const Orientation& orientation, const Mask& mask, int width, int height);

// A stand-in for records that bring no flow: minutiae lie along the ridges about them.
RidgeFlow guess_flow(const std::vector<Minutia>& minutiae, int width, int height);

// Ridge orientation anywhere, as 256ths of half a turn; -1 where there are no ridges.
class FlowSampler {
 public:
  explicit FlowSampler(const RidgeFlow& flow);
  int at(float x, float y) const;
  int width_px() const { return width_px_; }
  int height_px() const { return height_px_; }

 private:
  int columns_ = 0;
  int rows_ = 0;
  int width_px_ = 0;
  int height_px_ = 0;
  Grid<short> fine_;  // at twice the density that descriptors need, so that the nearest value will do
};

}  // namespace limen
