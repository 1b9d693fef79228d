#include "period.h"

#include <array>
#include <cmath>

#include "blocks.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// The candidates' waves under a Hann window, evenly spaced in frequency.
struct Waves {
  std::array<float, kPeriodCandidates> period;
  std::array<std::array<float, kSignatureLength>, kPeriodCandidates> cosine, sine;
  std::array<float, kSignatureLength> window;

  Waves() {
    for (std::size_t i = 0; i < kSignatureLength; i++)
      window[i] = 0.5f - 0.5f * std::cos(2 * kPi * (static_cast<float>(i) + 0.5f) / kSignatureLength);
    for (std::size_t k = 0; k < kPeriodCandidates; k++) {
      const float share = static_cast<float>(k) / (kPeriodCandidates - 1);
      const float frequency = (1 - share) / kMaxPeriod + share / kMinPeriod;
      period[k] = 1 / frequency;
      for (std::size_t i = 0; i < kSignatureLength; i++) {
        const float phase = 2 * kPi * frequency * static_cast<float>(i);
        cosine[k][i] = std::cos(phase);
        sine[k][i] = std::sin(phase);
      }
    }
  }
};

// Mean brightness along the ridge, at steps of a pixel across it.
std::array<float, kSignatureLength> signature(const Image& image, float cx, float cy, float angle) {
  const float along_x = std::cos(angle), along_y = std::sin(angle);
  std::array<float, kSignatureLength> out{};
  float mean = 0;
  for (int i = 0; i < kSignatureLength; i++) {
    const float across = static_cast<float>(i) - 0.5f * (kSignatureLength - 1);
    const float x = cx - across * along_y, y = cy + across * along_x;
    float sum = 0;
    for (int j = -kSignatureWidth / 2; j <= kSignatureWidth / 2; j += 2) {
      const float step = static_cast<float>(j);
      sum += image.nearest(static_cast<int>(std::lround(x + step * along_x)), static_cast<int>(std::lround(y + step * along_y)));
    }
    out[static_cast<std::size_t>(i)] = sum;
    mean += sum / kSignatureLength;
  }
  for (float& value : out) value -= mean;
  return out;
}

}  // namespace

Grid<float> measure_period(const Image& normalised, const Orientation& orientation, const Mask& mask) {
  static const Waves waves;
  Grid<float> weighted(mask.width, mask.height), weight(mask.width, mask.height);
  // Periods change slowly: every other block will do.
  for (int y = 0; y < mask.height; y += 2) {
    for (int x = 0; x < mask.width; x += 2) {
      if (!mask.at(x, y)) continue;
      const float cx = (static_cast<float>(x) + 0.5f) * kBlock, cy = (static_cast<float>(y) + 0.5f) * kBlock;
      auto wave = signature(normalised, cx, cy, orientation.angle(x, y));
      float energy = 1e-6f;
      for (std::size_t i = 0; i < kSignatureLength; i++) {
        wave[i] *= waves.window[i];
        energy += wave[i] * wave[i];
      }
      float best = 0;
      std::size_t which = 0;
      for (std::size_t k = 0; k < kPeriodCandidates; k++) {
        float c = 0, s = 0;
        for (std::size_t i = 0; i < kSignatureLength; i++) {
          c += wave[i] * waves.cosine[k][i];
          s += wave[i] * waves.sine[k][i];
        }
        const float power = c * c + s * s;
        if (power > best) {
          best = power;
          which = k;
        }
      }
      // A pure wave under a Hann window holds a third of the length times its energy at its own frequency.
      const float share = std::min(best / (energy * kSignatureLength / 3.0f), 1.0f);
      const bool inside = which > 0 && which + 1 < kPeriodCandidates;
      const float trust = inside ? share * share : 0.0f;
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
