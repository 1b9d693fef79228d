#include "wsq_format.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "wsq.h"

namespace limen {

namespace {

constexpr int kMaxTaps = 2 * kMaxHalfTaps - 1;
constexpr double kLargest16 = 65535, kLargest32 = 4294967295.0;
constexpr int kMostDigits = 200;

// A number as the format keeps it: an unsigned whole number that is to be divided by a power of ten.
struct Scaled {
  int exponent = 0;
  double digits = 0;
};

Scaled scaled(double value, double largest) {
  Scaled out{0, std::round(std::min(value, largest))};
  if (!(value > 0)) return {};
  for (double digits = value * 10; std::round(digits) <= largest && out.exponent < kMostDigits; digits *= 10) {
    out.exponent++;
    out.digits = std::round(digits);
  }
  return out;
}

float value_of(int exponent, double digits) { return static_cast<float>(digits / std::pow(10.0, exponent)); }

float read16(Reader& from) {
  const int exponent = from.u8();
  return value_of(exponent, from.u16());
}

void write16(Writer& to, float value) {
  const Scaled number = scaled(value, kLargest16);
  to.u8(number.exponent);
  to.u16(static_cast<int>(number.digits));
}

std::vector<float> read_taps(Reader& from, int taps) {
  std::vector<float> half;
  for (int i = 0; i < (taps + 1) / 2; i++) {
    const bool negative = from.u8() != 0;
    const int exponent = from.u8();
    const float value = value_of(exponent, static_cast<double>(from.u32()));
    half.push_back(negative ? -value : value);
  }
  return half;
}

void write_taps(Writer& to, const std::vector<float>& half) {
  for (const float value : half) {
    const Scaled number = scaled(std::abs(value), kLargest32);
    to.u8(value < 0 ? 1 : 0);
    to.u8(number.exponent);
    to.u32(static_cast<std::size_t>(number.digits));
  }
}

int taps_of(const std::vector<float>& half) { return 2 * static_cast<int>(half.size()) - 1; }

}  // namespace

float as_written(float value) {
  const Scaled number = scaled(value, kLargest16);
  return value_of(number.exponent, number.digits);
}

std::optional<Frame> read_frame(Reader from) {
  from.u16();  // the levels of black and white: of no use to a decoder
  Frame frame;
  frame.height = from.u16();
  frame.width = from.u16();
  frame.shift = read16(from);
  frame.scale = read16(from);
  from.u8();   // the encoder's parameters
  from.u16();  // the encoder's make
  const auto within = [](int side) { return side >= 1 && side <= kMaxWsqSidePx; };
  if (from.failed() || from.left() > 0 || !within(frame.width) || !within(frame.height)) return std::nullopt;
  return frame;
}

std::optional<Filters> read_filters(Reader from) {
  const int low = from.u8(), high = from.u8();
  if (low % 2 == 0 || high % 2 == 0 || low > kMaxTaps || high > kMaxTaps) return std::nullopt;
  Filters filters;
  filters.low = read_taps(from, low);
  filters.high = read_taps(from, high);
  if (from.failed() || from.left() > 0) return std::nullopt;
  return filters;
}

std::optional<Quantisation> read_quantisation(Reader from) {
  Quantisation out;
  out.centre = read16(from);
  for (Quantiser& band : out.bands) {
    band.bin = read16(from);
    band.zero_bin = read16(from);
  }
  if (from.failed() || from.left() > 0) return std::nullopt;
  return out;
}

int read_dpi(Reader comment) {
  const std::string text(reinterpret_cast<const char*>(comment.at()), comment.left());
  if (text.rfind("NIST_COM", 0) != 0) return 0;
  const std::size_t found = text.find("\nPPI ");
  if (found == std::string::npos) return 0;
  const long dpi = std::strtol(text.c_str() + found + 5, nullptr, 10);
  return dpi > 0 && dpi <= 65535 ? static_cast<int>(dpi) : 0;
}

void write_frame(Writer& to, const Frame& frame) {
  to.u16(wsq_marker::kFrame);
  to.u16(17);
  to.u8(0);    // black
  to.u8(255);  // white
  to.u16(frame.height);
  to.u16(frame.width);
  write16(to, frame.shift);
  write16(to, frame.scale);
  to.u8(0);   // the encoder's parameters
  to.u16(0);  // the encoder's make: not certified
}

void write_filters(Writer& to, const Filters& filters) {
  to.u16(wsq_marker::kTransform);
  to.u16(4 + 6 * static_cast<int>(filters.low.size() + filters.high.size()));
  to.u8(taps_of(filters.low));
  to.u8(taps_of(filters.high));
  write_taps(to, filters.low);
  write_taps(to, filters.high);
}

void write_quantisation(Writer& to, const Quantisation& quantisation) {
  to.u16(wsq_marker::kQuantisation);
  to.u16(2 + 3 + 6 * kWsqBands);
  write16(to, quantisation.centre);
  for (const Quantiser& band : quantisation.bands) {
    write16(to, band.bin);
    write16(to, band.zero_bin);
  }
}

void write_comment(Writer& to, const Frame& frame, int dpi, float bit_rate) {
  std::string text = "NIST_COM 9\nPIX_WIDTH " + std::to_string(frame.width) + "\nPIX_HEIGHT " + std::to_string(frame.height) +
                     "\nPIX_DEPTH 8\nPPI " + (dpi > 0 ? std::to_string(dpi) : "-1") +
                     "\nLOSSY 1\nCOLORSPACE GRAY\nCOMPRESSION WSQ\nWSQ_BITRATE " + std::to_string(bit_rate);
  to.u16(wsq_marker::kComment);
  to.u16(2 + static_cast<int>(text.size()));
  for (const char letter : text) to.u8(letter);
}

}  // namespace limen
