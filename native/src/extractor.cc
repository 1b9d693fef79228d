#include "extractor.h"

#include <chrono>

#include "binarisation.h"
#include "enhancement.h"
#include "minutiae.h"
#include "parameters.h"
#include "period.h"
#include "resampling.h"
#include "ridge_flow.h"
#include "segmentation.h"
#include "singularities.h"
#include "skeleton.h"
#include "skeleton_repair.h"

namespace limen {

using namespace parameters;

namespace {

class StepClock {
 public:
  explicit StepClock(std::array<float, kSteps.size()>& ms) : ms_(ms) {}
  // Ends a step.
  void lap() {
    const auto now = Clock::now();
    ms_[step_++] = std::chrono::duration<float, std::milli>(now - since_).count();
    since_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::array<float, kSteps.size()>& ms_;
  std::size_t step_ = 0;
  Clock::time_point since_ = Clock::now();
};

Grid<float> angles(const Orientation& orientation) {
  Grid<float> out(orientation.cosine.width, orientation.cosine.height);
  for (int y = 0; y < out.height; y++)
    for (int x = 0; x < out.width; x++) out.at(x, y) = orientation.angle(x, y);
  return out;
}

}  // namespace

std::optional<Extraction> extract(const std::uint8_t* pixels, std::size_t length, int width, int height, int dpi, Taps* taps) {
  const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
  if (!within(width, kMinSidePx, kMaxSidePx) || !within(height, kMinSidePx, kMaxSidePx)) return std::nullopt;
  if (!within(dpi, kMinDpi, kMaxDpi)) return std::nullopt;
  if (length != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) return std::nullopt;

  Extraction out;
  StepClock clock(out.step_ms);
  const Grey image = resample(pixels, width, height, dpi);
  clock.lap();
  const Normalised normalised = normalise(image);
  clock.lap();
  Orientation orientation = orient(normalised.image);
  clock.lap();
  const Mask mask = segment(normalised, orientation);
  clock.lap();
  const Grid<float> period = measure_period(normalised.image, orientation, mask);
  clock.lap();
  Signal enhanced = enhance(normalised.image, orientation, period, mask);
  for (int round = 0; round < kFlowRounds; round++) {
    orientation.follow(orient(enhanced), mask);
    enhanced = enhance(normalised.image, orientation, period, mask);
  }
  clock.lap();
  const Bits ridges = binarise(enhanced);
  clock.lap();
  Bits skeleton = thin(ridges);
  clock.lap();
  if (taps) taps->take("skeleton", skeleton);
  repair(skeleton, orientation);
  clock.lap();
  const Grid<float> clarity = measure_clarity(normalised.image, enhanced, orientation, mask);
  Template& features = out.features;
  features.width = image.width;
  features.height = image.height;
  features.minutiae = find_minutiae(skeleton, orientation, mask, clarity);
  features.flow = take_flow(orientation, mask, image.width, image.height);
  Singularities singular = find_singularities(orientation, mask);
  features.cores = std::move(singular.cores);
  features.deltas = std::move(singular.deltas);
  clock.lap();
  out.quality = assess(image, ridges, mask, clarity, features.minutiae);
  features.quality = out.quality.score;
  clock.lap();

  if (taps) {
    taps->take("image", image);
    taps->take("normalised", normalised.image);
    taps->take_blocks("orientation", angles(orientation));
    taps->take_blocks("coherence", orientation.coherence);
    taps->take_blocks("mask", mask);
    taps->take_blocks("period", period);
    taps->take("enhanced", enhanced);
    taps->take("binary", ridges);
    taps->take("repaired", skeleton);
    taps->take_blocks("clarity", clarity);
  }
  return out;
}

}  // namespace limen
