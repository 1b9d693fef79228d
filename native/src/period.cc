#include "period.h"

#include <array>
#include <cmath>

#include "blocks.h"
#include "kernels/waves.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr int kTurns = 64;  // orientations that the sampling pattern is kept for
constexpr int kAlong = kSignatureWidth / 2 + 1;

struct Step {
  int x, y;
};

// Where to look, and the candidates' waves under a Hann window, evenly spaced in frequency.
struct Waves {
  std::array<float, kPeriodCandidates> period;
  std::array<float, static_cast<std::size_t>(kSignatureLength) * kPeriodCandidates> cosine, sine;
  std::array<float, kSignatureLength> window;
  std::array<std::array<std::array<Step, kAlong>, kSignatureLength>, kTurns> steps;

  Waves() {
    for (std::size_t k = 0; k < kPeriodCandidates; k++) {
      const float share = static_cast<float>(k) / (kPeriodCandidates - 1);
      const float frequency = (1 - share) / kMaxPeriod + share / kMinPeriod;
      period[k] = 1 / frequency;
      for (std::size_t i = 0; i < kSignatureLength; i++) {
        const float phase = 2 * kPi * frequency * static_cast<float>(i);
        cosine[i * kPeriodCandidates + k] = std::cos(phase);
        sine[i * kPeriodCandidates + k] = std::sin(phase);
      }
    }
    for (std::size_t i = 0; i < kSignatureLength; i++)
      window[i] = 0.5f - 0.5f * std::cos(2 * kPi * (static_cast<float>(i) + 0.5f) / kSignatureLength);
    for (std::size_t turn = 0; turn < kTurns; turn++) {
      const float angle = kPi * static_cast<float>(turn) / kTurns;
      const float along_x = std::cos(angle), along_y = std::sin(angle);
      for (std::size_t i = 0; i < kSignatureLength; i++) {
        const float across = static_cast<float>(i) - 0.5f * (kSignatureLength - 1);
        for (std::size_t j = 0; j < kAlong; j++) {
          const float along = 2 * static_cast<float>(j) - 0.5f * kSignatureWidth;
          steps[turn][i][j] = {static_cast<int>(std::lround(along * along_x - across * along_y)),
                               static_cast<int>(std::lround(along * along_y + across * along_x))};
        }
      }
    }
  }
};

// Mean brightness along the ridge, at steps of a pixel across it.
std::array<float, kSignatureLength> signature(const Signal& image, int cx, int cy, const Waves& waves, float angle) {
  constexpr int reach = (kSignatureLength + kSignatureWidth) / 2;
  const auto turn = static_cast<std::size_t>(std::lround(angle / kPi * kTurns)) % kTurns;
  const bool inside = cx >= reach && cy >= reach && cx + reach < image.width && cy + reach < image.height;
  std::array<int, kSignatureLength> sums{};
  int total = 0;
  for (std::size_t i = 0; i < kSignatureLength; i++) {
    for (const Step step : waves.steps[turn][i])
      sums[i] += inside ? image.at(cx + step.x, cy + step.y) : image.nearest(cx + step.x, cy + step.y);
    total += sums[i];
  }
  std::array<float, kSignatureLength> out;
  const float mean = static_cast<float>(total) / kSignatureLength;
  for (std::size_t i = 0; i < kSignatureLength; i++) out[i] = (static_cast<float>(sums[i]) - mean) / kSignalUnit;
  return out;
}

}  // namespace

Grid<float> measure_period(const Signal& normalised, const Orientation& orientation, const Mask& mask) {
  static const Waves waves;
  const auto powers_of = wave_powers();
  Grid<float> weighted(mask.width, mask.height), weight(mask.width, mask.height);
  // Periods change slowly: every other block will do.
  for (int y = 0; y < mask.height; y += 2) {
    for (int x = 0; x < mask.width; x += 2) {
      if (!mask.at(x, y)) continue;
      auto wave = signature(normalised, x * kBlock + kBlock / 2, y * kBlock + kBlock / 2, waves, orientation.angle(x, y));
      float energy = 1e-6f;
      for (std::size_t i = 0; i < kSignatureLength; i++) {
        wave[i] *= waves.window[i];
        energy += wave[i] * wave[i];
      }
      std::array<float, kPeriodCandidates> powers;
      powers_of(wave.data(), kSignatureLength, waves.cosine.data(), waves.sine.data(), powers.data());
      const auto which = static_cast<std::size_t>(std::max_element(powers.begin(), powers.end()) - powers.begin());
      // A pure wave under a Hann window holds a third of the length times its energy at its own frequency.
      const float share = std::min(powers[which] / (energy * kSignatureLength / 3.0f), 1.0f);
      const bool between = which > 0 && which + 1 < kPeriodCandidates;
      const float trust = between ? share * share : 0.0f;
      weighted.at(x, y) = trust * waves.period[which];
      weight.at(x, y) = trust;
    }
  }
  smooth(weighted, kPeriodSigma);
  smooth(weight, kPeriodSigma);
  Grid<float> period(mask.width, mask.height, kUsualPeriod);
  for (std::size_t i = 0; i < period.values.size(); i++)
    if (weight.values[i] > 1e-3f) period.values[i] = weighted.values[i] / weight.values[i];
  return period;
}

}  // namespace limen
