#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include "parameters.h"

namespace limen {

// The angle brought into [-pi, pi).
inline float wrap(float angle) {
  return angle - 2 * parameters::kPi * std::floor((angle + parameters::kPi) / (2 * parameters::kPi));
}

struct Heading {
  float cosine, sine;
};

// The unit vector of an angle in 256ths of a turn.
inline Heading heading_of(std::uint8_t angle) {
  static const auto all = [] {
    std::array<Heading, 256> out{};
    for (std::size_t i = 0; i < out.size(); i++) {
      const float radians = 2 * parameters::kPi * static_cast<float>(i) / 256;
      out[i] = {std::cos(radians), std::sin(radians)};
    }
    return out;
  }();
  return all[angle];
}

}  // namespace limen
