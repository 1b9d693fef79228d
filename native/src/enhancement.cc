#include "enhancement.h"

#include <array>
#include <cmath>

#include "kernels/filter.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr int kTaps = 2 * kFilterRadius + 1;
static_assert(kTaps == kFilterTaps);
// Rows of pairs of weights, as the inner loop takes them; the last weight of a row is zero.
using Filter = std::array<std::int16_t, static_cast<std::size_t>(kTaps) * kFilterPairs * 2>;

constexpr std::size_t place(int x, int y) {
  return static_cast<std::size_t>((y + kFilterRadius) * kFilterPairs * 2 + x + kFilterRadius);
}

Filter gabor(float angle, float period) {
  const float across_sigma = kFilterAcross * period, along_sigma = kFilterAlong * period;
  std::array<float, std::tuple_size_v<Filter>> kernel{}, envelope{};
  float kernel_sum = 0, envelope_sum = 0, size = 0;
  for (int y = -kFilterRadius; y <= kFilterRadius; y++) {
    for (int x = -kFilterRadius; x <= kFilterRadius; x++) {
      const float fx = static_cast<float>(x), fy = static_cast<float>(y);
      const float along = fx * std::cos(angle) + fy * std::sin(angle);
      const float across = fy * std::cos(angle) - fx * std::sin(angle);
      const std::size_t i = place(x, y);
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
  Filter filter;
  int rest = 0;
  for (std::size_t i = 0; i < filter.size(); i++) {
    filter[i] = static_cast<std::int16_t>(std::lround(kernel[i] / size * (1 << kFilterBits)));
    rest += filter[i];
  }
  filter[place(0, 0)] = static_cast<std::int16_t>(filter[place(0, 0)] - rest);
  return filter;
}

float period_of(int step) {
  return kMinPeriod * std::pow(kMaxPeriod / kMinPeriod, static_cast<float>(step) / (kFilterPeriods - 1));
}

struct Bank {
  std::array<Filter, static_cast<std::size_t>(kFilterOrientations) * kFilterPeriods> filters;

  Bank() {
    for (int o = 0; o < kFilterOrientations; o++)
      for (int p = 0; p < kFilterPeriods; p++)
        filters[static_cast<std::size_t>(o * kFilterPeriods + p)] = gabor(kPi * static_cast<float>(o) / kFilterOrientations, period_of(p));
  }

  const Filter& choose(float angle, float period) const {
    const int o = static_cast<int>(std::lround(angle / kPi * kFilterOrientations)) % kFilterOrientations;
    const float step = std::log(period / kMinPeriod) / std::log(kMaxPeriod / kMinPeriod) * (kFilterPeriods - 1);
    const int p = std::clamp(static_cast<int>(std::lround(step)), 0, kFilterPeriods - 1);
    return filters[static_cast<std::size_t>(o * kFilterPeriods + p)];
  }
};

// Each pixel beside the one on its right, with a margin, so that a block's filter never leaves the image; the edge repeats.
Signal pairs(const Signal& image, int width, int height) {
  Signal out(2 * (width + 2 * kFilterRadius + 1), height + 2 * kFilterRadius);
  std::vector<std::int16_t> line(static_cast<std::size_t>(width + 2 * kFilterRadius + 2));
  for (int y = 0; y < out.height; y++) {
    const std::int16_t* in = image.row(std::clamp(y - kFilterRadius, 0, image.height - 1));
    std::fill_n(line.begin(), kFilterRadius, in[0]);
    std::copy_n(in, image.width, line.begin() + kFilterRadius);
    std::fill(line.begin() + kFilterRadius + image.width, line.end(), in[image.width - 1]);
    std::int16_t* to = out.row(y);
    for (std::size_t x = 0; x + 1 < line.size(); x++) {
      to[2 * x] = line[x];
      to[2 * x + 1] = line[x + 1];
    }
  }
  return out;
}

}  // namespace

Signal enhance(const Signal& normalised, const Orientation& orientation, const Grid<float>& period, const Mask& mask) {
  static const Bank bank;
  const auto filter = filter_square();
  const Signal source = pairs(normalised, mask.width * kBlock, mask.height * kBlock);
  Signal out(normalised.width, normalised.height);
  std::array<std::int16_t, static_cast<std::size_t>(kBlock) * kBlock> answer;
  for (int row = 0; row < mask.height; row++) {
    for (int column = 0; column < mask.width; column++) {
      if (!mask.at(column, row)) continue;
      const Filter& weights = bank.choose(orientation.angle(column, row), period.at(column, row));
      const int x0 = column * kBlock, y0 = row * kBlock;
      filter(source.row(y0) + 2 * x0, static_cast<std::size_t>(source.width), weights.data(), answer.data());
      const int wide = std::min(kBlock, out.width - x0), high = std::min(kBlock, out.height - y0);
      for (int y = 0; y < high; y++) std::copy_n(answer.begin() + kBlock * y, wide, out.row(y0 + y) + x0);
    }
  }
  return out;
}

}  // namespace limen
