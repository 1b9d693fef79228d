#include "resampling.h"

#include <cmath>

#include "parameters.h"

namespace limen {
namespace {

struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps(int from, int to, float step) {
  const float reach = std::max(step, 1.0f);
  std::vector<Taps> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; i++) {
    const float centre = (static_cast<float>(i) + 0.5f) * step - 0.5f;
    const int first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(centre + reach)));
    Taps& tap = all[static_cast<std::size_t>(i)];
    tap.first = std::min(first, from - 1);
    float sum = 0;
    for (int j = first; j <= last; j++) {
      const float weight = std::max(0.0f, 1.0f - std::abs(static_cast<float>(j) - centre) / reach);
      tap.weights.push_back(weight);
      sum += weight;
    }
    if (sum <= 0) tap.weights.assign(1, sum = 1.0f);
    for (float& weight : tap.weights) weight /= sum;
  }
  return all;
}

int scaled(int side, int dpi) {
  const int rounded = (side * parameters::kWorkingDpi + dpi / 2) / dpi;
  return std::max(rounded, 1);
}

}  // namespace

Image resample(const std::uint8_t* pixels, int width, int height, int dpi) {
  const float step = static_cast<float>(dpi) / parameters::kWorkingDpi;
  if (dpi == parameters::kWorkingDpi) {
    Image same(width, height);
    std::copy(pixels, pixels + same.values.size(), same.values.begin());
    return same;
  }
  Image across(scaled(width, dpi), height);
  const auto columns = taps(width, across.width, step);
  for (int y = 0; y < height; y++) {
    const std::uint8_t* in = pixels + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    for (int x = 0; x < across.width; x++) {
      const Taps& tap = columns[static_cast<std::size_t>(x)];
      float sum = 0;
      for (std::size_t j = 0; j < tap.weights.size(); j++) sum += tap.weights[j] * in[static_cast<std::size_t>(tap.first) + j];
      across.at(x, y) = sum;
    }
  }
  Image out(across.width, scaled(height, dpi));
  const auto rows = taps(height, out.height, step);
  for (int y = 0; y < out.height; y++) {
    const Taps& tap = rows[static_cast<std::size_t>(y)];
    float* to = out.row(y);
    for (std::size_t j = 0; j < tap.weights.size(); j++) {
      const float* in = across.row(tap.first + static_cast<int>(j));
      for (int x = 0; x < out.width; x++) to[x] += tap.weights[j] * in[x];
    }
  }
  return out;
}

}  // namespace limen
