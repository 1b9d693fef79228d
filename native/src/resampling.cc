#include "resampling.h"

#include <cmath>

#include "parameters.h"

namespace limen {
namespace {

constexpr int kWeightBits = 12;  // weights add up to 2 to the power of this
constexpr int kBetweenBits = 6;  // fraction kept between the two passes

// One output pixel's part of the input: the same number of weights for all of a side.
struct Tap {
  int first = 0;
  std::vector<int> weights;
};

std::vector<Tap> taps(int from, int to, float step) {
  const float reach = std::max(step, 1.0f);
  const int count = std::min(from, static_cast<int>(std::floor(2 * reach)) + 1);
  std::vector<Tap> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; i++) {
    const float centre = (static_cast<float>(i) + 0.5f) * step - 0.5f;
    Tap& tap = all[static_cast<std::size_t>(i)];
    tap.first = std::clamp(static_cast<int>(std::ceil(centre - reach)), 0, from - count);
    std::vector<float> shares;
    float sum = 0;
    for (int j = tap.first; j < tap.first + count; j++) {
      shares.push_back(std::max(0.0f, 1.0f - std::abs(static_cast<float>(j) - centre) / reach));
      sum += shares.back();
    }
    int rest = 1 << kWeightBits;
    std::size_t largest = 0;
    for (std::size_t j = 0; j < shares.size(); j++) {
      tap.weights.push_back(sum > 0 ? static_cast<int>(std::lround(shares[j] / sum * (1 << kWeightBits))) : 0);
      rest -= tap.weights.back();
      if (shares[j] > shares[largest]) largest = j;
    }
    tap.weights[largest] += rest;
  }
  return all;
}

int scaled(int side, int dpi) {
  const int rounded = (side * parameters::kWorkingDpi + dpi / 2) / dpi;
  return std::max(rounded, 1);
}

int rounded(int sum, int bits) { return (sum + (1 << (bits - 1))) >> bits; }

}  // namespace

Grey resample(const std::uint8_t* pixels, int width, int height, int dpi) {
  if (dpi == parameters::kWorkingDpi) {
    Grey same(width, height);
    std::copy(pixels, pixels + same.values.size(), same.values.begin());
    return same;
  }
  const float step = static_cast<float>(dpi) / parameters::kWorkingDpi;
  Grey out(scaled(width, dpi), scaled(height, dpi));
  const auto columns = taps(width, out.width, step);
  const auto rows = taps(height, out.height, step);
  std::vector<int> line(static_cast<std::size_t>(width));
  for (int y = 0; y < out.height; y++) {
    const Tap& row = rows[static_cast<std::size_t>(y)];
    std::fill(line.begin(), line.end(), 0);
    for (std::size_t j = 0; j < row.weights.size(); j++) {
      const std::uint8_t* in = pixels + (static_cast<std::size_t>(row.first) + j) * static_cast<std::size_t>(width);
      const int weight = row.weights[j];
      for (std::size_t x = 0; x < line.size(); x++) line[x] += weight * in[x];
    }
    for (int& value : line) value = rounded(value, kWeightBits - kBetweenBits);
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < out.width; x++) {
      const Tap& column = columns[static_cast<std::size_t>(x)];
      int sum = 0;
      for (std::size_t j = 0; j < column.weights.size(); j++) sum += column.weights[j] * line[static_cast<std::size_t>(column.first) + j];
      to[x] = static_cast<std::uint8_t>(rounded(sum, kWeightBits + kBetweenBits));
    }
  }
  return out;
}

}  // namespace limen
