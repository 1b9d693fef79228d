#include "segmentation.h"

#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

// Keeps a block when most of the blocks about it are kept; twice, so that the outline settles.
void settle(Mask& mask) {
  for (int round = 0; round < 2; round++) {
    const Mask before = mask;
    for (int y = 0; y < mask.height; y++) {
      for (int x = 0; x < mask.width; x++) {
        int kept = 0, seen = 0;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            if (!before.holds(x + dx, y + dy)) continue;
            seen++;
            kept += before.at(x + dx, y + dy);
          }
        }
        mask.at(x, y) = 2 * kept > seen ? 1 : 0;
      }
    }
  }
}

// Turns over every 4-connected region of the given value that is small, or, for holes, that does not touch the edge.
void drop_regions(Mask& mask, unsigned char value, int below, bool holes_only) {
  Mask seen(mask.width, mask.height);
  std::vector<std::pair<int, int>> region;
  for (int y = 0; y < mask.height; y++) {
    for (int x = 0; x < mask.width; x++) {
      if (seen.at(x, y) || mask.at(x, y) != value) continue;
      region.assign(1, {x, y});
      seen.at(x, y) = 1;
      bool edge = false;
      for (std::size_t next = 0; next < region.size(); next++) {
        const auto [cx, cy] = region[next];
        constexpr int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        for (const auto& step : steps) {
          const int nx = cx + step[0], ny = cy + step[1];
          if (!mask.holds(nx, ny)) {
            edge = true;
            continue;
          }
          if (seen.at(nx, ny) || mask.at(nx, ny) != value) continue;
          seen.at(nx, ny) = 1;
          region.emplace_back(nx, ny);
        }
      }
      if (static_cast<int>(region.size()) >= below || (holes_only && edge)) continue;
      for (const auto& [rx, ry] : region) mask.at(rx, ry) = value ? 0 : 1;
    }
  }
}

}  // namespace

float contrast_threshold(const Normalised& normalised) {
  std::vector<float> sorted = normalised.deviation.values;
  const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(static_cast<float>(sorted.size() - 1) * kContrastPercentile);
  std::nth_element(sorted.begin(), nth, sorted.end());
  return std::max(kContrastFloor, kContrastShare * *nth);
}

Mask segment(const Normalised& normalised, const Orientation& orientation) {
  const Grid<float>& deviation = normalised.deviation;
  const float threshold = contrast_threshold(normalised);

  Mask mask(deviation.width, deviation.height);
  for (std::size_t i = 0; i < mask.values.size(); i++)
    mask.values[i] = deviation.values[i] > threshold && orientation.coherence.values[i] > kMinCoherence ? 1 : 0;
  settle(mask);
  drop_regions(mask, 1, kMinRegionBlocks, false);
  drop_regions(mask, 0, mask.width * mask.height / 20, true);
  return mask;
}

}  // namespace limen
