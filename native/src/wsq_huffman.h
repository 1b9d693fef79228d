#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>
#include "bytes.h"

namespace limen {

inline constexpr int kMaxCodeLength = 16;

// How many codes there are of each length, 1 to 16 bits, and their symbols in the order of the codes.
struct HuffmanTable {
  std::array<int, kMaxCodeLength + 1> counts{};
  std::vector<std::uint8_t> symbols;
};

// Reads a table's counts and symbols; nothing when they are more than the codes there are.
std::optional<HuffmanTable> read_huffman(Reader& from);

// The best table for these frequencies of the 256 symbols. No code is all ones.
HuffmanTable build_huffman(const std::array<std::uint32_t, 256>& frequencies);

// The symbols of coefficients and of runs of zeros, IAFIS-IC-0110 table of Huffman input symbols.
namespace wsq_symbol {
inline constexpr int kLongestRun = 100;  // 1 to 100 are runs of so many zeros
inline constexpr int kPositive8 = 101, kNegative8 = 102, kPositive16 = 103, kNegative16 = 104, kRun8 = 105, kRun16 = 106;
inline constexpr int kZero = 180;  // 107 to 254 are values from -73 to 74
inline constexpr int kLeast = -73, kMost = 74;
}  // namespace wsq_symbol

}  // namespace limen
