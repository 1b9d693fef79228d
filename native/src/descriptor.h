#pragma once
#include <cstdint>
#include <vector>
#include "kernels/surroundings.h"
#include "ridge_flow.h"
#include "template.h"

namespace limen {

// Ridge directions at points on circles about each minutia, relative to its own (after Tico and Kuosmanen 2003), laid out
// for `compare_surroundings`.
class Descriptors {
 public:
  // `angles` in 256ths of a turn.
  Descriptors(const std::vector<Minutia>& minutiae, const std::vector<std::uint8_t>& angles, const FlowSampler& flow);
  Surroundings view() const { return {direction_.data(), known_.data(), stride_, count_}; }

 private:
  std::size_t count_, stride_;
  std::vector<std::uint8_t> direction_;  // 256ths of half a turn
  std::vector<std::uint8_t> known_;      // 255 where there are ridges, else 0
};

}  // namespace limen
