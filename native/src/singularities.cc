#include "singularities.h"

#include <array>
#include <cmath>

#include "angle.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

struct Vector {
  float x = 0, y = 0;
};

// The flow in double-angle form, smoothed over its near neighbourhood within the mask.
class Field {
 public:
  Field(const Orientation& orientation, const Mask& mask) : vectors_(mask.width, mask.height), mask_(mask) {
    constexpr int reach = 2;
    for (int y = 0; y < mask.height; y++) {
      for (int x = 0; x < mask.width; x++) {
        for (int dy = -reach; dy <= reach; dy++) {
          for (int dx = -reach; dx <= reach; dx++) {
            if (!known(x + dx, y + dy)) continue;
            const float weight = std::exp(-0.5f * static_cast<float>(dx * dx + dy * dy) / (kSingularSigma * kSingularSigma));
            vectors_.at(x, y).x += weight * orientation.cosine.at(x + dx, y + dy);
            vectors_.at(x, y).y += weight * orientation.sine.at(x + dx, y + dy);
          }
        }
      }
    }
  }

  int width() const { return vectors_.width; }
  int height() const { return vectors_.height; }
  bool known(int x, int y) const { return mask_.holds(x, y) && mask_.at(x, y); }
  Vector at(int x, int y) const { return vectors_.at(x, y); }

  // Between the four blocks whose first is x, y.
  Vector between(int x, int y, float wx, float wy) const {
    const Vector a = at(x, y), b = at(x + 1, y), c = at(x, y + 1), d = at(x + 1, y + 1);
    const auto mix = [&](float p, float q, float r, float s) { return (1 - wy) * ((1 - wx) * p + wx * q) + wy * ((1 - wx) * r + wx * s); };
    return {mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y)};
  }

 private:
  Grid<Vector> vectors_;
  const Mask& mask_;
};

// How often the vectors turn on the way round four blocks: 1 about a core, -1 about a delta (twice Poincaré's index).
int winding(const Field& field, int x, int y) {
  constexpr std::array<std::array<int, 2>, 4> way{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
  float turned = 0;
  for (std::size_t i = 0; i < way.size(); i++) {
    const Vector from = field.at(x + way[i][0], y + way[i][1]);
    const Vector to = field.at(x + way[(i + 1) % 4][0], y + way[(i + 1) % 4][1]);
    turned += std::atan2(from.x * to.y - from.y * to.x, from.x * to.x + from.y * to.y);
  }
  return static_cast<int>(std::lround(turned / (2 * kPi)));
}

struct Candidate {
  int sign = 0;
  float x = 0, y = 0;  // blocks, from the centre of the first
  float likeness = 0;  // to the plain pattern of its kind, 0 to 1
  float phase = 0;     // by which it is turned, double-angle
};

// Where in the square the vectors vanish.
void settle(const Field& field, int x, int y, Candidate& into) {
  constexpr int steps = 8;
  float least = INFINITY;
  for (int j = 0; j < steps; j++) {
    for (int i = 0; i < steps; i++) {
      const float wx = (static_cast<float>(i) + 0.5f) / steps, wy = (static_cast<float>(j) + 0.5f) / steps;
      const Vector here = field.between(x, y, wx, wy);
      const float square = here.x * here.x + here.y * here.y;
      if (square >= least) continue;
      least = square;
      into.x = static_cast<float>(x) + wx;
      into.y = static_cast<float>(y) + wy;
    }
  }
}

// Compares the flow about the point with the plain pattern: its vectors turn with the direction seen from the point, or
// against it. Blocks outside the mask count as unlike.
void compare(const Orientation& orientation, const Field& field, Candidate& point) {
  const int reach = kSingularReach;
  const int cx = static_cast<int>(std::lround(point.x)), cy = static_cast<int>(std::lround(point.y));
  float real = 0, imaginary = 0, sum = 0;
  for (int y = cy - reach; y <= cy + reach; y++) {
    for (int x = cx - reach; x <= cx + reach; x++) {
      const float dx = static_cast<float>(x) - point.x, dy = static_cast<float>(y) - point.y, square = dx * dx + dy * dy;
      if (square > static_cast<float>(reach * reach) || square < 0.25f) continue;
      sum += 1;
      if (!field.known(x, y)) continue;
      const float c = dx / std::sqrt(square), s = static_cast<float>(point.sign) * dy / std::sqrt(square);
      const float vx = orientation.cosine.at(x, y), vy = orientation.sine.at(x, y);
      real += vx * c + vy * s;
      imaginary += vy * c - vx * s;
    }
  }
  point.likeness = sum > 0 ? std::hypot(real, imaginary) / sum : 0;
  point.phase = std::atan2(imaginary, real);
}

std::vector<Candidate> candidates(const Orientation& orientation, const Field& field) {
  std::vector<Candidate> found;
  for (int y = 0; y + 1 < field.height(); y++) {
    for (int x = 0; x + 1 < field.width(); x++) {
      if (!field.known(x, y) || !field.known(x + 1, y) || !field.known(x, y + 1) || !field.known(x + 1, y + 1)) continue;
      Candidate point;
      point.sign = winding(field, x, y);
      if (point.sign != 1 && point.sign != -1) continue;
      settle(field, x, y, point);
      compare(orientation, field, point);
      found.push_back(point);
    }
  }
  return found;
}

// A core and a delta close by undo each other: noise makes them in pairs.
void cancel(std::vector<Candidate>& points) {
  while (true) {
    float least = kSingularPairBlocks;
    std::size_t one = 0, other = 0;
    for (std::size_t i = 0; i < points.size(); i++) {
      for (std::size_t j = i + 1; j < points.size(); j++) {
        if (points[i].sign == points[j].sign) continue;
        const float apart = std::hypot(points[i].x - points[j].x, points[i].y - points[j].y);
        if (apart >= least) continue;
        least = apart;
        one = i;
        other = j;
      }
    }
    if (other == 0) return;
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(other));
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(one));
  }
}

float to_pixels(float block) { return (block + 0.5f) * kBlock - 0.5f; }

}  // namespace

Singularities find_singularities(const Orientation& orientation, const Mask& mask) {
  const Field field(orientation, mask);
  std::vector<Candidate> points = candidates(orientation, field);
  cancel(points);
  std::erase_if(points, [](const Candidate& point) { return point.likeness < kMinLikeness; });
  std::stable_sort(points.begin(), points.end(), [](const Candidate& a, const Candidate& b) { return a.likeness > b.likeness; });
  Singularities out;
  for (const Candidate& point : points) {
    const float x = to_pixels(point.x), y = to_pixels(point.y);
    // Ridges leave a core the way its loop opens, a delta in three directions: where their orientation is the direction
    // in which they are seen from the point.
    if (point.sign == 1) {
      if (out.cores.size() < kMaxSingularities) out.cores.push_back({x, y, wrap(point.phase)});
    } else if (out.deltas.size() < kMaxSingularities) {
      std::array<float, 3> angles;
      for (std::size_t i = 0; i < 3; i++) angles[i] = wrap((point.phase + 2 * kPi * static_cast<float>(i)) / 3);
      out.deltas.push_back({x, y, angles});
    }
  }
  return out;
}

}  // namespace limen
