#include "orientation.h"

#include <cmath>

#include "blocks.h"
#include "kernels/pixels.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

float half_angle(float sine, float cosine) {
  const float half = 0.5f * std::atan2(sine, cosine);
  return half < 0 ? half + kPi : half;
}

}  // namespace

float Orientation::angle(int column, int row) const { return half_angle(sine.at(column, row), cosine.at(column, row)); }

float Orientation::angle_at(float x, float y) const {
  const float fx = (x + 0.5f) / kBlock - 0.5f, fy = (y + 0.5f) / kBlock - 0.5f;
  const int column = static_cast<int>(std::floor(fx)), row = static_cast<int>(std::floor(fy));
  const float wx = fx - static_cast<float>(column), wy = fy - static_cast<float>(row);
  const auto between = [&](const Grid<float>& field) {
    const float upper = (1 - wx) * field.nearest(column, row) + wx * field.nearest(column + 1, row);
    const float lower = (1 - wx) * field.nearest(column, row + 1) + wx * field.nearest(column + 1, row + 1);
    return (1 - wy) * upper + wy * lower;
  };
  return half_angle(between(sine), between(cosine));
}

void Orientation::follow(const Orientation& other, const Mask& where) {
  for (std::size_t i = 0; i < where.values.size(); i++) {
    if (!where.values[i]) continue;
    cosine.values[i] = other.cosine.values[i];
    sine.values[i] = other.sine.values[i];
  }
}

namespace {

// The structure tensor summed over each block, as double-angle vector of the ridge (across the gradient) and energy.
struct Tensor {
  Grid<float> cosine, sine, energy;
};

Tensor tensor(const Signal& image) {
  const int columns = blocks_across(image.width), rows = blocks_across(image.height);
  Tensor out{Grid<float>(columns, rows), Grid<float>(columns, rows), Grid<float>(columns, rows)};
  std::vector<std::int32_t> cosine(static_cast<std::size_t>(image.width)), sine(cosine.size()), energy(cosine.size());
  const auto add = add_gradients();
  for (int row = 0; row < rows; row++) {
    for (auto* sums : {&cosine, &sine, &energy}) std::fill(sums->begin(), sums->end(), 0);
    for (int y = row * kBlock; y < std::min((row + 1) * kBlock, image.height); y++)
      add(image.row(std::max(y - 1, 0)), image.row(y), image.row(std::min(y + 1, image.height - 1)), image.width, cosine.data(),
          sine.data(), energy.data());
    for (int column = 0; column < columns; column++) {
      const int left = column * kBlock, right = std::min(left + kBlock, image.width);
      out.cosine.at(column, row) = static_cast<float>(block_sum(cosine.data(), left, right));
      out.sine.at(column, row) = static_cast<float>(block_sum(sine.data(), left, right));
      out.energy.at(column, row) = static_cast<float>(block_sum(energy.data(), left, right));
    }
  }
  return out;
}

void smooth(Tensor& of, float sigma) {
  limen::smooth(of.cosine, sigma);
  limen::smooth(of.sine, sigma);
  limen::smooth(of.energy, sigma);
}

}  // namespace

Orientation orient(const Signal& image) {
  Tensor fine = tensor(image);
  smooth(fine, kOrientationFineSigma);
  Tensor coarse = fine;
  smooth(coarse, kOrientationCoarseSigma);

  const int columns = fine.energy.width;
  const int rows = fine.energy.height;
  Orientation out{Grid<float>(columns, rows, 1.0f), Grid<float>(columns, rows), Grid<float>(columns, rows)};
  for (std::size_t i = 0; i < fine.energy.values.size(); i++) {
    const float energy = fine.energy.values[i];
    if (energy <= 0) continue;
    const float coherence = std::hypot(fine.cosine.values[i], fine.sine.values[i]) / energy;
    // Where the close view is not sure of itself, the wide one counts more.
    const float trust = std::min(coherence / kTrustedCoherence, 1.0f);
    const float wide = (1.0f - trust) / std::max(coarse.energy.values[i], 1e-6f);
    const float close = trust / energy;
    const float c = close * fine.cosine.values[i] + wide * coarse.cosine.values[i];
    const float s = close * fine.sine.values[i] + wide * coarse.sine.values[i];
    const float length = std::hypot(c, s);
    out.coherence.values[i] = std::min(coherence, 1.0f);
    if (length <= 0) continue;
    out.cosine.values[i] = c / length;
    out.sine.values[i] = s / length;
  }
  return out;
}

}  // namespace limen
