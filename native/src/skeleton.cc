#include "skeleton.h"

#include <algorithm>
#include <cstdlib>

#include "kernels/lines.h"

namespace limen {
namespace {

// The eight neighbours in circular order, starting on the right; y points down.
constexpr std::array<Pixel, 8> kNeighbours{{{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}};

// Neighbours as bits in that order.
unsigned surroundings(const Bits& bits, int x, int y) {
  const unsigned up = bits.three(x, y - 1), on = bits.three(x, y), down = bits.three(x, y + 1);
  return on >> 2 | (down >> 2) << 1 | (down & 2) << 1 | (down & 1) << 3 | (on & 1) << 4 | up << 5;
}

constexpr bool bit(unsigned code, int i) { return (code >> (i & 7)) & 1; }

// What follows from each of the 256 surroundings.
struct Tables {
  std::array<bool, 256> spare{};                                 // a simple point that is no line end
  std::array<std::uint8_t, 256> count{};                         // branches
  std::array<std::array<std::uint8_t, 4>, 256> branch{};         // which neighbours they begin with

  constexpr Tables() {
    for (unsigned code = 0; code < 256; code++) {
      int neighbours = 0, simple = 0;
      for (int i = 0; i < 8; i++) {
        neighbours += bit(code, i);
        if (i % 2 == 0) simple += !bit(code, i) && (bit(code, i + 1) || bit(code, i + 2));
        if (bit(code, i) || !bit(code, i + 1)) continue;
        int chosen = i + 1;
        for (int j = i + 1; bit(code, j) && j < i + 8; j++) {
          if (j % 2 != 0) continue;
          chosen = j;
          break;
        }
        branch[code][count[code]++] = static_cast<std::uint8_t>(chosen & 7);
      }
      spare[code] = neighbours >= 2 && simple == 1;
    }
  }
};

constexpr Tables kTables;

bool too_small(const Bits& bits) { return bits.width < 3 || bits.height < 3; }

// The second row's first word and how many words there are up to the last row, for the inner loops.
std::size_t inner_words(const Bits& bits) { return bits.stride * static_cast<std::size_t>(bits.height - 2); }

}  // namespace

Bits thin(const Bits& ridges) {
  if (too_small(ridges)) return Bits(ridges.width, ridges.height);
  Bits out = ridges;
  std::fill_n(out.row(0), out.stride, 0);
  std::fill_n(out.row(out.height - 1), out.stride, 0);
  for (int y = 1; y + 1 < out.height; y++) {
    out.clear(0, y);
    out.clear(out.width - 1, y);
  }
  Bits other(out.width, out.height);
  const auto half_step = thin_half_step();
  for (bool changed = true; changed;) {
    changed = half_step(out.row(1), out.stride, inner_words(out), false, other.row(1));
    changed |= half_step(other.row(1), out.stride, inner_words(out), true, out.row(1));
  }
  tidy(out);
  return out;
}

void tidy(Bits& skeleton) {
  if (too_small(skeleton)) return;
  Bits spare(skeleton.width, skeleton.height);
  mark_spare()(skeleton.row(1), skeleton.stride, inner_words(skeleton), spare.row(1));
  // One after the other, as each that goes may make its neighbours needed, or those still to come spare.
  for (int y = 1; y + 1 < skeleton.height; y++) {
    for (std::size_t i = 0; i + 1 < spare.stride; i++) {
      while (spare.row(y)[i] != 0) {
        const int x = static_cast<int>(64 * i) + std::countr_zero(spare.row(y)[i]);
        spare.clear(x, y);
        if (!skeleton.at(x, y) || !kTables.spare[surroundings(skeleton, x, y)]) continue;
        skeleton.clear(x, y);
        for (const Pixel step : {Pixel{1, 0}, Pixel{-1, 1}, Pixel{0, 1}, Pixel{1, 1}}) spare.set(x + step.x, y + step.y);
      }
    }
  }
}

Nodes find_nodes(const Bits& skeleton) {
  Nodes out{Bits(skeleton.width, skeleton.height), Bits(skeleton.width, skeleton.height)};
  if (too_small(skeleton)) return out;
  mark_nodes()(skeleton.row(1), skeleton.stride, inner_words(skeleton), out.ends.row(1), out.forks.row(1));
  return out;
}

Branches branches(const Bits& skeleton, Pixel at) {
  const unsigned code = surroundings(skeleton, at.x, at.y);
  Branches out;
  out.count = kTables.count[code];
  for (std::size_t i = 0; i < kTables.count[code]; i++) {
    const Pixel step = kNeighbours[kTables.branch[code][i]];
    out.pixels[i] = {at.x + step.x, at.y + step.y};
  }
  return out;
}

Walk walk(const Bits& skeleton, Pixel from, Pixel first, int length) {
  Walk out;
  Pixel previous = from, at = first;
  while (true) {
    out.path[static_cast<std::size_t>(out.length++)] = at;
    const Branches next = branches(skeleton, at);
    if (next.count != 2) {
      out.stop = next.count < 2 ? Walk::Stop::end : Walk::Stop::fork;
      return out;
    }
    if (out.length >= std::min(length, Walk::kLongest)) return out;
    // Of the two branches, the one that does not lead back; a pixel beside the last one belongs to its branch.
    const auto apart = [&](Pixel p) { return std::max(std::abs(p.x - previous.x), std::abs(p.y - previous.y)); };
    const Pixel onwards = apart(next.pixels[0]) > apart(next.pixels[1]) ? next.pixels[0] : next.pixels[1];
    previous = at;
    at = onwards;
  }
}

}  // namespace limen
