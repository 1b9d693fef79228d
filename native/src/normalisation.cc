#include "normalisation.h"

#include <cmath>

#include "blocks.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

Normalised normalise(const Image& image) {
  const int columns = blocks_across(image.width);
  const int rows = blocks_across(image.height);
  Grid<float> sum(columns, rows), square(columns, rows), count(columns, rows);
  for (int y = 0; y < image.height; y++) {
    const float* in = image.row(y);
    for (int column = 0; column < columns; column++) {
      const int from = column * kBlock, to = std::min(from + kBlock, image.width);
      float line = 0, squares = 0;
      for (int x = from; x < to; x++) {
        line += in[x];
        squares += in[x] * in[x];
      }
      sum.at(column, y / kBlock) += line;
      square.at(column, y / kBlock) += squares;
      count.at(column, y / kBlock) += static_cast<float>(to - from);
    }
  }
  for (std::size_t i = 0; i < sum.values.size(); i++) {
    sum.values[i] /= count.values[i];
    square.values[i] /= count.values[i];
  }
  const auto deviation = [](const Grid<float>& mean, const Grid<float>& squares) {
    Grid<float> out(mean.width, mean.height);
    for (std::size_t i = 0; i < out.values.size(); i++)
      out.values[i] = std::sqrt(std::max(0.0f, squares.values[i] - mean.values[i] * mean.values[i]));
    return out;
  };
  Normalised out;
  smooth(sum, kContrastSigma);
  smooth(square, kContrastSigma);
  out.mean = sum;
  out.deviation = deviation(sum, square);

  // A second, wider smoothing: sigmas add in squares.
  const float wider = std::sqrt(kNormaliseSigma * kNormaliseSigma - kContrastSigma * kContrastSigma);
  smooth(sum, wider);
  smooth(square, wider);
  const Grid<float> spread = deviation(sum, square);

  out.image = Image(image.width, image.height);
  std::vector<float> mean_row(static_cast<std::size_t>(image.width)), spread_row(static_cast<std::size_t>(image.width));
  const BlockSampler means(sum, image.width), spreads(spread, image.width);
  for (int y = 0; y < image.height; y++) {
    means.row(y, mean_row.data());
    spreads.row(y, spread_row.data());
    const float* in = image.row(y);
    float* to = out.image.row(y);
    for (int x = 0; x < image.width; x++) {
      const std::size_t i = static_cast<std::size_t>(x);
      const float value = (mean_row[i] - in[x]) / std::max(spread_row[i], kDeviationFloor);
      to[x] = std::clamp(value, -kNormaliseLimit, kNormaliseLimit);
    }
  }
  return out;
}

}  // namespace limen
