#include "gallery_search.h"

#include <algorithm>
#include <bit>
#include <chrono>

#include "crew.h"
#include "gallery_vote.h"
#include "matcher.h"
#include "record.h"

namespace limen {

using namespace parameters;

namespace {

using Stop = std::function<bool()>;

struct GalleryPlace {
  std::uint32_t segment = 0, slot = 0;
};

bool may_be(int a, int b) { return a == 0 || b == 0 || a == b; }

std::uint32_t key_of(std::uint32_t scan) { return std::bit_cast<std::uint32_t>(static_cast<float>(scan)) >> 19; }

// The fingers with the highest scan of those that the probe may be; all when they are few.
std::vector<GalleryPlace> scan(const GalleryState& state, const SketchProbe& probe, int position, const Stop& stop) {
  std::vector<std::uint32_t> scores(state.size() * kSegmentFingers);
  share_out(state.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; s++) {
      const GallerySegment& segment = *state[s];
      std::uint32_t* to = scores.data() + s * kSegmentFingers;
      const auto* sketches = segment.sketches();
      scan_sketches()(probe.scan(), reinterpret_cast<const std::uint8_t*>(sketches), static_cast<int>(segment.size()), to);
      for (std::size_t i = 0; i < segment.size(); i++) to[i] = may_be(position, sketches[i].position) ? to[i] + 1 : 0;
    }
  }, stop);
  std::array<std::size_t, 1 << 13> histogram{};
  for (const std::uint32_t score : scores) histogram[key_of(score)] += score > 0;
  std::size_t least = histogram.size(), above = 0;
  while (least > 0 && above + histogram[least - 1] <= kScanKept) above += histogram[--least];
  std::size_t room = kScanKept - above;  // for some of those just below
  std::vector<GalleryPlace> out;
  for (std::size_t s = 0; s < state.size(); s++) {
    for (std::size_t i = 0; i < state[s]->size(); i++) {
      const std::uint32_t score = scores[s * kSegmentFingers + i];
      if (score == 0 || key_of(score) + 1 < least) continue;
      if (key_of(score) + 1 == least && (room == 0 || room-- == 0)) continue;
      out.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(i)});
    }
  }
  return out;
}

struct Ballot {
  std::uint32_t hash = 0;  // of the id
  std::uint32_t probe = 0;
  float vote = 0;
};

// The votes for the fingers that the first vote leaves, by the second. Of so few that all can be compared, none needs a vote.
std::vector<Ballot> count_votes(const GalleryState& state, const SketchProbe& probe, std::vector<GalleryPlace>& likely, std::uint32_t number,
                                const Stop& stop) {
  std::vector<Ballot> out(likely.size());
  for (std::size_t i = 0; i < out.size(); i++) out[i] = {state[likely[i].segment]->hash(likely[i].slot), number, 1};
  if (likely.size() <= kRevoteKept) return out;
  const auto count = [&](float (*by)(const SketchProbe&, const GallerySketch&)) {
    share_out(out.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; i++) out[i].vote = by(probe, state[likely[i].segment]->sketches()[likely[i].slot]);
    }, stop);
  };
  if (out.size() > kVoteKept) {
    count(vote);
    std::vector<std::size_t> order(out.size());
    for (std::size_t i = 0; i < order.size(); i++) order[i] = i;
    std::nth_element(order.begin(), order.begin() + kVoteKept, order.end(),
                     [&](std::size_t a, std::size_t b) { return out[a].vote != out[b].vote ? out[a].vote > out[b].vote : a < b; });
    std::vector<GalleryPlace> kept;
    std::vector<Ballot> ballots;
    for (std::size_t k = 0; k < kVoteKept; k++) {
      kept.push_back(likely[order[k]]);
      ballots.push_back(out[order[k]]);
    }
    likely.swap(kept);
    out.swap(ballots);
  }
  count(revote);
  return out;
}

// The hashes of the ids with the most votes, each probe's best finger counted; in rising order.
std::vector<std::uint32_t> elect(std::vector<Ballot>& ballots) {
  std::sort(ballots.begin(), ballots.end(), [](const Ballot& a, const Ballot& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.probe != b.probe ? a.probe < b.probe : a.vote > b.vote;
  });
  struct Candidate {
    float votes;
    std::uint32_t hash;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < ballots.size(); i++) {
    const bool known = i > 0 && ballots[i - 1].hash == ballots[i].hash;
    if (!known) candidates.push_back({0, ballots[i].hash});
    if (!known || ballots[i - 1].probe != ballots[i].probe) candidates.back().votes += ballots[i].vote;
  }
  const auto better = [](const Candidate& a, const Candidate& b) { return a.votes != b.votes ? a.votes > b.votes : a.hash < b.hash; };
  if (candidates.size() > kRevoteKept) {
    std::nth_element(candidates.begin(), candidates.begin() + kRevoteKept, candidates.end(), better);
    candidates.resize(kRevoteKept);
  }
  std::vector<std::uint32_t> hashes;
  for (const Candidate& candidate : candidates) hashes.push_back(candidate.hash);
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

// Every finger of the chosen ids.
std::vector<GalleryPlace> fingers_of(const GalleryState& state, const std::vector<std::uint32_t>& hashes) {
  constexpr std::uint32_t kSieve = 1 << 16;
  std::vector<bool> sieve(kSieve);
  for (const std::uint32_t hash : hashes) sieve[hash % kSieve] = true;
  std::vector<GalleryPlace> out;
  for (std::size_t s = 0; s < state.size(); s++)
    for (std::size_t i = 0; i < state[s]->size(); i++)
      if (sieve[state[s]->hash(i) % kSieve] && std::binary_search(hashes.begin(), hashes.end(), state[s]->hash(i)))
        out.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(i)});
  return out;
}

constexpr float kNotCompared = -1;

// The exact score of each finger with each probe, finger by finger.
std::vector<float> compare(const GalleryState& state, const std::vector<GalleryPlace>& fingers, const std::vector<Prepared>& probes,
                           const std::vector<int>& positions, const Stop& stop) {
  std::vector<float> scores(fingers.size() * probes.size(), kNotCompared);
  share_out(fingers.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t f = begin; f < end; f++) {
      const GallerySegment& segment = *state[fingers[f].segment];
      std::size_t length = 0;
      const std::uint8_t* record = segment.record(fingers[f].slot, length);
      const auto features = read_record(record, length);
      if (!features) continue;  // was checked when it was taken in
      const Prepared candidate = prepare(*features);
      for (std::size_t p = 0; p < probes.size(); p++)
        if (may_be(positions[p], segment.sketches()[fingers[f].slot].position))
          scores[f * probes.size() + p] = score(weigh(probes[p], candidate));
    }
  }, stop);
  return scores;
}

// One score for an id out of the best of each probe. Nothing when nothing at all was found.
std::optional<float> fuse(const std::vector<float>& best) {
  const auto compared = std::count_if(best.begin(), best.end(), [](float one) { return one != kNotCompared; });
  if (*std::max_element(best.begin(), best.end()) <= 0) return std::nullopt;
  float odds = 0;
  for (const float one : best) {
    if (one == kNotCompared) continue;
    if (compared == 1) return one;
    odds += std::max(one - kScoreOfNoOdds, kMissOdds);
  }
  return odds + kScoreOfNoOdds;
}

std::vector<GalleryHit> rank(const GalleryState& state, const std::vector<GalleryPlace>& fingers, const std::vector<float>& scores,
                             std::size_t probes, std::size_t k) {
  const auto id = [&](std::size_t f) { return state[fingers[f].segment]->id(fingers[f].slot); };
  std::vector<std::size_t> order(fingers.size());
  for (std::size_t f = 0; f < order.size(); f++) order[f] = f;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return id(a) < id(b); });
  std::vector<GalleryHit> hits;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    std::vector<float> best(probes, kNotCompared);
    for (end = begin; end < order.size() && id(order[end]) == id(order[begin]); end++)
      for (std::size_t p = 0; p < probes; p++) best[p] = std::max(best[p], scores[order[end] * probes + p]);
    if (const auto fused = fuse(best)) hits.push_back({std::string(id(order[begin])), *fused});
  }
  const auto better = [](const GalleryHit& a, const GalleryHit& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; };
  const auto kept = static_cast<std::ptrdiff_t>(std::min(k, hits.size()));
  std::partial_sort(hits.begin(), hits.begin() + kept, hits.end(), better);
  hits.resize(static_cast<std::size_t>(kept));
  return hits;
}

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::optional<GalleryFound> search(const GalleryState& state, const std::vector<GalleryProbe>& probes, std::size_t k,
                                   const std::function<bool()>& stop) {
  GalleryFound found;
  std::vector<Ballot> ballots;
  for (std::size_t p = 0; p < probes.size(); p++) {
    const double started = now_ms();
    const SketchProbe probe(sketch(probes[p].features, SketchSide::probe));
    std::vector<GalleryPlace> likely = scan(state, probe, probes[p].position, stop);
    if (stop()) return std::nullopt;
    const double scanned = now_ms();
    std::vector<Ballot> votes = count_votes(state, probe, likely, static_cast<std::uint32_t>(p), stop);
    if (stop()) return std::nullopt;
    ballots.insert(ballots.end(), votes.begin(), votes.end());
    found.scan_ms += scanned - started;
    found.vote_ms += now_ms() - scanned;
  }
  const double elected = now_ms();
  const std::vector<GalleryPlace> fingers = fingers_of(state, elect(ballots));
  std::vector<Prepared> prepared;
  std::vector<int> positions;
  for (const GalleryProbe& probe : probes) {
    prepared.push_back(prepare(probe.features));
    positions.push_back(probe.position);
  }
  const std::vector<float> scores = compare(state, fingers, prepared, positions, stop);
  if (stop()) return std::nullopt;
  found.hits = rank(state, fingers, scores, probes.size(), k);
  found.exact_ms = now_ms() - elected;
  return found;
}

}  // namespace limen
