#include "orientation.h"

#include <cmath>

#include "blocks.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

float Orientation::angle(int column, int row) const {
  const float half = 0.5f * std::atan2(sine.at(column, row), cosine.at(column, row));
  return half < 0 ? half + kPi : half;
}

namespace {

// The structure tensor summed over each block, as double-angle vector of the ridge (across the gradient) and energy.
struct Tensor {
  Grid<float> cosine, sine, energy;
};

Tensor tensor(const Image& image) {
  const int columns = blocks_across(image.width);
  const int rows = blocks_across(image.height);
  Tensor out{Grid<float>(columns, rows), Grid<float>(columns, rows), Grid<float>(columns, rows)};
  std::vector<float> gxx(static_cast<std::size_t>(image.width)), gyy(gxx.size()), gxy(gxx.size());
  for (int y = 0; y < image.height; y++) {
    const float* up = image.row(std::max(y - 1, 0));
    const float* on = image.row(y);
    const float* down = image.row(std::min(y + 1, image.height - 1));
    for (int x = 1; x + 1 < image.width; x++) {
      const float gx = (up[x + 1] + 2 * on[x + 1] + down[x + 1]) - (up[x - 1] + 2 * on[x - 1] + down[x - 1]);
      const float gy = (down[x - 1] + 2 * down[x] + down[x + 1]) - (up[x - 1] + 2 * up[x] + up[x + 1]);
      const std::size_t i = static_cast<std::size_t>(x);
      gxx[i] = gx * gx;
      gyy[i] = gy * gy;
      gxy[i] = gx * gy;
    }
    const int r = y / kBlock;
    for (int x = 1; x + 1 < image.width; x++) {
      const std::size_t i = static_cast<std::size_t>(x);
      const int c = x / kBlock;
      out.cosine.at(c, r) += gyy[i] - gxx[i];
      out.sine.at(c, r) -= 2 * gxy[i];
      out.energy.at(c, r) += gxx[i] + gyy[i];
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

Orientation orient(const Image& image) {
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
