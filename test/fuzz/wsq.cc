#include "check.h"
#include "wsq.h"

namespace {

constexpr int kMostPixels = 256 * 256, kRareLarge = 251;

// The size that the first frame segment tells, before anything is decoded.
long pixels_of(const std::uint8_t* bytes, std::size_t length) {
  for (std::size_t i = 0; i + 10 <= length; i++)
    if (bytes[i] == 0xFF && bytes[i + 1] == 0xA2)
      return static_cast<long>(bytes[i + 6] << 8 | bytes[i + 7]) * (bytes[i + 8] << 8 | bytes[i + 9]);
  return 0;
}

}  // namespace

// Any bytes; images of many pixels only now and then, so that there are many. What decodes can be encoded and decoded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  if (length == 0 || (pixels_of(bytes, length) > kMostPixels && bytes[length / 2] != kRareLarge)) return 0;
  const auto image = limen::decode_wsq(bytes, length);
  if (!image) return 0;
  must(image->width >= 1 && image->width <= limen::kMaxWsqSidePx && image->height >= 1, "a size within bounds");
  must(image->pixels.size() == static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height), "pixels that fit it");
  const float rate = 0.05f + static_cast<float>(bytes[length - 3 < length ? length - 3 : 0]) / 33;  // up to the greatest
  const auto encoded = limen::encode_wsq(*image, rate);
  must(encoded.has_value(), "what was decoded is encoded");
  const auto again = limen::decode_wsq(encoded->data(), encoded->size());
  must(again && again->width == image->width && again->height == image->height, "and decoded");
  must(again->dpi == image->dpi, "with its resolution");
  return 0;
}
