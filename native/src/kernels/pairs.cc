#include "pairs.h"

#include "../parameters.h"

namespace limen::LIMEN_SET {

using namespace parameters;

void agree_pairs(const PairColumns& pairs, std::size_t count, float* __restrict agreement) {
  constexpr float twist_scale = 2 * kPi / 256 / kEdgeAngleTolerance, bend_scale = 1 / kEdgeAngleTolerance;
  for (std::size_t a = 0; a < count; a++) {
    const float ax = pairs.probe_x[a], ay = pairs.probe_y[a], bx = pairs.candidate_x[a], by = pairs.candidate_y[a];
    const float rotation = pairs.rotation[a], cosine = pairs.cosine[a], sine = pairs.sine[a];
    float* __restrict row = agreement + a * pairs.stride;
    for (std::size_t b = 0; b < pairs.stride; b++) {
      const float px = pairs.probe_x[b] - ax, py = pairs.probe_y[b] - ay;
      const float cx = pairs.candidate_x[b] - bx, cy = pairs.candidate_y[b] - by;
      const float probe_length = __builtin_sqrtf(px * px + py * py), length = __builtin_sqrtf(cx * cx + cy * cy);
      const float off = probe_length - length;
      const float stretch = off / (kEdgeLengthTolerance + kEdgeLengthShare * length);
      // The mean of the two rotations turns the probe's edge; what is left is a bend, its tangent near enough to the angle.
      const float c = cosine + pairs.cosine[b], s = sine + pairs.sine[b];
      const float tx = c * px - s * py, ty = s * px + c * py;
      const float dot = tx * cx + ty * cy, cross = tx * cy - ty * cx;
      const float bend = bend_scale * cross / (dot > 0 ? dot : 1e-6f);
      const float twist = twist_scale * (rotation - pairs.rotation[b]);
      const float fs = 1 - stretch * stretch, fb = 1 - bend * bend, ft = 1 - twist * twist;
      const float worst = fs < fb ? (fs < ft ? fs : ft) : (fb < ft ? fb : ft);
      const float reach = length < kMinEdgeLength ? -1.0f : length > kMaxEdgeLength ? -1.0f : dot > 0 ? 1.0f : -1.0f;
      const float least = worst < reach ? worst : reach;
      row[b] = least > 0 ? fs * fb * ft : 0;
    }
  }
}

void pass_support(const float* __restrict agreement, std::size_t stride, std::size_t count, const float* __restrict support, float* __restrict next) {
  for (std::size_t b = 0; b < stride; b++) next[b] = 0;
  for (std::size_t a = 0; a < count; a++) {
    const float given = support[a];
    const float* __restrict row = agreement + a * stride;
    for (std::size_t b = 0; b < stride; b++) next[b] += given * row[b];
  }
}

void sum_near_edges(const PairColumns& pairs, std::size_t count, const float* agreement, float square_limit, EdgeSum* sum) {
  int total = 0, edges = 0;
  for (std::size_t a = 0; a < count; a++) {
    const float ax = pairs.probe_x[a], ay = pairs.probe_y[a];
    const float* row = agreement + a * pairs.stride;
    for (std::size_t b = 0; b < count; b++) {
      const float dx = pairs.probe_x[b] - ax, dy = pairs.probe_y[b] - ay;
      const int near = dx * dx + dy * dy < square_limit ? 1 : 0;
      edges += near;
      total += near * static_cast<int>(row[b] * kEdgeUnit);
    }
  }
  *sum = {total, edges - static_cast<int>(count)};  // a pair makes no edge with itself
}

void find_near(const Place* from, std::size_t count, const Places& places, std::uint16_t reach, std::uint16_t swing, std::uint16_t* __restrict near) {
  const std::uint16_t across = static_cast<std::uint16_t>(2 * reach), round = static_cast<std::uint16_t>(2 * swing);
  for (std::size_t i = 0; i < count; i++) {
    const std::uint16_t x = static_cast<std::uint16_t>(from[i].x - reach), y = static_cast<std::uint16_t>(from[i].y - reach);
    const std::uint16_t angle = static_cast<std::uint16_t>(from[i].angle - swing);
    std::uint16_t* __restrict row = near + i * places.stride;
    for (std::size_t j = 0; j < places.stride; j++) {
      const std::uint16_t dx = static_cast<std::uint16_t>(places.x[j] - x), dy = static_cast<std::uint16_t>(places.y[j] - y);
      const std::uint16_t turn = static_cast<std::uint16_t>(places.angle[j] - angle);
      const bool close = (dx <= across) & (dy <= across) & (turn <= round);
      row[j] = static_cast<std::uint16_t>(close ? 65535 : 0);
    }
  }
}

}  // namespace limen::LIMEN_SET
