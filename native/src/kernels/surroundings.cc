#include "surroundings.h"

#include "../parameters.h"

namespace limen::LIMEN_SET {

namespace {

#if defined(LIMEN_SET_avx512)
constexpr std::size_t kLanes = 64;
#elif defined(LIMEN_SET_avx2)
constexpr std::size_t kLanes = 32;
#else
constexpr std::size_t kLanes = 16;
#endif
typedef std::uint8_t Bytes __attribute__((vector_size(kLanes), aligned(1), may_alias));
typedef std::uint16_t Words __attribute__((vector_size(kLanes), aligned(1), may_alias));

constexpr int kTolerance = parameters::kSampleTolerance;
constexpr std::size_t kSamples = parameters::kSamples;
constexpr std::size_t kSumsInByte = 255 / kTolerance;

// One of ours against `kLanes` of theirs, from column `at`.
inline void compare_lanes(const std::uint8_t* samples, const std::uint8_t* values, std::size_t count, const Surroundings& theirs, std::size_t at,
                          std::uint8_t* alike) {
  constexpr Bytes tolerance = Bytes{} + static_cast<std::uint8_t>(kTolerance);
  Words even{}, odd{};
  Bytes common{};
  for (std::size_t first = 0; first < count; first += kSumsInByte) {
    const std::size_t end = first + kSumsInByte < count ? first + kSumsInByte : count;
    Bytes sum{};
    for (std::size_t i = first; i < end; i++) {
      const std::size_t place = samples[i] * theirs.stride + at;
      const Bytes direction = *reinterpret_cast<const Bytes*>(theirs.direction + place);
      const Bytes known = *reinterpret_cast<const Bytes*>(theirs.known + place);
      const Bytes forth = direction - values[i], back = values[i] - direction;
      const Bytes apart = forth < back ? forth : back;
      sum += (tolerance - (apart < tolerance ? apart : tolerance)) & known;
      common -= known;
    }
    const Words pairs = reinterpret_cast<Words&>(sum);
    even += pairs & 255;
    odd += pairs >> 8;
  }
  std::uint8_t shared[kLanes];
  std::uint16_t low[kLanes / 2], high[kLanes / 2];
  *reinterpret_cast<Bytes*>(shared) = common;
  *reinterpret_cast<Words*>(low) = even;
  *reinterpret_cast<Words*>(high) = odd;
  std::uint16_t sums[kLanes];
  for (std::size_t k = 0; k < kLanes / 2; k++) {
    sums[2 * k] = low[k];
    sums[2 * k + 1] = high[k];
  }
  for (std::size_t k = 0; k < kLanes; k++) {
    const float share = 255.0f * static_cast<float>(sums[k]) / static_cast<float>(shared[k] * kTolerance + (shared[k] == 0));
    alike[k] = shared[k] < parameters::kMinCommonSamples ? 0 : static_cast<std::uint8_t>(static_cast<int>(share));
  }
}

}  // namespace

void compare_surroundings(const Surroundings& ours, const Surroundings& theirs, std::uint8_t* alike) {
  std::uint8_t samples[kSamples], values[kSamples];
  for (std::size_t i = 0; i < ours.count; i++) {
    std::size_t count = 0;
    for (std::size_t s = 0; s < kSamples; s++) {
      samples[count] = static_cast<std::uint8_t>(s);
      values[count] = ours.direction[s * ours.stride + i];
      count += ours.known[s * ours.stride + i] & 1;
    }
    std::uint8_t* row = alike + i * theirs.stride;
    for (std::size_t at = 0; at < theirs.stride; at += kLanes) compare_lanes(samples, values, count, theirs, at, row + at);
  }
}

}  // namespace limen::LIMEN_SET
