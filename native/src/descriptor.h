#pragma once
#include <array>
#include "parameters.h"
#include "ridge_flow.h"
#include "template.h"

namespace limen {

// Ridge directions at points on circles about a minutia, relative to its own (after Tico and Kuosmanen 2003).
struct Descriptor {
  alignas(16) std::array<std::uint8_t, parameters::kSamples> direction{};  // 256ths of half a turn
  alignas(16) std::array<std::uint8_t, parameters::kSamples> known{};      // 255 where there are ridges, else 0
};

Descriptor describe(const Minutia& minutia, const FlowSampler& flow);

// How alike two surroundings are, 0 to 1; 0 when they share too little.
float similarity(const Descriptor& a, const Descriptor& b);

}  // namespace limen
