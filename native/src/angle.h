#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include "parameters.h"

namespace limen {

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
