#include "enhancement.h"

#include <array>
#include <cmath>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr int kTaps = 2 * kFilterRadius + 1;
using Kernel = std::array<float, static_cast<std::size_t>(kTaps) * kTaps>;

Kernel gabor(float angle, float period) {
  const float across_sigma = kFilterAcross * period, along_sigma = kFilterAlong * period;
  Kernel kernel{};
  Kernel envelope{};
  float kernel_sum = 0, envelope_sum = 0, size = 0;
  for (int y = -kFilterRadius; y <= kFilterRadius; y++) {
    for (int x = -kFilterRadius; x <= kFilterRadius; x++) {
      const float fx = static_cast<float>(x), fy = static_cast<float>(y);
      const float along = fx * std::cos(angle) + fy * std::sin(angle);
      const float across = fy * std::cos(angle) - fx * std::sin(angle);
      const std::size_t i = static_cast<std::size_t>((y + kFilterRadius) * kTaps + x + kFilterRadius);
      envelope[i] = std::exp(-0.5f * (across * across / (across_sigma * across_sigma) + along * along / (along_sigma * along_sigma)));
      kernel[i] = envelope[i] * std::cos(2 * kPi * across / period);
      kernel_sum += kernel[i];
      envelope_sum += envelope[i];
    }
  }
  for (std::size_t i = 0; i < kernel.size(); i++) {
    kernel[i] -= envelope[i] * kernel_sum / envelope_sum;  // no answer to an even grey
    size += std::abs(kernel[i]);
  }
  for (float& value : kernel) value /= size;
  return kernel;
}

float period_of(int step) {
  return kMinPeriod * std::pow(kMaxPeriod / kMinPeriod, static_cast<float>(step) / (kFilterPeriods - 1));
}

struct Bank {
  std::array<Kernel, static_cast<std::size_t>(kFilterOrientations) * kFilterPeriods> kernels;

  Bank() {
    for (int o = 0; o < kFilterOrientations; o++)
      for (int p = 0; p < kFilterPeriods; p++)
        kernels[static_cast<std::size_t>(o * kFilterPeriods + p)] = gabor(kPi * static_cast<float>(o) / kFilterOrientations, period_of(p));
  }

  const Kernel& choose(float angle, float period) const {
    const int o = static_cast<int>(std::lround(angle / kPi * kFilterOrientations)) % kFilterOrientations;
    const float step = std::log(period / kMinPeriod) / std::log(kMaxPeriod / kMinPeriod) * (kFilterPeriods - 1);
    const int p = std::clamp(static_cast<int>(std::lround(step)), 0, kFilterPeriods - 1);
    return kernels[static_cast<std::size_t>(o * kFilterPeriods + p)];
  }
};

// The image with a margin, so that a block's filter never leaves it; the edge repeats.
Image padded(const Image& image, int width, int height) {
  Image out(width + 2 * kFilterRadius, height + 2 * kFilterRadius);
  for (int y = 0; y < out.height; y++)
    for (int x = 0; x < out.width; x++) out.at(x, y) = image.nearest(x - kFilterRadius, y - kFilterRadius);
  return out;
}

// As much of a block as its sums fit into vector registers.
constexpr int kStrip = 4;
using Strip = std::array<std::array<float, kBlock>, kStrip>;

Strip filter(const Kernel& kernel, const Image& source, int x0, int y0) {
  Strip sums{};
  for (int ky = 0; ky < kTaps; ky++) {
    std::array<const float*, kStrip> in;
    for (int y = 0; y < kStrip; y++) in[static_cast<std::size_t>(y)] = source.row(y0 + y + ky) + x0;
    for (int kx = 0; kx < kTaps; kx++) {
      const float weight = kernel[static_cast<std::size_t>(ky * kTaps + kx)];
      for (std::size_t y = 0; y < kStrip; y++)
        for (std::size_t x = 0; x < kBlock; x++) sums[y][x] += weight * in[y][static_cast<std::size_t>(kx) + x];
    }
  }
  return sums;
}

}  // namespace

Image enhance(const Image& normalised, const Orientation& orientation, const Grid<float>& period, const Mask& mask) {
  static const Bank bank;
  const Image source = padded(normalised, mask.width * kBlock, mask.height * kBlock);
  Image out(normalised.width, normalised.height);
  for (int row = 0; row < mask.height; row++) {
    for (int column = 0; column < mask.width; column++) {
      if (!mask.at(column, row)) continue;
      const Kernel& kernel = bank.choose(orientation.angle(column, row), period.at(column, row));
      for (int strip = 0; strip < kBlock; strip += kStrip) {
        const int x0 = column * kBlock, y0 = row * kBlock + strip;
        const Strip answer = filter(kernel, source, x0, y0);
        const int wide = std::min(kBlock, out.width - x0), high = std::min(kStrip, out.height - y0);
        for (int y = 0; y < high; y++) std::copy_n(answer[static_cast<std::size_t>(y)].begin(), wide, out.row(y0 + y) + x0);
      }
    }
  }
  return out;
}

}  // namespace limen
