#include "wsq_wavelet.h"

#include <algorithm>
#include <cstddef>

namespace limen {

namespace {

constexpr int kLanes = 16;  // lines that go through a filter side by side

// What makes an even and an odd sample of a line out of its neighbours: 2 x reach + 1 weights each.
struct Phases {
  int reach;
  std::vector<float> taps[2];
};

float tap(const std::vector<float>& half, int offset) {
  const auto at = static_cast<std::size_t>(std::abs(offset));
  return at < half.size() ? half[at] : 0;
}

int reach_of(const Filters& filters) { return static_cast<int>(std::max(filters.low.size(), filters.high.size())) - 1; }

// Even samples of the result are the low half, odd ones the high half.
Phases analysis(const Filters& filters) {
  Phases out{reach_of(filters), {}};
  for (int offset = -out.reach; offset <= out.reach; offset++) {
    out.taps[0].push_back(tap(filters.low, offset));
    out.taps[1].push_back(tap(filters.high, offset));
  }
  return out;
}

// The synthesis filters are the analysis filters changed about, every other sign turned. A sample takes from the low half
// what lies at even places and from the high half what lies at odd ones.
Phases synthesis(const Filters& filters) {
  Phases out{reach_of(filters), {}};
  for (int phase = 0; phase < 2; phase++)
    for (int offset = -out.reach; offset <= out.reach; offset++) {
      const float sign = offset % 2 == 0 ? 1.0f : -1.0f;
      const bool from_low = (phase + offset) % 2 == 0;
      out.taps[phase].push_back(sign * tap(from_low ? filters.high : filters.low, offset));
    }
  return out;
}

int mirrored(int at, int length) {
  const int period = 2 * (length - 1);
  const int place = ((at % period) + period) % period;
  return place < length ? place : period - place;
}

// Lines of a plane: `length` samples `along` apart, the next line `across` on.
struct Lines {
  float* from;
  std::ptrdiff_t along, across;
  int length, count;
};

// Where sample `at` of a line lies when the line is kept as two halves.
int in_halves(int at, int length, bool inverted) {
  const int low = (length + 1) / 2;
  if (at % 2 == 0) return at / 2 + (inverted ? length - low : 0);
  return at / 2 + (inverted ? 0 : low);
}

// Filters every line. Beyond its ends a line goes on as its own mirror image.
void filter(const Lines& lines, bool inverted, const Phases& phases, bool apart, std::vector<float>& work) {
  const int length = lines.length, reach = phases.reach;
  if (length < 2) return;
  work.resize(static_cast<std::size_t>(length + 2 * reach) * kLanes);
  float* const first = work.data() + static_cast<std::ptrdiff_t>(reach) * kLanes;
  for (int start = 0; start < lines.count; start += kLanes) {
    float* const base = lines.from + start * lines.across;
    const int lanes = std::min(kLanes, lines.count - start);
    for (int i = 0; i < length; i++) {
      const float* from = base + (apart ? i : in_halves(i, length, inverted)) * lines.along;
      float* to = first + static_cast<std::ptrdiff_t>(i) * kLanes;
      for (int lane = 0; lane < lanes; lane++) to[lane] = from[lane * lines.across];
    }
    for (int beyond = 1; beyond <= reach; beyond++)
      for (const int at : {-beyond, length - 1 + beyond}) {
        const float* from = first + static_cast<std::ptrdiff_t>(mirrored(at, length)) * kLanes;
        std::copy(from, from + kLanes, first + static_cast<std::ptrdiff_t>(at) * kLanes);
      }
    for (int i = 0; i < length; i++) {
      const float* taps = phases.taps[i & 1].data();
      const float* from = first + static_cast<std::ptrdiff_t>(i - reach) * kLanes;
      float sums[kLanes] = {};
      for (int k = 0; k <= 2 * reach; k++, from += kLanes)
        for (int lane = 0; lane < kLanes; lane++) sums[lane] += taps[k] * from[lane];
      float* to = base + (apart ? in_halves(i, length, inverted) : i) * lines.along;
      for (int lane = 0; lane < lanes; lane++) to[lane * lines.across] = sums[lane];
    }
  }
}

}  // namespace

void analyse(float* plane, int stride, const WsqTree& tree, const Filters& filters) {
  const Phases phases = analysis(filters);
  std::vector<float> work;
  for (const Split& split : tree.splits) {
    const Band& area = split.area;
    float* const from = plane + static_cast<std::ptrdiff_t>(area.y) * stride + area.x;
    filter({from, 1, stride, area.width, area.height}, split.x_inverted, phases, true, work);
    filter({from, stride, 1, area.height, area.width}, split.y_inverted, phases, true, work);
  }
}

void synthesise(float* plane, int stride, const WsqTree& tree, const Filters& filters) {
  const Phases phases = synthesis(filters);
  std::vector<float> work;
  for (auto split = tree.splits.rbegin(); split != tree.splits.rend(); ++split) {
    const Band& area = split->area;
    float* const from = plane + static_cast<std::ptrdiff_t>(area.y) * stride + area.x;
    filter({from, stride, 1, area.height, area.width}, split->y_inverted, phases, false, work);
    filter({from, 1, stride, area.width, area.height}, split->x_inverted, phases, false, work);
  }
}

}  // namespace limen
