#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>
#include "template.h"

namespace limen {

enum class RecordFormat { iso_19794_2_2005, ansi_378_2004 };

// A minutia as a record holds it: x and y in the record's own pixels, y down; the angle in `Record::angles`ths of a turn,
// anticlockwise.
struct RecordMinutia {
  Minutia::Kind kind = Minutia::Kind::other;
  int x = 0, y = 0;
  int angle = 0;
  int quality = 0;
};

// A core or a delta as a record holds it: places and angles as of a minutia; one angle of a core and three of a delta, or
// none.
struct RecordSingularity {
  int x = 0, y = 0;
  std::vector<int> angles;
};

struct RecordView {
  int position = 0;  // ISO/IEC 19794-2:2005 table 2
  int number = 0;    // of the views of this finger
  int impression = 0;
  int quality = 0;
  std::vector<RecordMinutia> minutiae;
  std::vector<RecordSingularity> cores, deltas;
  RidgeFlow flow;  // of our own extended data, if there is any
};

struct Record {
  RecordFormat format = RecordFormat::iso_19794_2_2005;
  int width = 0, height = 0;
  int x_resolution = 0, y_resolution = 0;  // pixels per centimetre
  int angles = 0;                          // steps in a turn
  std::vector<RecordView> views;
};

inline constexpr int kAnyPosition = -1;

// Reads a finger minutiae record of ISO/IEC 19794-2:2005 clause 7 or ANSI INCITS 378-2004, told apart by the length field.
// Every field is checked and every length must add up; nothing when any is wrong. Of extended data, cores and
// deltas are read; that of others is passed over.
std::optional<Record> parse_record(const std::uint8_t* bytes, std::size_t length);

// A view of a record in pixels at 500 dpi.
Template template_of(const Record& record, const RecordView& view);

// The first view of a record, or the first of one finger; nothing when the record is wrong or lacks the finger.
std::optional<Template> read_record(const std::uint8_t* bytes, std::size_t length, int position = kAnyPosition);

// A record of ISO/IEC 19794-2:2005 clause 7: one view; cores and deltas, and the ridge flow as
// vendor-defined extended data.
std::vector<std::uint8_t> write_record(const Template& features);

}  // namespace limen
