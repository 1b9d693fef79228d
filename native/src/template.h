#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>
#include "grid.h"

namespace limen {

struct Minutia {
  enum class Kind : std::uint8_t { other, ending, bifurcation };
  Kind kind = Kind::other;
  float x = 0;  // pixels at 500 dpi, y down
  float y = 0;
  float angle = 0;   // radians, y down, towards the ridge that ends or the valley that is shut in
  int quality = 0;  // 1 to 100; 0 when not known
};

// A point about which ridges turn back, as a loop does.
struct Core {
  float x = 0;  // pixels at 500 dpi, y down
  float y = 0;
  std::optional<float> angle;  // radians, y down, the way the loop opens
  bool operator==(const Core&) const = default;
};

// A point where three flows of ridges meet.
struct Delta {
  float x = 0;
  float y = 0;
  std::optional<std::array<float, 3>> angles;  // radians, y down, the ways ridges leave it
  bool operator==(const Delta&) const = default;
};

// The direction of ridges on the part of a coarse raster that has any: 0 where there are none, else 1 to 31 over half a
// turn. The raster's first sample lies half a spacing from the image's corner.
struct RidgeFlow {
  int spacing = 0;  // pixels at 500 dpi; 0 when there is no flow
  int column = 0;   // of the raster, where the part begins
  int row = 0;
  Grid<std::uint8_t> levels;
};

struct Template {
  int width = 0;  // pixels at 500 dpi
  int height = 0;
  int position = 0;  // ISO/IEC 19794-2:2005 table 2
  int quality = 0;   // 0 to 100
  std::vector<Minutia> minutiae;
  std::vector<Core> cores;
  std::vector<Delta> deltas;
  RidgeFlow flow;
};

}  // namespace limen
