#include "descriptor.h"

#include <array>
#include <cmath>

#include "angle.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

struct Offsets {
  std::array<float, kSamples> x, y;
};

const Offsets& offsets() {
  static const auto all = [] {
    Offsets out{};
    std::size_t at = 0;
    for (int ring = 0; ring < kRings; ring++) {
      for (int i = 0; i < kRingSamples[ring]; i++, at++) {
        const float turn = 2 * kPi * static_cast<float>(i) / static_cast<float>(kRingSamples[ring]);
        out.x[at] = kRingRadius[ring] * std::cos(turn);
        out.y[at] = kRingRadius[ring] * std::sin(turn);
      }
    }
    return out;
  }();
  return all;
}

}  // namespace

Descriptors::Descriptors(const std::vector<Minutia>& minutiae, const std::vector<std::uint8_t>& angles, const FlowSampler& flow)
    : count_(minutiae.size()), stride_((count_ + 63) / 64 * 64), direction_(kSamples * stride_), known_(kSamples * stride_) {
  const Offsets& points = offsets();
  std::array<std::int16_t, kSamples> turns;
  for (std::size_t i = 0; i < count_; i++) {
    const Heading heading = heading_of(angles[i]);
    flow.sample(points.x.data(), points.y.data(), kSamples, {heading.cosine, heading.sine, minutiae[i].x, minutiae[i].y}, turns.data());
    for (std::size_t s = 0; s < kSamples; s++) {
      direction_[s * stride_ + i] = static_cast<std::uint8_t>(turns[s] - 2 * angles[i]);
      known_[s * stride_ + i] = turns[s] < 0 ? 0 : 255;
    }
  }
}

}  // namespace limen
