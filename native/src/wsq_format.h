#pragma once
#include <array>
#include <optional>
#include "bytes.h"
#include "wsq_tree.h"
#include "wsq_wavelet.h"

namespace limen {

namespace wsq_marker {
inline constexpr int kStartOfImage = 0xFFA0, kEndOfImage = 0xFFA1, kFrame = 0xFFA2, kBlock = 0xFFA3, kTransform = 0xFFA4,
                     kQuantisation = 0xFFA5, kHuffman = 0xFFA6, kRestartInterval = 0xFFA7, kComment = 0xFFA8,
                     kRestart = 0xFFB0;
}  // namespace wsq_marker

// How a subband's coefficients are made whole numbers: a bin about zero, and equal bins on either side of it. A subband
// of bin width 0 is not transmitted.
struct Quantiser {
  float bin = 0;
  float zero_bin = 0;
};

struct Quantisation {
  float centre = 0;  // of a bin, as a share of its width, where its coefficients are put back
  std::array<Quantiser, kWsqBands> bands{};
};

struct Frame {
  int width = 0, height = 0;
  float shift = 0, scale = 1;  // grey levels: what a coefficient plane is times `scale`, plus `shift`
};

// The segments' contents after the length; nothing when a length does not fit or a value is outside its range.
std::optional<Frame> read_frame(Reader from);
std::optional<Filters> read_filters(Reader from);
std::optional<Quantisation> read_quantisation(Reader from);
// The resolution that a NIST comment tells, or 0.
int read_dpi(Reader comment);

// Whole segments, marker and length included.
void write_frame(Writer& to, const Frame& frame);
void write_filters(Writer& to, const Filters& filters);
void write_quantisation(Writer& to, const Quantisation& quantisation);
void write_comment(Writer& to, const Frame& frame, int dpi, float bit_rate);

// What is left of a number once it has been written with 16 significant bits.
float as_written(float value);

}  // namespace limen
