#include "skeleton_repair.h"

#include <cmath>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

std::vector<Pixel> nodes(const Mask& skeleton, bool endings) {
  std::vector<Pixel> found;
  for (int y = 1; y + 1 < skeleton.height; y++) {
    for (int x = 1; x + 1 < skeleton.width; x++) {
      if (!skeleton.at(x, y)) continue;
      const int count = branches(skeleton, {x, y}).count;
      if (endings ? count <= 1 : count >= 3) found.push_back({x, y});
    }
  }
  return found;
}

void erase(Mask& skeleton, const Walk& line, bool with_last) {
  for (std::size_t i = 0; i + (with_last ? 0 : 1) < line.path.size(); i++) skeleton.at(line.path[i].x, line.path[i].y) = 0;
}

// Short lines that end on both sides, and short side branches.
void drop_islands_and_spurs(Mask& skeleton) {
  for (const Pixel end : nodes(skeleton, true)) {
    if (!skeleton.at(end.x, end.y)) continue;
    const Branches leaving = branches(skeleton, end);
    if (leaving.count == 0) {
      skeleton.at(end.x, end.y) = 0;
      continue;
    }
    if (leaving.count > 1) continue;
    const Walk line = walk(skeleton, end, leaving.pixels[0], kIslandLength);
    const int length = static_cast<int>(line.path.size());
    const bool island = line.stop == Walk::Stop::end;
    const bool spur = line.stop == Walk::Stop::fork && length <= kSpurLength;
    if (!island && !spur) continue;
    erase(skeleton, line, island);
    skeleton.at(end.x, end.y) = 0;
  }
  tidy(skeleton);
}

float orientation_gap(const Orientation& orientation, Pixel at, float dx, float dy) {
  const float line = std::atan2(dy, dx);
  const float ridge = orientation.angle(at.x / kBlock, at.y / kBlock);
  return std::abs(std::remainder(line - ridge, kPi));
}

// A short line from fork to fork is a bridge when it runs across the ridges, a lake when two of them join the same forks.
void open_bridges_and_lakes(Mask& skeleton, const Orientation& orientation) {
  for (const Pixel fork : nodes(skeleton, false)) {
    const Branches leaving = branches(skeleton, fork);
    if (!skeleton.at(fork.x, fork.y) || leaving.count < 3) continue;
    std::array<Walk, 4> lines;
    for (int i = 0; i < leaving.count; i++)
      lines[static_cast<std::size_t>(i)] = walk(skeleton, fork, leaving.pixels[static_cast<std::size_t>(i)], kLakeLength);
    for (int i = 0; i < leaving.count; i++) {
      const Walk& line = lines[static_cast<std::size_t>(i)];
      if (line.stop != Walk::Stop::fork) continue;
      const Pixel last = line.path.back();
      const Pixel middle{(fork.x + last.x) / 2, (fork.y + last.y) / 2};
      const float dx = static_cast<float>(last.x - fork.x), dy = static_cast<float>(last.y - fork.y);
      const int length = static_cast<int>(line.path.size());
      bool open = length > 3 && length <= kBridgeLength && orientation_gap(orientation, middle, dx, dy) > kBridgeAngle;
      for (int j = 0; j < leaving.count && !open; j++) {
        const Walk& other = lines[static_cast<std::size_t>(j)];
        open = j != i && other.stop == Walk::Stop::fork && other.path.back() == last && other.path.size() <= line.path.size();
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

void draw(Mask& skeleton, Pixel from, Pixel to) {
  const int steps = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  for (int i = 0; i <= steps; i++) {
    const float share = steps ? static_cast<float>(i) / static_cast<float>(steps) : 0;
    const int x = from.x + static_cast<int>(std::lround(share * static_cast<float>(to.x - from.x)));
    const int y = from.y + static_cast<int>(std::lround(share * static_cast<float>(to.y - from.y)));
    skeleton.at(x, y) = 1;
  }
}

// Two line ends that face each other along the ridge are one broken ridge.
void close_gaps(Mask& skeleton) {
  std::vector<Loose> ends;
  for (const Pixel at : nodes(skeleton, true)) {
    const Branches leaving = branches(skeleton, at);
    if (leaving.count != 1) continue;
    const Walk line = walk(skeleton, at, leaving.pixels[0], kTraceLength);
    if (line.path.size() < kTraceLength / 2) continue;
    const Pixel far = line.path.back();
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

void repair(Mask& skeleton, const Orientation& orientation) {
  if (skeleton.width < 3 || skeleton.height < 3) return;
  drop_islands_and_spurs(skeleton);
  close_gaps(skeleton);
  open_bridges_and_lakes(skeleton, orientation);
  drop_islands_and_spurs(skeleton);
}

}  // namespace limen
