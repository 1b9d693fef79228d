#include "lines.h"

namespace limen::LIMEN_SET {

namespace {

using Word = std::uint64_t;

// The eight neighbours of 64 pixels in circular order, starting on the right; y points down.
struct Around {
  Word at[8];
};

inline Around around(const Word* word, std::size_t stride) {
  const Word* up = word - stride;
  const Word* down = word + stride;
  return {{word[0] >> 1 | word[1] << 63, down[0] >> 1 | down[1] << 63, down[0], down[0] << 1 | down[-1] >> 63, word[0] << 1 | word[-1] >> 63,
           up[0] << 1 | up[-1] >> 63, up[0], up[0] >> 1 | up[1] << 63}};
}

// Where at least one, two, three of some words have a bit.
struct Count {
  Word one = 0, two = 0, three = 0;
  inline void add(Word word) {
    three |= two & word;
    two |= one & word;
    one |= word;
  }
};

// How often the way round the pixel steps from ground to line.
inline Count steps(const Around& n) {
  Count count;
  for (int i = 0; i < 8; i++) count.add(~n.at[i] & n.at[(i + 1) & 7]);
  return count;
}

}  // namespace

bool thin_half_step(const Word* __restrict words, std::size_t stride, std::size_t count, bool second, Word* __restrict out) {
  const Word first_mask = second ? 0 : ~Word{0}, second_mask = ~first_mask;
  Word gone = 0;
  for (std::size_t i = 0; i < count; i++) {
    const Around n = around(words + i, stride);
    const Count runs = steps(n);
    Count line, ground;
    for (int k = 0; k < 8; k++) {
      line.add(n.at[k]);
      ground.add(~n.at[k]);
    }
    const Word right = n.at[0], below = n.at[2], left = n.at[4], above = n.at[6];
    const Word first_keeps = (above & right & below) | (right & below & left);
    const Word second_keeps = (above & right & left) | (above & below & left);
    const Word keeps = (first_keeps & first_mask) | (second_keeps & second_mask);
    const Word goes = words[i] & runs.one & ~runs.two & line.two & ground.two & ~keeps;
    out[i] = words[i] & ~goes;
    gone |= goes;
  }
  return gone != 0;
}

void mark_spare(const Word* __restrict words, std::size_t stride, std::size_t count, Word* __restrict out) {
  for (std::size_t i = 0; i < count; i++) {
    const Around n = around(words + i, stride);
    Count line, simple;
    for (int k = 0; k < 8; k++) line.add(n.at[k]);
    for (int k = 0; k < 8; k += 2) simple.add(~n.at[k] & (n.at[k + 1] | n.at[(k + 2) & 7]));
    out[i] = words[i] & line.two & simple.one & ~simple.two;
  }
}

void mark_nodes(const Word* __restrict words, std::size_t stride, std::size_t count, Word* __restrict ends, Word* __restrict forks) {
  for (std::size_t i = 0; i < count; i++) {
    const Count runs = steps(around(words + i, stride));
    ends[i] = words[i] & ~runs.two;
    forks[i] = words[i] & runs.three;
  }
}

}  // namespace limen::LIMEN_SET
