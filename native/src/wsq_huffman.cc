#include "wsq_huffman.h"

#include <algorithm>
#include <numeric>

namespace limen {

namespace {

constexpr std::size_t kSymbols = 256, kReserved = kSymbols;  // the reserved symbol takes the code of all ones

// The depth of each leaf of the tree that joins the two rarest again and again; 0 for what never occurs.
std::vector<std::size_t> depths(const std::array<std::uint32_t, kSymbols>& frequencies) {
  struct Node {
    std::uint64_t weight;
    std::vector<std::size_t> leaves;
  };
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < kSymbols; i++)
    if (frequencies[i] > 0) nodes.push_back({frequencies[i], {i}});
  nodes.push_back({0, {kReserved}});
  std::vector<std::size_t> out(kSymbols + 1, 0);
  const auto heavier = [](const Node& a, const Node& b) { return a.weight > b.weight; };
  std::make_heap(nodes.begin(), nodes.end(), heavier);
  while (nodes.size() > 1) {
    std::pop_heap(nodes.begin(), nodes.end(), heavier);
    Node joined = std::move(nodes.back());
    nodes.pop_back();
    std::pop_heap(nodes.begin(), nodes.end(), heavier);
    Node& other = nodes.back();
    joined.weight += other.weight;
    joined.leaves.insert(joined.leaves.end(), other.leaves.begin(), other.leaves.end());
    for (const std::size_t leaf : joined.leaves) out[leaf]++;
    other = std::move(joined);
    std::push_heap(nodes.begin(), nodes.end(), heavier);
  }
  return out;
}

// Shortens what is too long: two codes of a length become one a bit shorter and, below a shorter code, two that are one
// bit longer than that one was (ITU-T T.81 annex K.2).
void limit(std::vector<int>& counts) {
  for (std::size_t length = counts.size() - 1; length > kMaxCodeLength; length--) {
    while (counts[length] > 0) {
      std::size_t shorter = length - 2;
      while (counts[shorter] == 0) shorter--;
      counts[length] -= 2;
      counts[length - 1]++;
      counts[shorter + 1] += 2;
      counts[shorter]--;
    }
  }
}

}  // namespace

std::optional<HuffmanTable> read_huffman(Reader& from) {
  HuffmanTable table;
  int total = 0, free = 1;
  for (std::size_t length = 1; length <= kMaxCodeLength; length++) {
    table.counts[length] = from.u8();
    total += table.counts[length];
    free = 2 * free - table.counts[length];
    if (free < 0) return std::nullopt;
  }
  if (total == 0 || total > static_cast<int>(kSymbols)) return std::nullopt;
  for (int i = 0; i < total; i++) table.symbols.push_back(static_cast<std::uint8_t>(from.u8()));
  if (from.failed()) return std::nullopt;
  return table;
}

HuffmanTable build_huffman(const std::array<std::uint32_t, kSymbols>& frequencies) {
  const std::vector<std::size_t> depth = depths(frequencies);
  std::vector<int> counts(kSymbols + 2, 0);
  for (const std::size_t length : depth)
    if (length > 0) counts[length]++;
  limit(counts);
  for (std::size_t length = kMaxCodeLength; length > 0; length--)
    if (counts[length] > 0) {
      counts[length]--;  // the reserved code is the last of the longest
      break;
    }
  HuffmanTable table;
  std::copy_n(counts.begin(), kMaxCodeLength + 1, table.counts.begin());
  for (std::size_t i = 0; i < kSymbols; i++)
    if (depth[i] > 0) table.symbols.push_back(static_cast<std::uint8_t>(i));
  std::stable_sort(table.symbols.begin(), table.symbols.end(), [&depth](int a, int b) {
    return depth[static_cast<std::size_t>(a)] < depth[static_cast<std::size_t>(b)];
  });
  return table;
}

}  // namespace limen
