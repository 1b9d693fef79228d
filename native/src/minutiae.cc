#include "minutiae.h"

#include <cmath>
#include <optional>

#include "parameters.h"
#include "skeleton.h"

namespace limen {

using namespace parameters;

Grid<int> depth(const Mask& mask, int width, int height) {
  constexpr int straight = 5, diagonal = 7;  // fifths of a pixel (Borgefors 1986)
  Grid<int> out(width, height);
  const auto pass = [&](int x, int y, int side) {
    int& value = out.at(x, y);
    const auto near = [&](int dx, int dy, int step) {
      const int there = out.holds(x + dx, y + dy) ? out.at(x + dx, y + dy) : 0;
      value = std::min(value, there + step);
    };
    near(side, 0, straight);
    near(0, side, straight);
    near(side, side, diagonal);
    near(-side, side, diagonal);
  };
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      out.at(x, y) = mask.at(x / kBlock, y / kBlock) ? straight * (width + height) : 0;
      if (out.at(x, y)) pass(x, y, -1);
    }
  }
  for (int y = height - 1; y >= 0; y--)
    for (int x = width - 1; x >= 0; x--)
      if (out.at(x, y)) pass(x, y, 1);
  for (int& value : out.values) value /= straight;
  return out;
}

namespace {

float turn(float a, float b) { return std::abs(std::remainder(a - b, 2 * kPi)); }

// The direction from a node along one of its branches; nothing when the branch is too short to tell.
std::optional<float> heading(const Mask& skeleton, Pixel node, Pixel first) {
  const Walk line = walk(skeleton, node, first, kTraceLength);
  if (line.path.size() < 4) return std::nullopt;
  const Pixel far = line.path.back();
  return std::atan2(static_cast<float>(far.y - node.y), static_cast<float>(far.x - node.x));
}

std::optional<float> direction(const Mask& skeleton, Pixel node, const Branches& leaving) {
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
  float ridge = orientation.angle(at.x / kBlock, at.y / kBlock);
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

std::vector<Minutia> find_minutiae(const Mask& skeleton, const Orientation& orientation, const Mask& mask, const Grid<float>& clarity) {
  std::vector<Minutia> found;
  if (skeleton.width < 3 || skeleton.height < 3) return found;
  const Grid<int> inside = depth(mask, skeleton.width, skeleton.height);
  for (int y = 1; y + 1 < skeleton.height; y++) {
    for (int x = 1; x + 1 < skeleton.width; x++) {
      if (!skeleton.at(x, y) || inside.at(x, y) < kBorderDistance) continue;
      const Branches leaving = branches(skeleton, {x, y});
      if (leaving.count != 1 && leaving.count != 3) continue;
      const auto way = direction(skeleton, {x, y}, leaving);
      if (!way) continue;
      const float clear = clarity.at(x / kBlock, y / kBlock);
      const float rim = std::min(1.0f, static_cast<float>(inside.at(x, y)) / (3.0f * kBlock));
      Minutia minutia;
      minutia.kind = leaving.count == 1 ? Minutia::Kind::ending : Minutia::Kind::bifurcation;
      minutia.x = static_cast<float>(x);
      minutia.y = static_cast<float>(y);
      minutia.angle = snap(orientation, {x, y}, *way);
      minutia.quality = std::clamp(static_cast<int>(std::lround(100 * clear * rim)), 1, 100);
      found.push_back(minutia);
    }
  }
  drop_false(found);
  if (found.size() > kMaxMinutiae) {
    std::stable_sort(found.begin(), found.end(), [](const Minutia& a, const Minutia& b) { return a.quality > b.quality; });
    found.resize(kMaxMinutiae);
  }
  return found;
}

}  // namespace limen
