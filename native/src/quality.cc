#include "quality.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "blocks.h"
#include "kernels/pixels.h"
#include "parameters.h"
#include "segmentation.h"

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

// The greys of ridges or of valleys in a block.
struct Greys {
  int count = 0, sum = 0, square = 0;

  void add(int grey) {
    count++;
    sum += grey;
    square += grey * grey;
  }
  void add(const Greys& other) {
    count += other.count;
    sum += other.sum;
    square += other.square;
  }
  float mean() const { return static_cast<float>(sum) / static_cast<float>(count); }
  float deviation() const { return std::sqrt(std::max(0.0f, static_cast<float>(square) / static_cast<float>(count) - mean() * mean())); }
};

// How much the greys of ridges, and those of valleys, differ among themselves: as a share of the contrast between the two,
// near by; the mean over the blocks inside the mask. And the tenth lowest of these contrasts as a share of the tenth highest.
struct Unevenness {
  float ridges = 0, valleys = 0;
  float contrast_kept = 1;
};

Unevenness unevenness(const Grey& image, const Bits& ridges, const Mask& mask) {
  Grid<std::array<Greys, 2>> greys(mask.width, mask.height);
  for (int y = 0; y < image.height; y++) {
    const std::uint8_t* in = image.row(y);
    for (int column = 0; column < mask.width; column++) {
      if (!mask.at(column, y / kBlock)) continue;
      auto& block = greys.at(column, y / kBlock);
      for (int x = column * kBlock; x < std::min((column + 1) * kBlock, image.width); x++) block[ridges.at(x, y)].add(in[x]);
    }
  }
  Unevenness out;
  std::vector<float> contrasts;
  for (int y = 1; y + 1 < mask.height; y++) {
    for (int x = 1; x + 1 < mask.width; x++) {
      std::array<Greys, 2> near;
      bool inside = true;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          inside = inside && mask.at(x + dx, y + dy);
          for (std::size_t side = 0; side < 2; side++) near[side].add(greys.at(x + dx, y + dy)[side]);
        }
      }
      const Greys& valley = near[0];
      const Greys& ridge = near[1];
      if (!inside || ridge.count == 0 || valley.count == 0) continue;
      const float contrast = std::max(kContrastFloor, valley.mean() - ridge.mean());
      out.ridges += std::min(kMaxUnevenness, ridge.deviation() / contrast);
      out.valleys += std::min(kMaxUnevenness, valley.deviation() / contrast);
      contrasts.push_back(contrast);
    }
  }
  if (contrasts.empty()) return out;
  const auto blocks = static_cast<float>(contrasts.size());
  std::sort(contrasts.begin(), contrasts.end());
  const std::size_t tenth = contrasts.size() / 10;
  return {out.ridges / blocks, out.valleys / blocks, contrasts[tenth] / contrasts[contrasts.size() - 1 - tenth]};
}

struct Survey {
  float blocks = 0, mean_x = 0.5f, mean_y = 0.5f;  // the middle as a share of each side
};

Survey survey(const Mask& mask) {
  float blocks = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < mask.height; y++) {
    for (int x = 0; x < mask.width; x++) {
      if (!mask.at(x, y)) continue;
      blocks += 1;
      x_sum += static_cast<float>(x) + 0.5f;
      y_sum += static_cast<float>(y) + 0.5f;
    }
  }
  if (blocks <= 0) return {};
  return {blocks, x_sum / blocks / static_cast<float>(mask.width), y_sum / blocks / static_cast<float>(mask.height)};
}

// Of the blocks that hold something, those without a clear ridge.
float smudged_share(const Normalised& normalised, const Grid<float>& clarity) {
  const float threshold = contrast_threshold(normalised);
  float touched = 0, unclear = 0;
  for (std::size_t i = 0; i < clarity.values.size(); i++) {
    if (normalised.deviation.values[i] <= threshold) continue;
    touched += 1;
    unclear += clarity.values[i] < kPoorClarity;
  }
  return touched > 0 ? unclear / touched : 0;
}

// What the score is the product of, each 0 to 1.
struct Factors {
  float size = 0, evidence = 0, reliable = 0, clean = 0;
};

// What is unusual about a print; and of a poor one about which nothing is, what lowers its score most.
unsigned causes_of(const Quality& found, const Factors& factors, const Survey& skin, const Unevenness& uneven, float smudged) {
  unsigned out = 0;
  if (found.area_mm2 < kSmallArea) out |= cause::small;
  if (smudged > kSmudgedShare || uneven.contrast_kept < kSmearedContrast) out |= cause::smudged;
  if (std::max(std::abs(skin.mean_x - 0.5f), std::abs(skin.mean_y - 0.5f)) > kOffCentre) out |= cause::off_centre;
  if (uneven.valleys > kWetValleys && uneven.ridges < kWetRatio * uneven.valleys) out |= cause::wet;
  if (uneven.ridges > kDryRidges && uneven.valleys > kDryValleys && uneven.ridges > kDryRatio * uneven.valleys) out |= cause::dry;
  if (out != 0 || found.score >= kPoorScore) return out;
  const float least = std::min({factors.size, factors.evidence, factors.reliable, factors.clean});
  if (least == factors.size || least == factors.evidence) return cause::small;
  if (least == factors.reliable) return cause::smudged;
  return uneven.ridges > uneven.valleys ? cause::dry : cause::wet;
}

float ramp(float value, float low, float high) { return std::clamp((value - low) / (high - low), 0.0f, 1.0f); }

}  // namespace

Quality assess(const Grey& image, const Normalised& normalised, const Bits& ridges, const Mask& mask, const Grid<float>& clarity,
               const std::vector<Minutia>& minutiae) {
  const Survey found = survey(mask);
  const Unevenness uneven = unevenness(image, ridges, mask);
  float sound = 0;  // minutiae, each counted as far as it is clear
  for (const Minutia& minutia : minutiae) sound += static_cast<float>(minutia.quality) / 100;

  Quality out;
  out.area_mm2 = found.blocks * kBlock * kBlock * kSquareMillimetre;
  Factors factors;
  if (!minutiae.empty()) {
    factors.size = ramp(out.area_mm2, kUselessArea, kAmpleArea);
    factors.evidence = 1 - std::exp(-sound / kSoundMinutiae);
    factors.reliable = std::sqrt(std::min(1.0f, sound / static_cast<float>(minutiae.size()) / kAmpleReliability));
    factors.clean = std::min(1.0f, (1 + kCleanValleys) / (1 + uneven.valleys));
    out.score = static_cast<int>(std::lround(100 * factors.size * factors.evidence * factors.reliable * factors.clean));
  }
  out.causes = causes_of(out, factors, found, uneven, smudged_share(normalised, clarity));
  return out;
}

}  // namespace limen
