#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include "quality.h"
#include "taps.h"
#include "template.h"

namespace limen {

// The steps whose time is taken, in their order.
inline constexpr std::array<const char*, 11> kSteps{"resampling",  "normalisation", "orientation", "segmentation", "period",       "enhancement",
                                                    "binarisation", "skeleton",      "repair",      "minutiae",     "quality"};

struct Extraction {
  Template features;
  Quality quality;
  std::array<float, kSteps.size()> step_ms{};
};

// From an image of a finger (one byte a pixel, 0 = black) to its features. Nothing when the size or the resolution is
// outside what parameters.h allows. A blank image gives no minutiae and quality 0. Where `taps` are given, they keep what
// each step saw.
std::optional<Extraction> extract(const std::uint8_t* pixels, std::size_t length, int width, int height, int dpi, Taps* taps = nullptr);

}  // namespace limen
