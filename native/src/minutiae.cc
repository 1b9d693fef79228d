#include "minutiae.h"

#include <cmath>
#include <optional>

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// How far a pixel lies from the nearest block without ridges, or from the image's edge, in pixels; `reach` at most.
float depth(const Mask& mask, int x, int y, float reach) {
  const int blocks = static_cast<int>(reach) / kBlock + 1;
  const auto apart = [](int at, int block) {  // along one side, from the pixel to the block
    return std::max({0, block * kBlock - at, at - (block * kBlock + kBlock - 1)});
  };
  int least = static_cast<int>(reach * reach);
  for (int row = y / kBlock - blocks; row <= y / kBlock + blocks; row++) {
    for (int column = x / kBlock - blocks; column <= x / kBlock + blocks; column++) {
      if (mask.holds(column, row) && mask.at(column, row)) continue;
      const int dx = apart(x, column), dy = apart(y, row);
      least = std::min(least, dx * dx + dy * dy);
    }
  }
  return std::sqrt(static_cast<float>(least));
}

float turn(float a, float b) { return std::abs(std::remainder(a - b, 2 * kPi)); }

// The direction from a node along one of its branches; nothing when the branch is too short to tell.
std::optional<float> heading(const Bits& skeleton, Pixel node, Pixel first) {
  const Walk line = walk(skeleton, node, first, kTraceLength);
  if (line.length < 4) return std::nullopt;
  const Pixel far = line.last();
  return std::atan2(static_cast<float>(far.y - node.y), static_cast<float>(far.x - node.x));
}

std::optional<float> direction(const Bits& skeleton, Pixel node, const Branches& leaving) {
  if (leaving.count == 1) return heading(skeleton, node, leaving.pixels[0]);
  // At a fork two branches lie close together; the minutia points into the valley between them, away from the third.
  std::array<float, 3> headings{};
  for (std::size_t i = 0; i < 3; i++) {
    const auto branch = heading(skeleton, node, leaving.pixels[i]);
    if (!branch) return std::nullopt;
    headings[i] = *branch;
  }
  std::size_t stem = 0;
  float closest = 2 * kPi;
  for (std::size_t i = 0; i < 3; i++) {
    const float apart = turn(headings[(i + 1) % 3], headings[(i + 2) % 3]);
    if (apart >= closest) continue;
    closest = apart;
    stem = i;
  }
  const float a = headings[(stem + 1) % 3], b = headings[(stem + 2) % 3];
  return std::atan2(std::sin(a) + std::sin(b), std::cos(a) + std::cos(b));
}

// The ridge orientation at the point, pointing the way the lines do.
float snap(const Orientation& orientation, Pixel at, float heading) {
  float ridge = orientation.angle_at(static_cast<float>(at.x), static_cast<float>(at.y));
  if (turn(ridge, heading) > kPi / 2) ridge += kPi;
  return turn(ridge, heading) < kSnapAngle ? ridge : heading;
}

// Ends that face each other across a gap, and nodes too close to be two.
void drop_false(std::vector<Minutia>& minutiae) {
  std::vector<bool> gone(minutiae.size());
  for (std::size_t i = 0; i < minutiae.size(); i++) {
    for (std::size_t j = i + 1; j < minutiae.size(); j++) {
      const Minutia& a = minutiae[i];
      const Minutia& b = minutiae[j];
      if (b.y - a.y > kFacingDistance) break;  // found row by row
      const float dx = b.x - a.x, dy = b.y - a.y, apart = std::hypot(dx, dy);
      if (apart > kFacingDistance) continue;
      const float line = std::atan2(dy, dx);
      const bool facing = a.kind == b.kind && turn(a.angle, line + kPi) < kFacingAngle && turn(b.angle, line) < kFacingAngle;
      const bool twins = apart < kTwinDistance;
      if (!facing && !twins) continue;
      if (facing || turn(a.angle, b.angle) > kPi / 2) {
        gone[i] = gone[j] = true;
      } else {
        gone[a.quality < b.quality ? i : j] = true;
      }
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < minutiae.size(); i++)
    if (!gone[i]) minutiae[kept++] = minutiae[i];
  minutiae.resize(kept);
}

}  // namespace

std::vector<Minutia> find_minutiae(const Bits& skeleton, const Orientation& orientation, const Mask& mask, const Grid<float>& clarity) {
  std::vector<Minutia> found;
  if (skeleton.width < 3 || skeleton.height < 3) return found;
  const Nodes nodes = find_nodes(skeleton);
  Bits both = nodes.ends;
  for (std::size_t i = 0; i < both.words.size(); i++) both.words[i] |= nodes.forks.words[i];
  for_each(both, [&](int x, int y) {
    constexpr float rim_width = 3.0f * kBlock;
    const float inside = depth(mask, x, y, rim_width);
    if (inside < kBorderDistance) return;
    const Branches leaving = branches(skeleton, {x, y});
    if (leaving.count != 1 && leaving.count != 3) return;
    const auto way = direction(skeleton, {x, y}, leaving);
    if (!way) return;
    const float clear = clarity.at(x / kBlock, y / kBlock) * inside / rim_width;
    Minutia minutia;
    minutia.kind = leaving.count == 1 ? Minutia::Kind::ending : Minutia::Kind::bifurcation;
    minutia.x = static_cast<float>(x);
    minutia.y = static_cast<float>(y);
    minutia.angle = snap(orientation, {x, y}, *way);
    minutia.quality = std::clamp(static_cast<int>(std::lround(100 * clear)), 1, 100);
    found.push_back(minutia);
  });
  drop_false(found);
  if (found.size() > kMaxMinutiae) {
    std::stable_sort(found.begin(), found.end(), [](const Minutia& a, const Minutia& b) { return a.quality > b.quality; });
    found.resize(kMaxMinutiae);
  }
  return found;
}

}  // namespace limen
