#pragma once
#include <cstdint>
#include <optional>
#include "quality.h"
#include "template.h"

namespace limen {

struct Extraction {
  Template features;
  Quality quality;
};

// From an image of a finger (one byte a pixel, 0 = black) to its features. Nothing when the size or the resolution is
// outside what parameters.h allows. A blank image gives no minutiae and quality 0.
std::optional<Extraction> extract(const std::uint8_t* pixels, std::size_t length, int width, int height, int dpi);

}  // namespace limen
