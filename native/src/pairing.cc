#include "pairing.h"

#include <cmath>

#include "angle.h"

namespace limen {

using namespace parameters;

std::vector<Pair> likely_pairs(const Prepared& probe, const Prepared& candidate) {
  std::vector<Pair> all, own;
  for (std::size_t i = 0; i < probe.minutiae.size(); i++) {
    own.clear();
    for (std::size_t j = 0; j < candidate.minutiae.size(); j++) {
      const float rotation = turn(candidate.minutiae[j].angle, probe.minutiae[i].angle);
      if (std::abs(rotation) > kMaxRotation) continue;
      const float alike = similarity(probe.descriptors[i], candidate.descriptors[j]);
      if (alike >= kMinLocalSimilarity) own.push_back({static_cast<int>(i), static_cast<int>(j), alike, rotation, 1, 0});
    }
    const auto better = [](const Pair& a, const Pair& b) { return a.similarity > b.similarity; };
    const std::size_t kept = std::min<std::size_t>(own.size(), kCandidatesPerMinutia);
    std::partial_sort(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(kept), own.end(), better);
    all.insert(all.end(), own.begin(), own.begin() + static_cast<std::ptrdiff_t>(kept));
  }
  const auto better = [](const Pair& a, const Pair& b) { return a.similarity > b.similarity; };
  if (all.size() > kMaxCandidates) {
    std::nth_element(all.begin(), all.begin() + kMaxCandidates, all.end(), better);
    all.resize(kMaxCandidates);
  }
  for (Pair& pair : all) {
    pair.cosine = std::cos(pair.rotation);
    pair.sine = std::sin(pair.rotation);
  }
  return all;
}

namespace {

float agreement(const Pair& a, const Pair& b, const Prepared& probe, const Prepared& candidate) {
  if (a.probe == b.probe || a.candidate == b.candidate) return 0;
  const float twist = std::abs(turn(a.rotation, b.rotation)) / kEdgeAngleTolerance;
  if (twist > 1) return 0;
  const Minutia& pa = probe.minutiae[static_cast<std::size_t>(a.probe)];
  const Minutia& pb = probe.minutiae[static_cast<std::size_t>(b.probe)];
  const Minutia& ca = candidate.minutiae[static_cast<std::size_t>(a.candidate)];
  const Minutia& cb = candidate.minutiae[static_cast<std::size_t>(b.candidate)];
  const float px = pb.x - pa.x, py = pb.y - pa.y, cx = cb.x - ca.x, cy = cb.y - ca.y;
  const float probe_length = std::sqrt(px * px + py * py), length = std::sqrt(cx * cx + cy * cy);
  if (length < kMinEdgeLength || length > kMaxEdgeLength) return 0;
  const float stretch = std::abs(probe_length - length) / (kEdgeLengthTolerance + kEdgeLengthShare * length);
  if (stretch > 1) return 0;
  // The mean of the two rotations turns the probe's edge; what is left is a bend.
  const float c = a.cosine + b.cosine, s = a.sine + b.sine;
  const float tx = c * px - s * py, ty = s * px + c * py;
  const float dot = tx * cx + ty * cy, cross = tx * cy - ty * cx;
  if (dot <= 0) return 0;
  const float bend = std::abs(cross) / dot / kEdgeAngleTolerance;  // tangent, near enough to the angle
  if (bend > 1) return 0;
  return (1 - stretch * stretch) * (1 - bend * bend) * (1 - twist * twist);
}

}  // namespace

Agreement agree(const std::vector<Pair>& pairs, const Prepared& probe, const Prepared& candidate) {
  Agreement out;
  out.with.resize(pairs.size());
  out.support.resize(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); i++) {
    out.support[i] = pairs[i].similarity;
    for (std::size_t j = i + 1; j < pairs.size(); j++) {
      const float weight = agreement(pairs[i], pairs[j], probe, candidate);
      if (weight <= 0) continue;
      out.with[i].emplace_back(static_cast<int>(j), weight);
      out.with[j].emplace_back(static_cast<int>(i), weight);
    }
  }
  std::vector<float> next(pairs.size());
  for (int round = 0; round < kSupportRounds; round++) {
    float largest = 1e-6f;
    for (std::size_t i = 0; i < pairs.size(); i++) {
      float sum = 0;
      for (const auto& [j, weight] : out.with[i]) sum += weight * out.support[static_cast<std::size_t>(j)];
      next[i] = pairs[i].similarity * sum;
      largest = std::max(largest, next[i]);
    }
    for (std::size_t i = 0; i < pairs.size(); i++) out.support[i] = next[i] / largest;
  }
  return out;
}

Alignment fit(const std::vector<Pair>& pairs, const std::vector<float>& weights, const Prepared& probe, const Prepared& candidate) {
  float total = 0, px = 0, py = 0, cx = 0, cy = 0;
  const auto from = [&](const Pair& pair) -> const Minutia& { return probe.minutiae[static_cast<std::size_t>(pair.probe)]; };
  const auto to = [&](const Pair& pair) -> const Minutia& { return candidate.minutiae[static_cast<std::size_t>(pair.candidate)]; };
  for (std::size_t i = 0; i < pairs.size(); i++) {
    total += weights[i];
    px += weights[i] * from(pairs[i]).x;
    py += weights[i] * from(pairs[i]).y;
    cx += weights[i] * to(pairs[i]).x;
    cy += weights[i] * to(pairs[i]).y;
  }
  Alignment out;
  if (total <= 0) return out;
  px /= total;
  py /= total;
  cx /= total;
  cy /= total;
  // Positions tell the rotation from their spread; directions tell it too, as if each were a point this far out.
  float dot = 0, cross = 0;
  for (std::size_t i = 0; i < pairs.size(); i++) {
    const Minutia& a = from(pairs[i]);
    const Minutia& b = to(pairs[i]);
    const float ax = a.x - px, ay = a.y - py, bx = b.x - cx, by = b.y - cy;
    const float way = b.angle - a.angle;
    dot += weights[i] * (ax * bx + ay * by + kDirectionLever * kDirectionLever * std::cos(way));
    cross += weights[i] * (ax * by - ay * bx + kDirectionLever * kDirectionLever * std::sin(way));
  }
  out.rotation = std::atan2(cross, dot);
  out.cosine = std::cos(out.rotation);
  out.sine = std::sin(out.rotation);
  out.dx = cx - (out.cosine * px - out.sine * py);
  out.dy = cy - (out.sine * px + out.cosine * py);
  return out;
}

std::vector<Pair> meet(const Alignment& alignment, const Prepared& probe, const Prepared& candidate) {
  struct Close {
    float cost;
    Pair pair;
  };
  std::vector<Close> close;
  for (std::size_t i = 0; i < probe.minutiae.size(); i++) {
    const Minutia& a = probe.minutiae[i];
    const float x = alignment.cosine * a.x - alignment.sine * a.y + alignment.dx;
    const float y = alignment.sine * a.x + alignment.cosine * a.y + alignment.dy;
    const float angle = wrap(a.angle + alignment.rotation);
    for (std::size_t j = 0; j < candidate.minutiae.size(); j++) {
      const Minutia& b = candidate.minutiae[j];
      const float square = ((b.x - x) * (b.x - x) + (b.y - y) * (b.y - y)) / (kPairDistance * kPairDistance);
      if (square > 1) continue;
      const float off = std::abs(turn(b.angle, angle)) / kPairAngle;
      if (off > 1) continue;
      close.push_back({square + off * off, {static_cast<int>(i), static_cast<int>(j), 0, 0, 1, 0}});
    }
  }
  std::sort(close.begin(), close.end(), [](const Close& a, const Close& b) { return a.cost < b.cost; });
  std::vector<bool> probe_used(probe.minutiae.size()), candidate_used(candidate.minutiae.size());
  std::vector<Pair> met;
  for (Close& one : close) {
    const auto i = static_cast<std::size_t>(one.pair.probe), j = static_cast<std::size_t>(one.pair.candidate);
    if (probe_used[i] || candidate_used[j]) continue;
    probe_used[i] = candidate_used[j] = true;
    one.pair.similarity = similarity(probe.descriptors[i], candidate.descriptors[j]);
    one.pair.rotation = one.cost;
    met.push_back(one.pair);
  }
  return met;
}

}  // namespace limen
