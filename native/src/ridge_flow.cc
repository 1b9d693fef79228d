#include "ridge_flow.h"

#include <array>
#include <cmath>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

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
  Grid<Vector> sums(flow.levels.width, flow.levels.height);
  constexpr int reach = static_cast<int>(kFlowReach / kFlowSpacing) + 1;
  for (const Minutia& minutia : minutiae) {
    const Vector way{std::cos(2 * minutia.angle), std::sin(2 * minutia.angle)};
    const int column = static_cast<int>(minutia.x / kFlowSpacing), row = static_cast<int>(minutia.y / kFlowSpacing);
    for (int y = std::max(0, row - reach); y <= std::min(sums.height - 1, row + reach); y++) {
      for (int x = std::max(0, column - reach); x <= std::min(sums.width - 1, column + reach); x++) {
        const float dx = minutia.x - (static_cast<float>(x) + 0.5f) * kFlowSpacing, dy = minutia.y - (static_cast<float>(y) + 0.5f) * kFlowSpacing;
        const float square = dx * dx + dy * dy;
        if (square > kFlowReach * kFlowReach) continue;
        const float weight = 1 / (square + kFlowSpacing);
        sums.at(x, y).cosine += weight * way.cosine;
        sums.at(x, y).sine += weight * way.sine;
      }
    }
  }
  for (std::size_t i = 0; i < sums.values.size(); i++) {
    const Vector& sum = sums.values[i];
    if (sum.cosine != 0 || sum.sine != 0) flow.levels.values[i] = to_level(sum.cosine, sum.sine);
  }
  return flow;
}

namespace {

// Rows of vectors, each value spread over kFlowSteps by the line to its neighbour, half a value wider on either side.
struct SpreadRows {
  std::size_t width;
  std::vector<float> cosine, sine, known;

  explicit SpreadRows(const RidgeFlow& flow)
      : width(static_cast<std::size_t>(flow.levels.width) * kFlowSteps),
        cosine(width * (static_cast<std::size_t>(flow.levels.height) + 2)),
        sine(cosine.size()),
        known(cosine.size()) {
    std::vector<Vector> vectors(static_cast<std::size_t>(flow.levels.width) + 2);
    std::vector<float> there(vectors.size());
    std::size_t at = width;  // nothing is known of the first row and the last
    for (int y = 0; y < flow.levels.height; y++) {
      for (int x = 0; x < flow.levels.width; x++) {
        const std::uint8_t level = flow.levels.at(x, y);
        vectors[static_cast<std::size_t>(x) + 1] = level_vectors()[level];
        there[static_cast<std::size_t>(x) + 1] = level ? 1.0f : 0.0f;
      }
      for (std::size_t x = 1; x + 1 < vectors.size(); x++) {
        for (std::size_t step = 0; step < kFlowSteps; step++, at++) {
          const std::size_t left = step < kFlowSteps / 2 ? x - 1 : x;
          const float share = share_of(step), rest = 1 - share;
          cosine[at] = rest * vectors[left].cosine + share * vectors[left + 1].cosine;
          sine[at] = rest * vectors[left].sine + share * vectors[left + 1].sine;
          known[at] = rest * there[left] + share * there[left + 1];
        }
      }
    }
  }

  // How far a step's middle lies between the two values about it.
  static float share_of(std::size_t step) {
    const float place = (static_cast<float>(step) + 0.5f) / kFlowSteps + 0.5f;
    return place < 1 ? place : place - 1;
  }
  FlowRow row(std::size_t y) const { return {cosine.data() + y * width, sine.data() + y * width, known.data() + y * width}; }
};

constexpr float kStepPx = static_cast<float>(kFlowSpacing) / kFlowSteps;

}  // namespace

FlowSampler::FlowSampler(const RidgeFlow& flow)
    : left_(flow.column * kFlowSpacing),
      top_(flow.row * kFlowSpacing),
      right_(left_ + flow.levels.width * kFlowSpacing),
      bottom_(top_ + flow.levels.height * kFlowSpacing),
      fine_(flow.levels.width * kFlowSteps + 2, flow.levels.height * kFlowSteps + 2, -1),
      grid_{static_cast<float>(left_) - kStepPx, static_cast<float>(top_) - kStepPx, 1 / kStepPx, fine_.width, fine_.height} {
  const SpreadRows rows(flow);
  for (int y = 0; y < flow.levels.height * static_cast<int>(kFlowSteps); y++) {
    const std::size_t value = static_cast<std::size_t>(y) / kFlowSteps, step = static_cast<std::size_t>(y) % kFlowSteps;
    const std::size_t above = step < kFlowSteps / 2 ? value : value + 1;
    blend_flow_rows()(rows.row(above), rows.row(above + 1), SpreadRows::share_of(step), rows.width, fine_.row(y + 1) + 1);
  }
}

void FlowSampler::sample(const float* x, const float* y, std::size_t count, const Motion& motion, std::int16_t* turns) const {
  constexpr std::size_t kAtOnce = 64;
  std::array<std::int32_t, kAtOnce> cells;
  for (std::size_t at = 0; at < count; at += kAtOnce) {
    const std::size_t some = std::min(kAtOnce, count - at);
    find_cells()(x + at, y + at, some, motion, grid_, cells.data());
    for (std::size_t i = 0; i < some; i++) turns[at + i] = fine_.values[static_cast<std::size_t>(cells[i])];
  }
}

int FlowSampler::at(float x, float y) const {
  std::int16_t turn = -1;
  sample(&x, &y, 1, {1, 0, 0, 0}, &turn);
  return turn;
}

}  // namespace limen
