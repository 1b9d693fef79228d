#pragma once
#include <cstdint>
#include <vector>
#include "template.h"

namespace limen {

inline constexpr int kCoreDeltaType = 0x0002;

// The content of the core and delta area, ISO/IEC 19794-2:2005 clause 7.5.3, with angles; empty when there are neither.
std::vector<std::uint8_t> core_delta_area(const Template& features);

}  // namespace limen
