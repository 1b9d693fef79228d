#pragma once
#include <cmath>
#include "parameters.h"

namespace limen {

// The angle brought into [-pi, pi).
inline float wrap(float angle) {
  return angle - 2 * parameters::kPi * std::floor((angle + parameters::kPi) / (2 * parameters::kPi));
}

// From b to a by the shorter way, for angles of [-pi, pi).
inline float turn(float a, float b) {
  const float apart = a - b;
  if (apart >= parameters::kPi) return apart - 2 * parameters::kPi;
  if (apart < -parameters::kPi) return apart + 2 * parameters::kPi;
  return apart;
}

}  // namespace limen
