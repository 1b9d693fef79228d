#include "ridge_flow.h"

#include <array>
#include <cmath>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr float kFinePx = 6.0f;

struct Vector {
  float cosine = 0, sine = 0;
};

// The double-angle vector of each level; level 0 is none.
const std::array<Vector, kFlowLevels + 1>& level_vectors() {
  static const auto all = [] {
    std::array<Vector, kFlowLevels + 1> out;
    for (std::size_t level = 1; level <= kFlowLevels; level++) {
      const float turn = 2 * kPi * static_cast<float>(level - 1) / kFlowLevels;
      out[level] = {std::cos(turn), std::sin(turn)};
    }
    return out;
  }();
  return all;
}

std::uint8_t to_level(float cosine, float sine) {
  const float turn = std::atan2(sine, cosine) / (2 * kPi);
  const int step = static_cast<int>(std::lround(turn * kFlowLevels));
  return static_cast<std::uint8_t>((step + kFlowLevels) % kFlowLevels + 1);
}

int samples_across(int length, int spacing) { return std::clamp((length + spacing / 2) / spacing, 1, kMaxFlowSide); }

// The smallest rectangle that holds all that is known.
RidgeFlow crop(const Grid<std::uint8_t>& levels) {
  int left = levels.width, top = levels.height, right = -1, bottom = -1;
  for (int y = 0; y < levels.height; y++) {
    for (int x = 0; x < levels.width; x++) {
      if (levels.at(x, y) == 0) continue;
      left = std::min(left, x);
      top = std::min(top, y);
      right = std::max(right, x);
      bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return {};
  RidgeFlow flow{kFlowSpacing, left, top, Grid<std::uint8_t>(right - left + 1, bottom - top + 1)};
  for (int y = top; y <= bottom; y++) std::copy(levels.row(y) + left, levels.row(y) + right + 1, flow.levels.row(y - top));
  return flow;
}

}  // namespace

RidgeFlow take_flow(const Orientation& orientation, const Mask& mask, int width, int height) {
  Grid<std::uint8_t> levels(samples_across(width, kFlowSpacing), samples_across(height, kFlowSpacing));
  constexpr int blocks = kFlowSpacing / kBlock;
  for (int y = 0; y < levels.height; y++) {
    for (int x = 0; x < levels.width; x++) {
      Vector sum;
      int kept = 0, seen = 0;
      for (int by = y * blocks; by < std::min((y + 1) * blocks, mask.height); by++) {
        for (int bx = x * blocks; bx < std::min((x + 1) * blocks, mask.width); bx++) {
          seen++;
          if (!mask.at(bx, by)) continue;
          kept++;
          sum.cosine += orientation.cosine.at(bx, by);
          sum.sine += orientation.sine.at(bx, by);
        }
      }
      if (2 * kept >= seen && kept > 0) levels.at(x, y) = to_level(sum.cosine, sum.sine);
    }
  }
  return crop(levels);
}

RidgeFlow guess_flow(const std::vector<Minutia>& minutiae, int width, int height) {
  RidgeFlow flow{kFlowSpacing, 0, 0, Grid<std::uint8_t>(samples_across(width, kFlowSpacing), samples_across(height, kFlowSpacing))};
  for (int y = 0; y < flow.levels.height; y++) {
    for (int x = 0; x < flow.levels.width; x++) {
      const float cx = (static_cast<float>(x) + 0.5f) * kFlowSpacing, cy = (static_cast<float>(y) + 0.5f) * kFlowSpacing;
      Vector sum;
      for (const Minutia& minutia : minutiae) {
        const float square = (minutia.x - cx) * (minutia.x - cx) + (minutia.y - cy) * (minutia.y - cy);
        if (square > kFlowReach * kFlowReach) continue;
        const float weight = 1 / (square + kFlowSpacing);
        sum.cosine += weight * std::cos(2 * minutia.angle);
        sum.sine += weight * std::sin(2 * minutia.angle);
      }
      if (std::hypot(sum.cosine, sum.sine) > 0) flow.levels.at(x, y) = to_level(sum.cosine, sum.sine);
    }
  }
  return flow;
}

FlowSampler::FlowSampler(const RidgeFlow& flow) {
  const float ratio = kFinePx / static_cast<float>(flow.spacing);
  fine_ = Grid<short>(static_cast<int>(static_cast<float>(flow.levels.width) / ratio) + 1,
                      static_cast<int>(static_cast<float>(flow.levels.height) / ratio) + 1, -1);
  for (int y = 0; y < fine_.height; y++) {
    const float fy = (static_cast<float>(y) + 0.5f) * ratio - 0.5f;
    const int y0 = static_cast<int>(std::floor(fy));
    const float wy = fy - static_cast<float>(y0);
    for (int x = 0; x < fine_.width; x++) {
      const float fx = (static_cast<float>(x) + 0.5f) * ratio - 0.5f;
      const int x0 = static_cast<int>(std::floor(fx));
      const float wx = fx - static_cast<float>(x0);
      Vector sum;
      float weight = 0;
      for (int j = 0; j < 2; j++) {
        for (int i = 0; i < 2; i++) {
          if (!flow.levels.holds(x0 + i, y0 + j)) continue;
          const std::uint8_t level = flow.levels.at(x0 + i, y0 + j);
          if (level == 0) continue;
          const float share = (i ? wx : 1 - wx) * (j ? wy : 1 - wy);
          sum.cosine += share * level_vectors()[level].cosine;
          sum.sine += share * level_vectors()[level].sine;
          weight += share;
        }
      }
      if (weight < 0.5f) continue;
      const long turn = std::lround(std::atan2(sum.sine, sum.cosine) / (2 * kPi) * 256);
      fine_.at(x, y) = static_cast<short>(turn & 255);
    }
  }
  left_ = flow.column * flow.spacing;
  top_ = flow.row * flow.spacing;
  right_ = left_ + flow.levels.width * flow.spacing;
  bottom_ = top_ + flow.levels.height * flow.spacing;
}

int FlowSampler::at(float x, float y) const {
  const int column = static_cast<int>(std::floor((x - static_cast<float>(left_)) / kFinePx));
  const int row = static_cast<int>(std::floor((y - static_cast<float>(top_)) / kFinePx));
  return fine_.holds(column, row) ? fine_.at(column, row) : -1;
}

}  // namespace limen
