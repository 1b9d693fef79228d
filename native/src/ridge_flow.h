#pragma once
#include "kernels/flow_field.h"
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
  // At many points, each turned and shifted first.
  void sample(const float* x, const float* y, std::size_t count, const Motion& motion, std::int16_t* turns) const;
  // Outside these there are none, in pixels.
  int left() const { return left_; }
  int top() const { return top_; }
  int right() const { return right_; }
  int bottom() const { return bottom_; }
  const Grid<std::int16_t>& cells() const { return fine_; }

 private:
  int left_, top_, right_, bottom_;
  Grid<std::int16_t> fine_;  // so dense that the nearest value will do; a rim of unknown cells about it
  CellGrid grid_;
};

}  // namespace limen
