#include "skeleton_repair.h"

#include <cmath>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

std::vector<Pixel> listed(const Bits& bits) {
  std::vector<Pixel> found;
  for_each(bits, [&](int x, int y) { found.push_back({x, y}); });
  return found;
}

void erase(Bits& skeleton, const Walk& line, bool with_last) {
  for (int i = 0; i < line.length - (with_last ? 0 : 1); i++) {
    const Pixel at = line.path[static_cast<std::size_t>(i)];
    skeleton.clear(at.x, at.y);
  }
}

// Short lines that end on both sides, and short side branches.
void drop_islands_and_spurs(Bits& skeleton) {
  for (const Pixel end : listed(find_nodes(skeleton).ends)) {
    if (!skeleton.at(end.x, end.y)) continue;
    const Branches leaving = branches(skeleton, end);
    if (leaving.count == 0) {
      skeleton.clear(end.x, end.y);
      continue;
    }
    if (leaving.count > 1) continue;
    const Walk line = walk(skeleton, end, leaving.pixels[0], kIslandLength);
    const bool island = line.stop == Walk::Stop::end;
    const bool spur = line.stop == Walk::Stop::fork && line.length <= kSpurLength;
    if (!island && !spur) continue;
    erase(skeleton, line, island);
    skeleton.clear(end.x, end.y);
  }
  tidy(skeleton);
}

float orientation_gap(const Orientation& orientation, Pixel at, float dx, float dy) {
  const float line = std::atan2(dy, dx);
  const float ridge = orientation.angle(at.x / kBlock, at.y / kBlock);
  return std::abs(std::remainder(line - ridge, kPi));
}

// A short line from fork to fork is a bridge when it runs across the ridges, a lake when two of them join the same forks.
void open_bridges_and_lakes(Bits& skeleton, const Orientation& orientation) {
  for (const Pixel fork : listed(find_nodes(skeleton).forks)) {
    const Branches leaving = branches(skeleton, fork);
    if (!skeleton.at(fork.x, fork.y) || leaving.count < 3) continue;
    std::array<Walk, 4> lines;
    for (int i = 0; i < leaving.count; i++)
      lines[static_cast<std::size_t>(i)] = walk(skeleton, fork, leaving.pixels[static_cast<std::size_t>(i)], kLakeLength);
    for (int i = 0; i < leaving.count; i++) {
      const Walk& line = lines[static_cast<std::size_t>(i)];
      if (line.stop != Walk::Stop::fork) continue;
      const Pixel last = line.last();
      const Pixel middle{(fork.x + last.x) / 2, (fork.y + last.y) / 2};
      const float dx = static_cast<float>(last.x - fork.x), dy = static_cast<float>(last.y - fork.y);
      bool open = line.length > 3 && line.length <= kBridgeLength && orientation_gap(orientation, middle, dx, dy) > kBridgeAngle;
      for (int j = 0; j < leaving.count && !open; j++) {
        const Walk& other = lines[static_cast<std::size_t>(j)];
        open = j != i && other.stop == Walk::Stop::fork && other.last() == last && other.length <= line.length;
      }
      if (!open) continue;
      erase(skeleton, line, false);
      break;
    }
  }
  tidy(skeleton);
}

struct Loose {
  Pixel at;
  float inward;  // the direction in which the ridge goes on
  bool joined = false;
};

void draw(Bits& skeleton, Pixel from, Pixel to) {
  const int steps = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  for (int i = 0; i <= steps; i++) {
    const float share = steps ? static_cast<float>(i) / static_cast<float>(steps) : 0;
    const int x = from.x + static_cast<int>(std::lround(share * static_cast<float>(to.x - from.x)));
    const int y = from.y + static_cast<int>(std::lround(share * static_cast<float>(to.y - from.y)));
    skeleton.set(x, y);
  }
}

// Two line ends that face each other along the ridge are one broken ridge.
void close_gaps(Bits& skeleton) {
  std::vector<Loose> ends;
  for (const Pixel at : listed(find_nodes(skeleton).ends)) {
    const Branches leaving = branches(skeleton, at);
    if (leaving.count != 1) continue;
    const Walk line = walk(skeleton, at, leaving.pixels[0], kTraceLength);
    if (line.length < kTraceLength / 2) continue;
    const Pixel far = line.last();
    ends.push_back({at, std::atan2(static_cast<float>(far.y - at.y), static_cast<float>(far.x - at.x))});
  }
  for (std::size_t i = 0; i < ends.size(); i++) {
    if (ends[i].joined) continue;
    std::size_t best = ends.size();
    float best_gap = kGapLength;
    for (std::size_t j = i + 1; j < ends.size(); j++) {
      if (ends[j].at.y - ends[i].at.y > kGapLength) break;  // found row by row
      const float dx = static_cast<float>(ends[j].at.x - ends[i].at.x), dy = static_cast<float>(ends[j].at.y - ends[i].at.y);
      const float gap = std::hypot(dx, dy);
      if (ends[j].joined || gap > best_gap) continue;
      const float line = std::atan2(dy, dx);
      const float here = std::abs(std::remainder(ends[i].inward - line - kPi, 2 * kPi));
      const float there = std::abs(std::remainder(ends[j].inward - line, 2 * kPi));
      if (here > kGapAngle || there > kGapAngle) continue;
      best = j;
      best_gap = gap;
    }
    if (best == ends.size()) continue;
    ends[i].joined = ends[best].joined = true;
    draw(skeleton, ends[i].at, ends[best].at);
  }
  tidy(skeleton);
}

}  // namespace

void repair(Bits& skeleton, const Orientation& orientation) {
  if (skeleton.width < 3 || skeleton.height < 3) return;
  drop_islands_and_spurs(skeleton);
  close_gaps(skeleton);
  open_bridges_and_lakes(skeleton, orientation);
  drop_islands_and_spurs(skeleton);
}

}  // namespace limen
