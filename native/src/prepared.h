#pragma once
#include <vector>
#include "descriptor.h"
#include "kernels/pairs.h"
#include "ridge_flow.h"
#include "template.h"

namespace limen {

// A template made ready for comparison.
struct Prepared {
  std::vector<Minutia> minutiae;
  std::vector<std::uint8_t> angles;  // 256ths of a turn
  std::vector<float> x, y;
  std::vector<std::int16_t> near_x, near_y, near_angle;  // as `Places` holds them, padded with what nothing is near to
  FlowSampler flow;
  Descriptors descriptors;
  // Points of the print on a coarse raster, and the ridges' direction there.
  std::vector<float> survey_x, survey_y;
  std::vector<std::int16_t> survey_turn;
  bool guessed;  // the template brought no ridge flow

  Places places() const { return {near_x.data(), near_y.data(), near_angle.data(), near_x.size()}; }
};

// A place as `find_near` compares them; the angle in 256ths of a turn.
Place place_of(float x, float y, float angle);

Prepared prepare(const Template& features);

// Which of two comes first in a comparison, so that it does not depend on their order: the one of fewer minutiae; after
// that whatever tells them apart.
bool comes_first(const Prepared& one, const Prepared& other);

}  // namespace limen
