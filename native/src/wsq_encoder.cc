#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "wsq.h"
#include "wsq_format.h"
#include "wsq_huffman.h"
#include "wsq_quantiser.h"

namespace limen {

namespace {

constexpr float kMaxBitRate = 8;
constexpr float kHalfRange = 128;  // of the shifted and scaled grey levels
constexpr std::array<std::size_t, 4> kBlockBands{0, 19, 52, kWsqCodedBands};
constexpr int kLongestRun16 = 0xFFFF;

// The symmetric 9/7 pair of Cohen, Daubechies and Feauveau.
const Filters& usual_filters() {
  static const Filters filters{{0.852698679009f, 0.377402855613f, -0.110624404418f, -0.023849465020f, 0.037828455507f},
                               {0.788485616406f, -0.418092273222f, -0.040689417609f, 0.064538882629f}};
  return filters;
}

// Grey levels about their mean, the farthest at half the range.
std::vector<float> spread(const WsqImage& image, Frame& frame) {
  const auto [least, most] = std::minmax_element(image.pixels.begin(), image.pixels.end());
  const double sum = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0);
  frame.shift = as_written(static_cast<float>(sum / static_cast<double>(image.pixels.size())));
  const float reach = std::max(frame.shift - static_cast<float>(*least), static_cast<float>(*most) - frame.shift);
  frame.scale = as_written(std::max(reach, 1.0f) / kHalfRange);
  std::vector<float> out(image.pixels.size());
  for (std::size_t i = 0; i < out.size(); i++) out[i] = (static_cast<float>(image.pixels[i]) - frame.shift) / frame.scale;
  return out;
}

// Gives `emit(symbol, number, bits)` for each symbol of a block and the number that follows it.
template <class Emit>
void each_symbol(const std::vector<int>& coefficients, const Emit& emit) {
  using namespace wsq_symbol;
  int zeros = 0;
  const auto end_run = [&zeros, &emit] {
    if (zeros == 0) return;
    if (zeros <= kLongestRun) {
      emit(zeros, 0, 0);
    } else {
      emit(zeros < 256 ? kRun8 : kRun16, zeros, zeros < 256 ? 8 : 16);
    }
    zeros = 0;
  };
  for (const int value : coefficients) {
    if (value == 0) {
      if (++zeros == kLongestRun16) end_run();
      continue;
    }
    end_run();
    const int size = std::abs(value);
    if (value >= kLeast && value <= kMost) {
      emit(kZero + value, 0, 0);
    } else if (size < 256) {
      emit(value > 0 ? kPositive8 : kNegative8, size, 8);
    } else {
      emit(value > 0 ? kPositive16 : kNegative16, size, 16);
    }
  }
  end_run();
}

struct Code {
  int bits = 0, length = 0;
};

std::array<Code, 256> codes_of(const HuffmanTable& table) {
  std::array<Code, 256> out;
  int code = 0;
  std::size_t next = 0;
  for (int length = 1; length <= kMaxCodeLength; length++, code <<= 1)
    for (int i = 0; i < table.counts[static_cast<std::size_t>(length)]; i++) out[table.symbols[next++]] = {code++, length};
  return out;
}

void write_block(Writer& to, const std::vector<int>& coefficients, const HuffmanTable& table, int id) {
  to.u16(wsq_marker::kBlock);
  to.u16(3);
  to.u8(id);
  const std::array<Code, 256> codes = codes_of(table);
  std::uint64_t pending = 0;
  int count = 0;
  const auto write = [&](int number, int bits) {
    pending = pending << bits | static_cast<std::uint64_t>(number);
    for (count += bits; count >= 8; count -= 8) {
      const int byte = static_cast<int>(pending >> (count - 8) & 255);
      to.u8(byte);
      if (byte == 0xFF) to.u8(0);
    }
  };
  each_symbol(coefficients, [&](int symbol, int number, int bits) {
    const Code& code = codes[static_cast<std::size_t>(symbol)];
    write(code.bits, code.length);
    if (bits > 0) write(number, bits);
  });
  if (count > 0) write((1 << (8 - count)) - 1, 8 - count);
}

void write_table(Writer& to, const HuffmanTable& table, int id) {
  to.u16(wsq_marker::kHuffman);
  to.u16(2 + 1 + kMaxCodeLength + static_cast<int>(table.symbols.size()));
  to.u8(id);
  for (std::size_t length = 1; length <= kMaxCodeLength; length++) to.u8(table.counts[length]);
  for (const std::uint8_t symbol : table.symbols) to.u8(symbol);
}

// Blocks that share a table, and the table.
void write_blocks(Writer& to, const std::vector<std::vector<int>>& blocks, int id) {
  std::array<std::uint32_t, 256> frequencies{};
  for (const auto& block : blocks)
    each_symbol(block, [&frequencies](int symbol, int, int) { frequencies[static_cast<std::size_t>(symbol)]++; });
  if (std::all_of(frequencies.begin(), frequencies.end(), [](std::uint32_t count) { return count == 0; })) frequencies[1] = 1;
  const HuffmanTable table = build_huffman(frequencies);
  write_table(to, table, id);
  for (const auto& block : blocks) write_block(to, block, table, id);
}

}  // namespace

std::optional<std::vector<std::uint8_t>> encode_wsq(const WsqImage& image, float bit_rate) {
  const auto within = [](int side) { return side >= 1 && side <= kMaxWsqSidePx; };
  if (!within(image.width) || !within(image.height) || !(bit_rate > 0 && bit_rate <= kMaxBitRate)) return std::nullopt;
  if (image.pixels.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)) return std::nullopt;

  Frame frame{image.width, image.height, 0, 1};
  std::vector<float> plane = spread(image, frame);
  const WsqTree tree = wsq_tree(image.width, image.height);
  analyse(plane.data(), image.width, tree, usual_filters());
  const Quantisation quantisation = choose_bins(plane, image.width, tree, bit_rate);
  const auto block = [&](std::size_t i) {
    return quantise(plane, image.width, tree, quantisation, kBlockBands[i], kBlockBands[i + 1]);
  };

  std::vector<std::uint8_t> bytes;
  Writer to(bytes);
  to.u16(wsq_marker::kStartOfImage);
  write_comment(to, frame, image.dpi, bit_rate);
  write_filters(to, usual_filters());
  write_quantisation(to, quantisation);
  write_frame(to, frame);
  write_blocks(to, {block(0)}, 0);
  write_blocks(to, {block(1), block(2)}, 1);
  to.u16(wsq_marker::kEndOfImage);
  return bytes;
}

}  // namespace limen
