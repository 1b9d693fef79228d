#pragma once
#include <cstdint>
#include <optional>
#include "template.h"

namespace limen {

// A finger minutiae record, ISO/IEC 19794-2:2005 clause 7: one view, and the ridge flow as vendor-defined extended data.
std::vector<std::uint8_t> write_record(const Template& features);

// Reads one. Every field is checked and every length must add up; of several views the first is taken. Nothing when any
// is wrong. Records of other resolutions come out in pixels at 500 dpi; extended data of others is passed over.
std::optional<Template> read_record(const std::uint8_t* bytes, std::size_t length);

}  // namespace limen
