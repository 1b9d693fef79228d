#include "alignment.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "angle.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

Alignment fit(const std::vector<Pair>& pairs, const std::vector<float>& weights, const Prepared& probe, const Prepared& candidate) {
  float total = 0, px = 0, py = 0, cx = 0, cy = 0;
  for (std::size_t i = 0; i < pairs.size(); i++) {
    const Pair& pair = pairs[i];
    total += weights[i];
    px += weights[i] * probe.x[pair.probe];
    py += weights[i] * probe.y[pair.probe];
    cx += weights[i] * candidate.x[pair.candidate];
    cy += weights[i] * candidate.y[pair.candidate];
  }
  Alignment out;
  if (total <= 0) return out;
  px /= total;
  py /= total;
  cx /= total;
  cy /= total;
  // Positions tell the rotation from their spread; directions tell it too, as if each were a point this far out.
  constexpr float lever = kDirectionLever * kDirectionLever;
  float dot = 0, cross = 0;
  for (std::size_t i = 0; i < pairs.size(); i++) {
    const Pair& pair = pairs[i];
    const float ax = probe.x[pair.probe] - px, ay = probe.y[pair.probe] - py;
    const float bx = candidate.x[pair.candidate] - cx, by = candidate.y[pair.candidate] - cy;
    const Heading way = heading_of(static_cast<std::uint8_t>(candidate.angles[pair.candidate] - probe.angles[pair.probe]));
    dot += weights[i] * (ax * bx + ay * by + lever * way.cosine);
    cross += weights[i] * (ax * by - ay * bx + lever * way.sine);
  }
  const float length = std::sqrt(dot * dot + cross * cross);
  if (length <= 0) return out;
  const float cosine = dot / length, sine = cross / length;
  out.rotation = std::atan2(cross, dot);
  out.motion = {cosine, sine, cx - (cosine * px - sine * py), cy - (sine * px + cosine * py)};
  return out;
}

namespace {

// The costs of all that lie close, in rising order, each with its two minutiae below.
void find_close(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, std::vector<std::uint64_t>& close) {
  thread_local std::vector<Place> moved;
  thread_local std::vector<std::uint16_t> near;
  const Motion& motion = alignment.motion;
  const float turned = alignment.rotation * (128 / kPi);
  const Places places = candidate.places();
  const std::size_t count = probe.minutiae.size();
  moved.resize(count);
  for (std::size_t i = 0; i < count; i++)
    moved[i] = place_of(motion.cosine * probe.x[i] - motion.sine * probe.y[i] + motion.dx,
                        motion.sine * probe.x[i] + motion.cosine * probe.y[i] + motion.dy, turned + static_cast<float>(probe.angles[i]));
  near.resize(count * places.stride);
  constexpr int swing = static_cast<int>(kPairAngle * 32768 / kPi), reach = static_cast<int>(4 * kPairDistance);
  find_near()(moved.data(), count, places, reach, swing, near.data());
  close.clear();
  constexpr float distance_scale = 1.0f / (reach * reach), angle_scale = 1.0f / swing;
  for (std::size_t i = 0; i < count; i++) {
    const std::uint16_t* row = near.data() + i * places.stride;
    for (std::size_t at = 0; at < places.stride; at += 4) {
      std::uint64_t some;
      std::memcpy(&some, row + at, sizeof some);
      if (some == 0) continue;
      for (std::size_t j = at; j < at + 4; j++) {
        if (row[j] == 0) continue;
        const int dx = places.x[j] - moved[i].x, dy = places.y[j] - moved[i].y;
        if (dx * dx + dy * dy > reach * reach) continue;
        const float off = angle_scale * static_cast<float>(static_cast<std::int16_t>(places.angle[j] - moved[i].angle));
        const float cost = distance_scale * static_cast<float>(dx * dx + dy * dy) + off * off;
        close.push_back(static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(cost)) << 16 | i << 8 | j);
      }
    }
  }
  std::sort(close.begin(), close.end());
}

}  // namespace

void meet(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, const Likeness& alike, std::vector<Met>& into) {
  thread_local std::vector<std::uint64_t> close;
  find_close(alignment, probe, candidate, close);
  into.clear();
  std::uint64_t probe_used[4] = {}, candidate_used[4] = {};
  for (const std::uint64_t one : close) {
    const auto i = static_cast<std::uint8_t>(one >> 8), j = static_cast<std::uint8_t>(one);
    const std::uint64_t ours = std::uint64_t{1} << (i & 63), theirs = std::uint64_t{1} << (j & 63);
    if (probe_used[i >> 6] & ours || candidate_used[j >> 6] & theirs) continue;
    probe_used[i >> 6] |= ours;
    candidate_used[j >> 6] |= theirs;
    into.push_back({{i, j, alike.at(i, j)}, std::bit_cast<float>(static_cast<std::uint32_t>(one >> 16))});
  }
}

}  // namespace limen
