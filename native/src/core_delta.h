#pragma once
#include <cstdint>
#include <vector>
#include "bytes.h"
#include "record.h"

namespace limen {

inline constexpr int kCoreDeltaType = 0x0002;

// The content of the core and delta area, ISO/IEC 19794-2:2005 clause 7.5.3; empty when there are neither.
std::vector<std::uint8_t> core_delta_area(const Template& features);

// Reads such an area into a view, or that of ANSI INCITS 378-2004, where one type in the count's byte is of all points.
// False when a count, type, place or reserved bit is wrong, or the length does not add up. How far angles reach is the
// record's to say, once all of it is known.
bool read_core_delta(Reader from, const Record& record, RecordView& view);

// A point of a view as a template has it, angles in the record's steps and places scaled.
Core core_of(const RecordSingularity& recorded, int angles, float x_scale, float y_scale);
Delta delta_of(const RecordSingularity& recorded, int angles, float x_scale, float y_scale);

}  // namespace limen
