#include "quality.h"

#include <cmath>

#include "blocks.h"
#include "kernels/pixels.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// The magnitude of a signal, summed over each block.
Grid<float> magnitude(const Signal& signal) {
  Grid<float> out(blocks_across(signal.width), blocks_across(signal.height));
  std::vector<std::int32_t> columns(static_cast<std::size_t>(signal.width));
  const auto add = add_magnitudes();
  for (int row = 0; row < out.height; row++) {
    std::fill(columns.begin(), columns.end(), 0);
    for (int y = row * kBlock; y < std::min((row + 1) * kBlock, signal.height); y++) add(signal.row(y), signal.width, columns.data());
    for (int column = 0; column < out.width; column++)
      out.at(column, row) = static_cast<float>(block_sum(columns.data(), column * kBlock, std::min((column + 1) * kBlock, signal.width)));
  }
  return out;
}

}  // namespace

Grid<float> measure_clarity(const Signal& normalised, const Signal& enhanced, const Orientation& orientation, const Mask& mask) {
  const Grid<float> before = magnitude(normalised), after = magnitude(enhanced);
  Grid<float> out(mask.width, mask.height);
  for (std::size_t i = 0; i < out.values.size(); i++) {
    if (!mask.values[i] || before.values[i] <= 0) continue;
    const float explained = std::min(1.0f, kClarityGain * after.values[i] / before.values[i]);
    out.values[i] = explained * std::min(1.0f, orientation.coherence.values[i] / kTrustedCoherence);
  }
  return out;
}

namespace {

struct Survey {
  float blocks = 0, clarity = 0, skew = 0, mean_x = 0, mean_y = 0;
};

Survey survey(const Normalised& normalised, const Mask& mask, const Grid<float>& clarity) {
  Survey out;
  for (int y = 0; y < mask.height; y++) {
    for (int x = 0; x < mask.width; x++) {
      if (!mask.at(x, y)) continue;
      out.blocks += 1;
      out.clarity += clarity.at(x, y);
      out.mean_x += static_cast<float>(x) + 0.5f;
      out.mean_y += static_cast<float>(y) + 0.5f;
    }
  }
  if (out.blocks <= 0) return out;
  double square = 0, cube = 0, count = 0;
  for (int y = 0; y < normalised.image.height; y++) {
    for (int x = 0; x < normalised.image.width; x++) {
      if (!mask.at(x / kBlock, y / kBlock)) continue;
      const double value = static_cast<double>(normalised.image.at(x, y)) / kSignalUnit;
      square += value * value;
      cube += value * value * value;
      count += 1;
    }
  }
  const double spread = std::sqrt(square / count);
  out.skew = spread > 0 ? static_cast<float>(cube / count / (spread * spread * spread)) : 0;
  out.clarity /= out.blocks;
  out.mean_x /= out.blocks * static_cast<float>(mask.width);
  out.mean_y /= out.blocks * static_cast<float>(mask.height);
  return out;
}

float ramp(float value, float low, float high) { return std::clamp((value - low) / (high - low), 0.0f, 1.0f); }

}  // namespace

Quality assess(const Normalised& normalised, const Mask& mask, const Grid<float>& clarity, int minutiae) {
  const Survey found = survey(normalised, mask, clarity);
  const float area = found.blocks * kBlock * kBlock * kSquareMillimetre;
  const float size = ramp(area, kUselessArea, kAmpleArea);
  const float clear = ramp(found.clarity, kUselessClarity, kAmpleClarity);
  const float count = ramp(static_cast<float>(minutiae), kUselessMinutiae, kAmpleMinutiae);
  Quality out;
  out.area_mm2 = area;
  out.score = static_cast<int>(std::lround(100 * std::sqrt(size * count) * clear));
  if (area < kSmallArea) out.causes |= cause::small;
  const float aside = std::max(std::abs(found.mean_x - 0.5f), std::abs(found.mean_y - 0.5f));
  if (found.blocks > 0 && aside > kOffCentre) out.causes |= cause::off_centre;
  if (found.blocks > 0 && found.clarity < kPoorClarity)
    out.causes |= found.skew > kSkewed ? cause::dry : found.skew < -kSkewed ? cause::wet : cause::smudged;
  return out;
}

}  // namespace limen
