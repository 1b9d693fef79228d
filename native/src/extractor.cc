#include "extractor.h"

#include "binarisation.h"
#include "enhancement.h"
#include "minutiae.h"
#include "parameters.h"
#include "period.h"
#include "resampling.h"
#include "ridge_flow.h"
#include "segmentation.h"
#include "skeleton.h"
#include "skeleton_repair.h"

namespace limen {

using namespace parameters;

std::optional<Extraction> extract(const std::uint8_t* pixels, std::size_t length, int width, int height, int dpi) {
  const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
  if (!within(width, kMinSidePx, kMaxSidePx) || !within(height, kMinSidePx, kMaxSidePx)) return std::nullopt;
  if (!within(dpi, kMinDpi, kMaxDpi)) return std::nullopt;
  if (length != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) return std::nullopt;

  const Grey image = resample(pixels, width, height, dpi);
  const Normalised normalised = normalise(image);
  const Orientation orientation = orient(normalised.image);
  const Mask mask = segment(normalised, orientation);
  const Grid<float> period = measure_period(normalised.image, orientation, mask);
  const Signal enhanced = enhance(normalised.image, orientation, period, mask);
  Bits skeleton = thin(binarise(enhanced));
  repair(skeleton, orientation);
  const Grid<float> clarity = measure_clarity(normalised.image, enhanced, orientation, mask);

  Extraction out;
  out.features.width = image.width;
  out.features.height = image.height;
  out.features.minutiae = find_minutiae(skeleton, orientation, mask, clarity);
  out.features.flow = take_flow(orientation, mask, image.width, image.height);
  out.quality = assess(normalised, mask, clarity, static_cast<int>(out.features.minutiae.size()));
  out.features.quality = out.quality.score;
  return out;
}

}  // namespace limen
