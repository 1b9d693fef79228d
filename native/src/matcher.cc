#include "matcher.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "alignment.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// What one comparison works in, kept from one to the next.
struct Workspace {
  Likeness alike;
  std::vector<Pair> pairs, chosen;
  std::vector<int> order;
  std::vector<bool> tried;
  std::vector<std::pair<float, int>> members;
  std::vector<float> support, weights;
  std::vector<Met> met, best;
  std::vector<std::int16_t> turns;
  Edges edges, met_edges;
};

// Pairs that agree with one pair, one to one, the best supported first; the pair itself leads.
void cluster(int seed, Workspace& in) {
  const float* with = in.edges.with.data() + static_cast<std::size_t>(seed) * in.edges.stride;
  in.members.clear();
  for (std::size_t i = 0; i < in.pairs.size(); i++)
    if (with[i] > 0) in.members.emplace_back(-with[i] * in.support[i], static_cast<int>(i));
  std::sort(in.members.begin(), in.members.end());
  in.members.emplace(in.members.begin(), 0.0f, seed);
  in.chosen.clear();
  in.weights.clear();
  std::uint64_t probe_used[4] = {}, candidate_used[4] = {};
  for (const auto& [value, i] : in.members) {
    const Pair& pair = in.pairs[static_cast<std::size_t>(i)];
    const std::uint64_t ours = std::uint64_t{1} << (pair.probe & 63), theirs = std::uint64_t{1} << (pair.candidate & 63);
    if (probe_used[pair.probe >> 6] & ours || candidate_used[pair.candidate >> 6] & theirs) continue;
    probe_used[pair.probe >> 6] |= ours;
    candidate_used[pair.candidate >> 6] |= theirs;
    in.tried[static_cast<std::size_t>(i)] = true;
    in.chosen.push_back(pair);
    in.weights.push_back(in.support[static_cast<std::size_t>(i)] + 1e-3f);
  }
}

Motion inverse(const Motion& motion) {
  const float c = motion.cosine, s = -motion.sine;
  return {c, s, -(c * motion.dx - s * motion.dy), -(s * motion.dx + c * motion.dy)};
}

// How many of one's minutiae lie where the other has ridges.
int covered(const Prepared& one, const Prepared& other, const Motion& motion, std::vector<std::int16_t>& turns) {
  turns.resize(one.x.size());
  other.flow.sample(one.x.data(), one.y.data(), one.x.size(), motion, turns.data());
  return static_cast<int>(std::count_if(turns.begin(), turns.end(), [](std::int16_t turn) { return turn >= 0; }));
}

float overlap_of(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, Workspace& in) {
  const int ours = covered(probe, candidate, alignment.motion, in.turns), theirs = covered(candidate, probe, inverse(alignment.motion), in.turns);
  return std::sqrt(static_cast<float>(std::max(ours, 1) * std::max(theirs, 1)));
}

// How well the ridges' directions agree where both prints have any, 0 to 1.
float flow_agreement(const Alignment& alignment, const Prepared& probe, const Prepared& candidate, Workspace& in) {
  const int rotation = static_cast<int>(std::lround(alignment.rotation / kPi * 256));
  const std::size_t count = probe.survey_x.size();
  in.turns.resize(count);
  candidate.flow.sample(probe.survey_x.data(), probe.survey_y.data(), count, alignment.motion, in.turns.data());
  int common = 0, sum = 0;
  for (std::size_t i = 0; i < count; i++) {
    const int there = in.turns[i], apart = std::abs(static_cast<int>(static_cast<std::int8_t>(probe.survey_turn[i] + rotation - there)));
    const int known = there >= 0;
    common += known;
    sum += known * std::max(0, kSampleTolerance - apart);
  }
  return common ? static_cast<float>(sum) / static_cast<float>(common * kSampleTolerance) : 0;
}

// How well the edges between neighbours among the minutiae that met agree, 0 to 1.
float edge_agreement(const Prepared& probe, const Prepared& candidate, Workspace& in) {
  in.chosen.clear();
  for (const Met& met : in.met) in.chosen.push_back(met.pair);
  compare_edges(in.chosen, probe, candidate, in.met_edges);
  EdgeSum total{0, 0};
  sum_near_edges()(in.met_edges.view(), in.chosen.size(), in.met_edges.with.data(), kNearEdge * kNearEdge, &total);
  return total.edges > 0 ? static_cast<float>(total.agreement) / (kEdgeUnit * static_cast<float>(total.edges)) : 0;
}

// Leaves the minutiae that met in `in.met`. Evidence that cannot come to more than `least` may lack its last terms.
Evidence weigh_alignment(Alignment alignment, const Prepared& probe, const Prepared& candidate, float least, Workspace& in) {
  for (int round = 0;; round++) {
    meet(alignment, probe, candidate, in.alike, in.met);
    if (round == kRefinements || in.met.size() < 3) break;
    in.chosen.clear();
    in.weights.clear();
    for (const Met& met : in.met) {
      in.chosen.push_back(met.pair);
      in.weights.push_back(static_cast<float>(met.pair.alike) / 255 + 0.1f);
    }
    alignment = fit(in.chosen, in.weights, probe, candidate);
  }
  Evidence out;
  out.guessed = probe.guessed || candidate.guessed;
  int alike = 0;
  for (const Met& met : in.met) {
    out.weight += 1 - 0.5f * met.cost;
    alike += met.pair.alike;
  }
  out.met = static_cast<float>(in.met.size());
  if (out.met < kMinMet) return out;
  out.alike = static_cast<float>(alike) / (255 * out.met);
  out.overlap = overlap_of(alignment, probe, candidate, in);
  // The dear terms last, and only where the best that they could be would tell.
  static_assert(kOddsRecordedFlow.flow >= 0 && kOddsGuessedFlow.flow >= 0 && kOddsRecordedFlow.edges >= 0 && kOddsGuessedFlow.edges >= 0);
  out.edges = out.flow = 1;
  if (score(out) <= least) return out;
  out.flow = flow_agreement(alignment, probe, candidate, in);
  if (score(out) <= least) return out;
  out.edges = edge_agreement(probe, candidate, in);
  return out;
}

Evidence weigh_ordered(const Prepared& probe, const Prepared& candidate, Workspace& in) {
  Evidence best;
  in.best.clear();
  compare_all(probe, candidate, in.alike);
  likely_pairs(probe, candidate, in.alike, in.pairs);
  if (in.pairs.empty()) return best;
  compare_edges(in.pairs, probe, candidate, in.edges);
  support_pairs(in.pairs, in.edges, in.support);
  in.order.resize(in.pairs.size());
  std::iota(in.order.begin(), in.order.end(), 0);
  const auto support = [&](int pair) { return in.support[static_cast<std::size_t>(pair)]; };
  std::sort(in.order.begin(), in.order.end(), [&](int a, int b) { return support(a) != support(b) ? support(a) > support(b) : a < b; });
  in.tried.assign(in.pairs.size(), false);
  int hypotheses = 0;
  float best_score = -1;
  for (const int seed : in.order) {
    if (in.tried[static_cast<std::size_t>(seed)]) continue;
    if (hypotheses++ == kHypotheses) break;
    cluster(seed, in);
    const Evidence evidence = weigh_alignment(fit(in.chosen, in.weights, probe, candidate), probe, candidate, best_score, in);
    const float value = score(evidence);
    if (value <= best_score) continue;
    best_score = value;
    best = evidence;
    in.best.swap(in.met);
    if (value >= kSettled) break;
  }
  return best;
}

}  // namespace

Evidence weigh(const Prepared& probe, const Prepared& candidate, std::vector<Pairing>* pairings) {
  thread_local Workspace workspace;
  const bool swapped = comes_first(candidate, probe);
  const Evidence out = swapped ? weigh_ordered(candidate, probe, workspace) : weigh_ordered(probe, candidate, workspace);
  if (pairings) {
    pairings->clear();
    for (const Met& met : workspace.best)
      pairings->push_back(swapped ? Pairing{met.pair.candidate, met.pair.probe} : Pairing{met.pair.probe, met.pair.candidate});
  }
  return out;
}

float score(const Evidence& evidence) {
  if (evidence.met < kMinMet) return 0;
  const Odds& odds = evidence.guessed ? kOddsGuessedFlow : kOddsRecordedFlow;
  const float overlap = std::log1p(evidence.overlap);
  return std::max(0.0f, odds.weight * std::log1p(evidence.weight) + (odds.overlap + odds.overlap_square * overlap) * overlap +
                            odds.alike * evidence.alike + odds.flow * evidence.flow + odds.edges * evidence.edges + odds.offset);
}

}  // namespace limen
