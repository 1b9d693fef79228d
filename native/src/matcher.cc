#include "matcher.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "angle.h"

namespace limen {

using namespace parameters;

Prepared prepare(const Template& features) {
  const bool flow = features.flow.spacing > 0;
  const RidgeFlow ridges = flow ? features.flow : guess_flow(features.minutiae, features.width, features.height);
  Prepared out{features.minutiae, {}, FlowSampler(ridges)};
  for (Minutia& minutia : out.minutiae) minutia.angle = wrap(minutia.angle);
  out.descriptors.reserve(out.minutiae.size());
  for (const Minutia& minutia : out.minutiae) out.descriptors.push_back(describe(minutia, out.flow));
  return out;
}

namespace {

// Pairs that agree with one pair, one to one, the best supported first; the pair itself leads.
std::vector<int> cluster(int seed, const std::vector<Pair>& pairs, const Agreement& agreement) {
  std::vector<std::pair<float, int>> members;
  for (const auto& [i, weight] : agreement.with[static_cast<std::size_t>(seed)])
    members.emplace_back(weight * agreement.support[static_cast<std::size_t>(i)], i);
  std::sort(members.begin(), members.end(), std::greater<>());
  std::vector<int> out{seed};
  for (const auto& [value, i] : members) {
    const Pair& pair = pairs[static_cast<std::size_t>(i)];
    const bool clash = std::any_of(out.begin(), out.end(), [&](int j) {
      const Pair& other = pairs[static_cast<std::size_t>(j)];
      return other.probe == pair.probe || other.candidate == pair.candidate;
    });
    if (!clash) out.push_back(i);
  }
  return out;
}

void survey_overlap(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, Evidence& into) {
  int ours = 0, theirs = 0;
  for (const Minutia& m : probe.minutiae)
    ours += candidate.flow.at(alignment.cosine * m.x - alignment.sine * m.y + alignment.dx,
                              alignment.sine * m.x + alignment.cosine * m.y + alignment.dy) >= 0;
  for (const Minutia& m : candidate.minutiae) {
    const float x = m.x - alignment.dx, y = m.y - alignment.dy;
    theirs += probe.flow.at(alignment.cosine * x + alignment.sine * y, alignment.cosine * y - alignment.sine * x) >= 0;
  }
  into.overlap = std::sqrt(static_cast<float>(std::max(ours, 1) * std::max(theirs, 1)));

  const int turn = static_cast<int>(std::lround(alignment.rotation / kPi * 256));
  int common = 0, sum = 0;
  for (int y = probe.flow.top(); y < probe.flow.bottom(); y += kOverlapStep) {
    for (int x = probe.flow.left(); x < probe.flow.right(); x += kOverlapStep) {
      const float fx = static_cast<float>(x), fy = static_cast<float>(y);
      const int here = probe.flow.at(fx, fy);
      if (here < 0) continue;
      const int there = candidate.flow.at(alignment.cosine * fx - alignment.sine * fy + alignment.dx,
                                          alignment.sine * fx + alignment.cosine * fy + alignment.dy);
      if (there < 0) continue;
      common++;
      sum += std::max(0, kSampleTolerance - std::abs(static_cast<int>(static_cast<std::int8_t>(here + turn - there))));
    }
  }
  into.flow = common ? static_cast<float>(sum) / static_cast<float>(common * kSampleTolerance) : 0;
}

Evidence weigh_alignment(Alignment alignment, const Prepared& probe, const Prepared& candidate) {
  std::vector<Pair> met;
  for (int round = 0; round <= kRefinements; round++) {
    met = meet(alignment, probe, candidate);
    if (round == kRefinements || met.size() < 3) break;
    std::vector<float> weights(met.size());
    for (std::size_t i = 0; i < met.size(); i++) weights[i] = met[i].similarity + 0.1f;
    alignment = fit(met, weights, probe, candidate);
  }
  Evidence out;
  for (const Pair& pair : met) {
    out.met += 1;
    out.weight += 1 - 0.5f * pair.rotation;
    out.alike += pair.similarity;
  }
  if (out.met > 0) out.alike /= out.met;
  survey_overlap(alignment, probe, candidate, out);
  return out;
}

}  // namespace

Evidence weigh(const Prepared& probe, const Prepared& candidate) {
  Evidence best;
  const std::vector<Pair> pairs = likely_pairs(probe, candidate);
  if (pairs.empty()) return best;
  const Agreement agreement = agree(pairs, probe, candidate);
  std::vector<int> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return agreement.support[static_cast<std::size_t>(a)] > agreement.support[static_cast<std::size_t>(b)];
  });
  std::vector<bool> tried(pairs.size());
  int hypotheses = 0;
  float best_score = -1;
  for (const int seed : order) {
    if (tried[static_cast<std::size_t>(seed)]) continue;
    if (hypotheses++ == kHypotheses) break;
    const std::vector<int> members = cluster(seed, pairs, agreement);
    std::vector<Pair> chosen;
    std::vector<float> weights;
    for (const int i : members) {
      tried[static_cast<std::size_t>(i)] = true;
      chosen.push_back(pairs[static_cast<std::size_t>(i)]);
      weights.push_back(agreement.support[static_cast<std::size_t>(i)] + 1e-3f);
    }
    const Evidence evidence = weigh_alignment(fit(chosen, weights, probe, candidate), probe, candidate);
    const float value = score(evidence);
    if (value <= best_score) continue;
    best_score = value;
    best = evidence;
  }
  return best;
}

float score(const Evidence& evidence) {
  if (evidence.met < kMinMet) return 0;
  const float overlap = std::log1p(evidence.overlap);
  const float odds = kOddsWeight * std::log1p(evidence.weight) + (kOddsOverlap + kOddsOverlapSquare * overlap) * overlap +
                     kOddsAlike * evidence.alike + kOddsFlow * evidence.flow + kOddsOffset;
  return std::max(0.0f, odds);
}

}  // namespace limen
