#include "descriptor.h"

#include <cmath>
#include <cstdlib>

namespace limen {

using namespace parameters;

namespace {

struct Offset {
  float x, y;
};

const std::array<Offset, kSamples>& offsets() {
  static const auto all = [] {
    std::array<Offset, kSamples> out{};
    std::size_t at = 0;
    for (int ring = 0; ring < kRings; ring++) {
      for (int i = 0; i < kRingSamples[ring]; i++) {
        const float turn = 2 * kPi * static_cast<float>(i) / static_cast<float>(kRingSamples[ring]);
        out[at++] = {kRingRadius[ring] * std::cos(turn), kRingRadius[ring] * std::sin(turn)};
      }
    }
    return out;
  }();
  return all;
}

}  // namespace

Descriptor describe(const Minutia& minutia, const FlowSampler& flow) {
  Descriptor out;
  const float cosine = std::cos(minutia.angle), sine = std::sin(minutia.angle);
  const int own = static_cast<int>(std::lround(minutia.angle / kPi * 256));
  for (std::size_t i = 0; i < kSamples; i++) {
    const Offset offset = offsets()[i];
    const int direction = flow.at(minutia.x + cosine * offset.x - sine * offset.y, minutia.y + sine * offset.x + cosine * offset.y);
    if (direction < 0) continue;
    out.direction[i] = static_cast<std::uint8_t>((direction - own) & 255);
    out.known[i] = 255;
  }
  return out;
}

float similarity(const Descriptor& a, const Descriptor& b) {
  // Bytes and 16-bit sums throughout, so that compilers turn it into vector code.
  std::uint16_t common = 0, sum = 0;
  for (std::size_t i = 0; i < kSamples; i++) {
    const auto forth = static_cast<std::uint8_t>(a.direction[i] - b.direction[i]);
    const auto back = static_cast<std::uint8_t>(b.direction[i] - a.direction[i]);
    const std::uint8_t apart = std::min(forth, back);
    const std::uint8_t alike = static_cast<std::uint8_t>(kSampleTolerance - std::min<std::uint8_t>(apart, kSampleTolerance));
    const std::uint8_t both = a.known[i] & b.known[i];
    sum = static_cast<std::uint16_t>(sum + (alike & both));
    common = static_cast<std::uint16_t>(common + (both & 1));
  }
  if (common < kMinCommonSamples) return 0;
  return static_cast<float>(sum) / static_cast<float>(common * kSampleTolerance);
}

}  // namespace limen
