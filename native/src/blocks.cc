#include "blocks.h"

#include <cmath>

#include "parameters.h"

namespace limen {

using parameters::kBlock;

int blocks_across(int length) { return (length + kBlock - 1) / kBlock; }

void smooth(Grid<float>& field, float sigma) {
  const int reach = static_cast<int>(std::ceil(2.5f * sigma));
  std::vector<float> kernel(static_cast<std::size_t>(2 * reach + 1));
  float sum = 0;
  for (int i = -reach; i <= reach; i++) {
    const float value = std::exp(-0.5f * static_cast<float>(i * i) / (sigma * sigma));
    kernel[static_cast<std::size_t>(i + reach)] = value;
    sum += value;
  }
  for (float& value : kernel) value /= sum;

  Grid<float> across(field.width, field.height);
  std::vector<float> line(static_cast<std::size_t>(field.width + 2 * reach));
  for (int y = 0; y < field.height; y++) {
    const float* in = field.row(y);
    std::fill_n(line.begin(), reach, in[0]);
    std::copy_n(in, field.width, line.begin() + reach);
    std::fill_n(line.end() - reach, reach, in[field.width - 1]);
    float* out = across.row(y);
    for (std::size_t i = 0; i < kernel.size(); i++) {
      const float weight = kernel[i];
      for (int x = 0; x < field.width; x++) out[x] += weight * line[static_cast<std::size_t>(x) + i];
    }
  }
  for (int y = 0; y < field.height; y++) {
    float* out = field.row(y);
    std::fill(out, out + field.width, 0.0f);
    for (int i = -reach; i <= reach; i++) {
      const float* in = across.row(std::clamp(y + i, 0, field.height - 1));
      const float weight = kernel[static_cast<std::size_t>(i + reach)];
      for (int x = 0; x < field.width; x++) out[x] += weight * in[x];
    }
  }
}

void BlockSampler::row(int y, float* out) const {
  const float fy = (static_cast<float>(y) + 0.5f) / kBlock - 0.5f;
  const int y0 = static_cast<int>(std::floor(fy));
  const float wy = fy - static_cast<float>(y0);
  const float* top = field_.row(std::clamp(y0, 0, field_.height - 1));
  const float* bottom = field_.row(std::clamp(y0 + 1, 0, field_.height - 1));
  // Between the centres of two blocks the value runs in a straight line.
  const auto down = [&](int column) {
    const int kept = std::clamp(column, 0, field_.width - 1);
    return top[kept] + wy * (bottom[kept] - top[kept]);
  };
  for (int column = -1; column < field_.width; column++) {
    const float left = down(column), step = (down(column + 1) - left) / kBlock;
    const int start = column * kBlock + kBlock / 2;
    const int last = std::min(kBlock, width_ - start);
    for (int i = std::max(0, -start); i < last; i++) out[start + i] = left + step * (static_cast<float>(i) + 0.5f);
  }
}

}  // namespace limen
