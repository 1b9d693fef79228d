#include "normalisation.h"

#include <cmath>

#include "blocks.h"
#include "kernels/pixels.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// Mean grey and mean square of each block.
void average(const Grey& image, Grid<float>& mean, Grid<float>& square) {
  const auto add = add_greys();
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(image.width)), squares(sums.size());
  for (int row = 0; row < mean.height; row++) {
    std::fill(sums.begin(), sums.end(), 0);
    std::fill(squares.begin(), squares.end(), 0);
    const int top = row * kBlock, bottom = std::min(top + kBlock, image.height);
    for (int y = top; y < bottom; y++) add(image.row(y), image.width, sums.data(), squares.data());
    for (int column = 0; column < mean.width; column++) {
      const int left = column * kBlock, right = std::min(left + kBlock, image.width);
      const float count = static_cast<float>((right - left) * (bottom - top));
      mean.at(column, row) = static_cast<float>(block_sum(sums.data(), left, right)) / count;
      square.at(column, row) = static_cast<float>(block_sum(squares.data(), left, right)) / count;
    }
  }
}

Grid<float> deviation(const Grid<float>& mean, const Grid<float>& square) {
  Grid<float> out(mean.width, mean.height);
  for (std::size_t i = 0; i < out.values.size(); i++)
    out.values[i] = std::sqrt(std::max(0.0f, square.values[i] - mean.values[i] * mean.values[i]));
  return out;
}

}  // namespace

Normalised normalise(const Grey& image) {
  Grid<float> mean(blocks_across(image.width), blocks_across(image.height)), square(mean.width, mean.height);
  average(image, mean, square);
  Normalised out;
  smooth(mean, kContrastSigma);
  smooth(square, kContrastSigma);
  out.mean = mean;
  out.deviation = deviation(mean, square);

  // A second, wider smoothing: sigmas add in squares.
  const float wider = std::sqrt(kNormaliseSigma * kNormaliseSigma - kContrastSigma * kContrastSigma);
  smooth(mean, wider);
  smooth(square, wider);
  Grid<float> spread = deviation(mean, square);
  for (float& value : spread.values) value = std::max(value, kDeviationFloor);

  out.image = Signal(image.width, image.height);
  std::vector<float> mean_row(static_cast<std::size_t>(image.width)), spread_row(mean_row.size());
  const BlockSampler means(mean, image.width), spreads(spread, image.width);
  const auto level = level_row();
  for (int y = 0; y < image.height; y++) {
    means.row(y, mean_row.data());
    spreads.row(y, spread_row.data());
    level(image.row(y), mean_row.data(), spread_row.data(), kSignalUnit, kNormaliseLimit, image.width, out.image.row(y));
  }
  return out;
}

}  // namespace limen
