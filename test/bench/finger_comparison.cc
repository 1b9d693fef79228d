// Times comparison inside the addon's core, without the way through JavaScript. Reads records from the standard input, each
// as its finger and its length (32-bit, little-endian) and its bytes; writes a line for each instruction set: its number,
// then microseconds for making a template ready, comparing mates, comparing impostors, and the raw comparison of their
// surroundings alone, each the median of pairs of the least of some rounds.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "../../native/src/dispatch.h"
#include "../../native/src/matcher.h"
#include "../../native/src/pairing.h"
#include "../../native/src/record.h"

namespace {

using namespace limen;

constexpr int kRounds = 9;
constexpr std::size_t kMostPairs = 300;

struct Sample {
  std::uint32_t finger;
  Template features;
};

std::vector<Sample> read_samples() {
  std::vector<Sample> out;
  std::uint32_t head[2];
  while (std::fread(head, sizeof head, 1, stdin) == 1) {
    std::vector<std::uint8_t> bytes(head[1]);
    if (std::fread(bytes.data(), 1, bytes.size(), stdin) != bytes.size()) break;
    if (auto features = read_record(bytes.data(), bytes.size())) out.push_back({head[0], std::move(*features)});
  }
  return out;
}

template <class Work>
double least_us(Work work) {
  double least = 1e9;
  for (int round = 0; round < kRounds; round++) {
    const auto started = std::chrono::steady_clock::now();
    work();
    least = std::min(least, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - started).count());
  }
  return least;
}

double median(std::vector<double> times) {
  if (times.empty()) return 0;
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

// Pairs of one kind, spread evenly over all.
template <class Work>
double pairs_us(const std::vector<Sample>& samples, bool mates, Work work) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < samples.size(); i++)
    for (std::size_t j = i + 1; j < samples.size(); j++)
      if ((samples[i].finger == samples[j].finger) == mates) pairs.emplace_back(i, j);
  std::vector<double> times;
  const std::size_t step = std::max<std::size_t>(1, pairs.size() / kMostPairs);
  for (std::size_t at = 0; at < pairs.size(); at += step) times.push_back(least_us([&] { work(pairs[at].first, pairs[at].second); }));
  return median(times);
}

}  // namespace

int main() {
  const std::vector<Sample> samples = read_samples();
  volatile float sink = 0;
  for (int set = 0; set <= 2; set++) {
    if (static_cast<int>(use_instruction_set(static_cast<InstructionSet>(set))) != set) break;
    std::vector<double> preparing;
    std::vector<Prepared> ready;
    for (const Sample& sample : samples) {
      preparing.push_back(least_us([&] { sink = sink + static_cast<float>(prepare(sample.features).x.size()); }));
      ready.push_back(prepare(sample.features));
    }
    const auto compare = [&](std::size_t i, std::size_t j) { sink = sink + score(weigh(ready[i], ready[j])); };
    Likeness likeness;
    const auto raw = [&](std::size_t i, std::size_t j) { compare_all(ready[i], ready[j], likeness); };
    std::printf("%d %.2f %.2f %.2f %.2f\n", set, median(preparing), pairs_us(samples, true, compare), pairs_us(samples, false, compare),
                pairs_us(samples, false, raw));
  }
}
