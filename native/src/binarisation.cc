#include "binarisation.h"

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

Bits above_zero(const Signal& image) {
  Bits out(image.width, image.height);
  for (int y = 0; y < image.height; y++) {
    const std::int16_t* in = image.row(y);
    std::uint64_t* to = out.row(y);
    for (int x = 0; x < image.width; x += 64, in += 64) {
      const int count = std::min(64, image.width - x);
      std::uint64_t word = 0;
      for (int i = 0; i < count; i++) word |= static_cast<std::uint64_t>(in[i] > 0) << i;
      *to++ = word;
    }
  }
  return out;
}

// Part of a row with one value. Runs that touch form trees; a tree's root knows its size.
struct Run {
  int row, from, to;  // `to` lies beyond
  int parent;
  int size;
};

int root_of(std::vector<Run>& runs, int run) {
  while (runs[static_cast<std::size_t>(run)].parent != run) {
    int& parent = runs[static_cast<std::size_t>(run)].parent;
    parent = runs[static_cast<std::size_t>(parent)].parent;
    run = parent;
  }
  return run;
}

void join(std::vector<Run>& runs, int one, int other) {
  int kept = root_of(runs, one), gone = root_of(runs, other);
  if (kept == gone) return;
  if (kept > gone) std::swap(kept, gone);
  runs[static_cast<std::size_t>(gone)].parent = kept;
  runs[static_cast<std::size_t>(kept)].size += runs[static_cast<std::size_t>(gone)].size;
}

// The runs of a row, in turn of the value of its first pixel and of the other.
void add_runs(const Bits& bits, int y, std::vector<Run>& runs) {
  const auto add = [&](int from, int to) {
    const int self = static_cast<int>(runs.size());
    runs.push_back({y, from, to, self, to - from});
  };
  int from = 0;
  std::uint64_t before = bits.row(y)[0] & 1;  // so that a row begins without a change
  for (int x = 0; x < bits.width; x += 64) {
    const std::uint64_t word = bits.row(y)[x >> 6];
    std::uint64_t changes = word ^ (word << 1 | before);
    if (bits.width - x < 64) changes &= (std::uint64_t{1} << (bits.width - x)) - 1;
    for (; changes != 0; changes &= changes - 1) {
      const int at = x + std::countr_zero(changes);
      add(from, at);
      from = at;
    }
    before = word >> 63;
  }
  add(from, bits.width);
}

// Joins the runs of a row, from `next` on, with those of the row above that have the same value, from `above` on.
void join_rows(const Bits& bits, std::vector<Run>& runs, std::size_t above, std::size_t next) {
  const int y = runs[next].row;
  const bool unlike = bits.at(0, y) != bits.at(0, y - 1);
  const std::size_t end = runs.size();
  std::size_t upper = above, lower = next;
  while (upper < next && lower < end) {
    const bool same = ((upper - above) & 1) == (((lower - next) & 1) ^ (unlike ? 1u : 0u));
    if (same) join(runs, static_cast<int>(upper), static_cast<int>(lower));
    const int upper_to = runs[upper].to, lower_to = runs[lower].to;
    if (upper_to <= lower_to) upper++;
    if (lower_to <= upper_to) lower++;
  }
}

}  // namespace

Bits binarise(const Signal& enhanced) {
  Bits out = above_zero(enhanced);
  std::vector<Run> runs;
  runs.reserve(out.words.size() * 8);
  std::size_t above = 0;
  for (int y = 0; y < out.height; y++) {
    const std::size_t next = runs.size();
    add_runs(out, y, runs);
    if (y > 0) join_rows(out, runs, above, next);
    above = next;
  }
  for (std::size_t i = 0; i < runs.size(); i++) {
    const Run run = runs[i];
    if (run.to - run.from >= kMinSpeckPx) continue;
    if (runs[static_cast<std::size_t>(root_of(runs, static_cast<int>(i)))].size >= kMinSpeckPx) continue;
    for (int x = run.from; x < run.to; x++) out.row(run.row)[x >> 6] ^= std::uint64_t{1} << (x & 63);
  }
  return out;
}

}  // namespace limen
