#include "core_delta.h"

#include <algorithm>
#include <cmath>

#include "parameters.h"

namespace limen {

namespace {

void add_place(std::vector<std::uint8_t>& to, const Template& features, float x, float y) {
  constexpr int with_angle = 1 << 14;
  const int column = std::clamp(static_cast<int>(std::lround(x)), 0, features.width - 1) | with_angle;
  const int row = std::clamp(static_cast<int>(std::lround(y)), 0, features.height - 1);
  for (const int byte : {column >> 8, column & 255, row >> 8, row & 255}) to.push_back(static_cast<std::uint8_t>(byte));
}

// In 256ths of a turn; the record's angles run anticlockwise.
std::uint8_t turned(float angle) { return static_cast<std::uint8_t>(-std::lround(angle * 256 / (2 * parameters::kPi)) & 255); }

}  // namespace

std::vector<std::uint8_t> core_delta_area(const Template& features) {
  std::vector<std::uint8_t> out;
  if (features.cores.empty() && features.deltas.empty()) return out;
  out.push_back(static_cast<std::uint8_t>(features.cores.size()));
  for (const Core& core : features.cores) {
    add_place(out, features, core.x, core.y);
    out.push_back(turned(core.angle));
  }
  out.push_back(static_cast<std::uint8_t>(features.deltas.size()));
  for (const Delta& delta : features.deltas) {
    add_place(out, features, delta.x, delta.y);
    for (const float angle : delta.angles) out.push_back(turned(angle));
  }
  return out;
}

}  // namespace limen
