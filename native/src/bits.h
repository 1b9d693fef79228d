#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace limen {

// A rectangle of bits, row by row, the leftmost lowest in its word. A word that stays empty ends each row, so that
// neighbours can be had by shifting a whole image.
struct Bits {
  int width = 0;
  int height = 0;
  std::size_t stride = 0;  // words a row
  std::vector<std::uint64_t> words;

  Bits() = default;
  Bits(int w, int h) : width(w), height(h), stride(static_cast<std::size_t>(w + 63) / 64 + 1), words(stride * static_cast<std::size_t>(h)) {}

  std::uint64_t* row(int y) { return words.data() + stride * static_cast<std::size_t>(y); }
  const std::uint64_t* row(int y) const { return words.data() + stride * static_cast<std::size_t>(y); }
  bool at(int x, int y) const { return row(y)[x >> 6] >> (x & 63) & 1; }
  void set(int x, int y) { row(y)[x >> 6] |= std::uint64_t{1} << (x & 63); }
  void clear(int x, int y) { row(y)[x >> 6] &= ~(std::uint64_t{1} << (x & 63)); }

  // The bits at x - 1, x and x + 1, lowest first; x from 1 on.
  unsigned three(int x, int y) const {
    const std::uint64_t* word = row(y) + ((x - 1) >> 6);
    const int shift = (x - 1) & 63;
    const std::uint64_t low = word[0] >> shift;
    return static_cast<unsigned>(shift < 62 ? low : low | word[1] << (64 - shift)) & 7;
  }
};

// Calls visit(x, y) for every bit that is set, row by row. Bits that visit changes further on in the same word are not
// seen again.
template <class Visit>
void for_each(const Bits& bits, Visit visit) {
  for (int y = 0; y < bits.height; y++) {
    for (std::size_t i = 0; i + 1 < bits.stride; i++) {
      for (std::uint64_t left = bits.row(y)[i]; left != 0; left &= left - 1) visit(static_cast<int>(64 * i) + std::countr_zero(left), y);
    }
  }
}

}  // namespace limen
