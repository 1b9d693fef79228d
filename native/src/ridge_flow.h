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
  // Outside these there are none, in pixels.
  int left() const { return left_; }
  int top() const { return top_; }
  int right() const { return right_; }
  int bottom() const { return bottom_; }

 private:
  int left_ = 0, top_ = 0, right_ = 0, bottom_ = 0;
  Grid<short> fine_;  // so dense that the nearest value will do
};

}  // namespace limen
