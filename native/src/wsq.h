#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace limen {

// The WSQ Gray-Scale Fingerprint Image Compression Specification, IAFIS-IC-0110 (V3.1).

inline constexpr int kMaxWsqSidePx = 4000;

struct WsqImage {
  int width = 0;
  int height = 0;
  int dpi = 0;  // as the NIST comment says; 0 when it does not
  std::vector<std::uint8_t> pixels;
};

// Nothing when a marker, a length, a table or the number of coefficients is wrong, or a side is over 4000 pixels.
std::optional<WsqImage> decode_wsq(const std::uint8_t* bytes, std::size_t length);

// `bit_rate` is the r of the specification, over 0 to 8 bits a pixel: 0.75 makes about 15:1 of a print, 2.25 about 5:1.
// `dpi` goes into a NIST comment, 0 when not known. Nothing when the size does not fit the pixels or is over 4000 a side.
std::optional<std::vector<std::uint8_t>> encode_wsq(const WsqImage& image, float bit_rate);

}  // namespace limen
