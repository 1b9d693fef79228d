#include "wsq_quantiser.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace limen {

namespace {

// What the specification gives its encoder: clauses on subband variances, bin widths and the bit allocation.
constexpr double kBlandVariance = 20000;  // of the four lowest subbands together, under which whole subbands are measured
constexpr double kLeastVariance = 1.01;
constexpr double kFewCoefficients = 64;  // whose mean says nothing: they are measured from zero
constexpr float kBinCentre = 0.44f;
constexpr float kZeroBinRatio = 1.2f;
constexpr double kLoadingFactor = 2.5;
constexpr std::size_t kLowest = 4, kFinest = 52;
constexpr std::array<double, kWsqCodedBands - kFinest> kFineWeight{1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08};
constexpr float kNarrowestBin = 0.25f;  // under which the lowest subbands' numbers would not fit
constexpr float kWidestBin = 50000;
constexpr int kLargest = 32767;  // what decoders hold in 16 bits

using Variances = std::array<double, kWsqCodedBands>;

double variance(const float* plane, int stride, const Band& area) {
  const double count = static_cast<double>(area.width) * area.height;
  if (count == 0) return 0;
  double sum = 0, squares = 0;
  for (int y = area.y; y < area.y + area.height; y++)
    for (int x = area.x; x < area.x + area.width; x++) {
      const double value = plane[static_cast<std::ptrdiff_t>(y) * stride + x];
      sum += value;
      squares += value * value;
    }
  if (count < kFewCoefficients) return squares / count;
  return std::max(0.0, (squares - sum * sum / count) / (count - 1));
}

// The middle of a subband, where the print is; all of a small one.
Band middle(const Band& band) {
  if (band.width * band.height < kFewCoefficients) return band;
  return {band.x + band.width / 8, band.y + 9 * band.height / 32, 3 * band.width / 4, 7 * band.height / 16};
}

Variances variances(const float* plane, int stride, const WsqTree& tree) {
  Variances out;
  double lowest = 0;
  for (std::size_t i = 0; i < kWsqCodedBands; i++) {
    out[i] = variance(plane, stride, middle(tree.bands[i]));
    if (i < kLowest) lowest += out[i];
  }
  if (lowest < kBlandVariance)
    for (std::size_t i = 0; i < kWsqCodedBands; i++) out[i] = variance(plane, stride, tree.bands[i]);
  return out;
}

// The share of all coefficients that a subband of this kind has.
double share(std::size_t band) { return band < kLowest ? 1.0 / 1024 : band < kFinest - 1 ? 1.0 / 256 : 1.0 / 16; }

}  // namespace

Quantisation choose_bins(const std::vector<float>& plane, int stride, const WsqTree& tree, float bit_rate) {
  const Variances measured = variances(plane.data(), stride, tree);
  std::array<double, kWsqCodedBands> relative{};
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < kWsqCodedBands; i++) {
    if (measured[i] < kLeastVariance) continue;
    used.push_back(i);
    relative[i] = i < kLowest ? 1 : 10 / ((i < kFinest ? 1 : kFineWeight[i - kFinest]) * std::log(measured[i]));
  }
  // The one factor that gives the rate, once subbands that would get no bits are out of the sum.
  double factor = 1;
  for (std::vector<std::size_t> paid = used; !paid.empty();) {
    double shares = 0, product = 0;
    for (const std::size_t i : paid) {
      shares += share(i);
      product += share(i) * std::log(std::sqrt(measured[i]) / relative[i]);
    }
    factor = std::exp2(bit_rate / shares - 1) / kLoadingFactor / std::exp(product / shares);
    const auto unpaid = std::remove_if(paid.begin(), paid.end(), [&](std::size_t i) {
      return relative[i] / factor >= 2 * kLoadingFactor * std::sqrt(measured[i]);
    });
    if (unpaid == paid.end()) break;
    paid.erase(unpaid, paid.end());
  }
  Quantisation out;
  out.centre = kBinCentre;
  for (const std::size_t i : used) {
    const float bin = std::clamp(static_cast<float>(relative[i] / factor), kNarrowestBin, kWidestBin);
    out.bands[i] = {as_written(bin), as_written(kZeroBinRatio * bin)};
  }
  return out;
}

std::vector<int> quantise(const std::vector<float>& plane, int stride, const WsqTree& tree, const Quantisation& quantisation,
                          std::size_t first, std::size_t end) {
  std::vector<int> out;
  for (std::size_t i = first; i < end; i++) {
    const Quantiser& quantiser = quantisation.bands[i];
    if (!(quantiser.bin > 0)) continue;
    const Band& band = tree.bands[i];
    for (int y = band.y; y < band.y + band.height; y++)
      for (int x = band.x; x < band.x + band.width; x++) {
        const float value = plane[static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(x)];
        const float beyond = (std::abs(value) - quantiser.zero_bin / 2) / quantiser.bin;
        const int size = beyond > 0 ? static_cast<int>(std::min(beyond + 1, static_cast<float>(kLargest))) : 0;
        out.push_back(value < 0 ? -size : size);
      }
  }
  return out;
}

}  // namespace limen
