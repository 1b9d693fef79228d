#include "wsq_coefficients.h"

#include <algorithm>
#include <cstdint>

namespace limen {

namespace {

constexpr int kEnd = -1, kUnknown = -2;

// The bits of a block, up to the next marker. A byte of all ones in the data is followed by a byte of zeros.
class Bits {
 public:
  explicit Bits(Reader& from) : at_(from.at()), end_(from.at() + from.left()) {}

  // The next symbol; kEnd where only filling bits are left before the marker.
  int symbol(const HuffmanTable& table) {
    fill();
    int code = 0, first = 0, before = 0;
    for (int length = 1; length <= std::min(count_, kMaxCodeLength); length++) {
      const int here = table.counts[static_cast<std::size_t>(length)];
      code = static_cast<int>(pending_ >> (count_ - length)) & ((1 << length) - 1);
      if (code - first < here) {
        count_ -= length;
        return table.symbols[static_cast<std::size_t>(before + code - first)];
      }
      before += here;
      first = (first + here) << 1;
    }
    return count_ < 8 ? kEnd : kUnknown;
  }

  int number(int bits) {
    fill();
    if (count_ < bits) return kEnd;
    count_ -= bits;
    return static_cast<int>(pending_ >> count_) & ((1 << bits) - 1);
  }

  // Whether no whole byte is left, and a marker follows.
  bool at_marker() {
    fill();
    return count_ < 8 && end_ - at_ >= 2;
  }

  // Passes over the restart marker of this number, if it is next.
  bool restart(int number) {
    if (!at_marker() || at_[1] != ((wsq_marker::kRestart + number) & 255)) return false;
    at_ += 2;
    count_ = 0;
    return true;
  }

  const std::uint8_t* at() const { return at_; }

 private:
  void fill() {
    while (count_ <= 48 && at_ < end_) {
      if (*at_ == 0xFF) {
        if (end_ - at_ < 2 || at_[1] != 0) return;
        at_++;
        pending_ = pending_ << 8 | 0xFF;
      } else {
        pending_ = pending_ << 8 | *at_;
      }
      at_++;
      count_ += 8;
    }
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint64_t pending_ = 0;
  int count_ = 0;
};

}  // namespace

CoefficientPlane::CoefficientPlane(int width, int height, const Quantisation& quantisation)
    : width_(width),
      tree_(wsq_tree(width, height)),
      quantisation_(quantisation),
      values_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
  find_band();
}

// Goes on to the next subband that has places and is transmitted.
void CoefficientPlane::find_band() {
  for (; band_ < kWsqCodedBands; band_++) {
    const auto at = static_cast<std::size_t>(band_);
    if (quantisation_.bands[at].bin > 0 && tree_.bands[at].width > 0 && tree_.bands[at].height > 0) return;
  }
}

bool CoefficientPlane::pass(int zeros) {
  while (zeros > 0) {
    if (complete()) return false;
    const Band& band = tree_.bands[static_cast<std::size_t>(band_)];
    const int place = row_ * band.width + column_, left = band.width * band.height - place;
    if (zeros < left) {
      row_ = (place + zeros) / band.width;
      column_ = (place + zeros) % band.width;
      return true;
    }
    zeros -= left;
    row_ = column_ = 0;
    band_++;
    find_band();
  }
  return true;
}

bool CoefficientPlane::put(int value) {
  if (complete()) return false;
  if (value != 0) {
    const auto at = static_cast<std::size_t>(band_);
    const Band& band = tree_.bands[at];
    const Quantiser& quantiser = quantisation_.bands[at];
    const float size = quantiser.bin * (static_cast<float>(std::abs(value)) - quantisation_.centre) + quantiser.zero_bin / 2;
    values_[static_cast<std::size_t>(band.y + row_) * static_cast<std::size_t>(width_) +
            static_cast<std::size_t>(band.x + column_)] = value > 0 ? size : -size;
  }
  return pass(1);
}

bool CoefficientPlane::read_block(Reader& from, const HuffmanTable& table, bool restarts) {
  using namespace wsq_symbol;
  Bits bits(from);
  int restart = 0;
  bool sound = true;
  while (sound && !(complete() && bits.at_marker())) {
    const int symbol = bits.symbol(table);
    if (symbol == kEnd) {
      if (!restarts || !bits.restart(restart)) break;
      restart = (restart + 1) & 7;
    } else if (symbol >= 1 && symbol <= kLongestRun) {
      sound = pass(symbol);
    } else if (symbol > kRun16 && symbol < 255) {
      sound = put(symbol - kZero);
    } else if (symbol == kPositive8 || symbol == kPositive16 || symbol == kNegative8 || symbol == kNegative16) {
      const int size = bits.number(symbol == kPositive8 || symbol == kNegative8 ? 8 : 16);
      sound = size >= 0 && put(symbol == kPositive8 || symbol == kPositive16 ? size : -size);
    } else if (symbol == kRun8 || symbol == kRun16) {
      const int zeros = bits.number(symbol == kRun8 ? 8 : 16);
      sound = zeros > 0 && pass(zeros);
    } else {
      sound = false;
    }
  }
  from.part(static_cast<std::size_t>(bits.at() - from.at()));
  return sound && bits.at_marker();
}

}  // namespace limen
