#include "../gallery_kernels.h"

namespace limen::LIMEN_SET {

void add_neighbours(const NeighbourFeatures& features, const Neighbours& neighbours, std::int16_t* sums) {
  for (int n = 0; n < neighbours.count; n++) {
    const auto x = static_cast<std::uint16_t>(neighbours.x[n]), y = static_cast<std::uint16_t>(neighbours.y[n]);
    const auto angle = static_cast<std::uint16_t>(neighbours.angle[n]);
    const std::int16_t weight = neighbours.weight[n];
    for (int i = 0; i < features.count; i++) {
      const auto phase = static_cast<std::int16_t>(static_cast<std::uint16_t>(features.across[i]) * static_cast<unsigned>(x) +
                                                   static_cast<std::uint16_t>(features.along[i]) * static_cast<unsigned>(y) +
                                                   static_cast<std::uint16_t>(features.turns[i]) * static_cast<unsigned>(angle) +
                                                   static_cast<std::uint16_t>(features.phase[i]));
      // A parabola stands for the sine: 4096 at its top.
      const auto size = static_cast<std::int16_t>(phase < 0 ? ~phase : phase);
      const auto wave = static_cast<std::int16_t>(phase * (32767 - size) >> 16);
      sums[i] = static_cast<std::int16_t>(sums[i] + static_cast<std::int16_t>(wave * weight >> 16));
    }
  }
}

void add_samples(const std::int8_t* samples, int count, const std::int8_t* shares, int features, std::int32_t* sums) {
  for (int n = 0; n < count; n++) {
    const auto sample = static_cast<std::int16_t>(samples[n]);
    for (int i = 0; i < features; i++) sums[i] += static_cast<std::int16_t>(sample * shares[n * features + i]);
  }
}

}  // namespace limen::LIMEN_SET
