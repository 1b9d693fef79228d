#include "record.h"

#include <algorithm>
#include <cmath>

#include "bytes.h"
#include "core_delta.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr std::size_t kFormat = 0x464D5200, kVersion = 0x20323000, kAnsiVersion = 0x30323000;  // "FMR", " 20", "020"
constexpr std::size_t kHeader = 24, kViewHeader = 4, kMinutiaSize = 6, kFlowHeader = 6, kExtendedHeader = 4;
constexpr int kPixelsPerCm = 197;  // 500 dpi
constexpr int kMinPixelsPerCm = 98, kMaxPixelsPerCm = 400;
constexpr int kLargestCoordinate = 0x3FFF;
constexpr int kFlowType = 0x4C46;  // vendor-defined, clause 7.5.1.2
constexpr int kFlowVersion = 1;
constexpr int kLevelBits = 5;
constexpr int kLargestPosition = 10, kLargestQuality = 100;
constexpr int kIsoAngles = 256, kAnsiAngles = 180;  // steps in a turn

void write_flow(Writer& to, const RidgeFlow& flow) {
  to.u8(kFlowVersion);
  to.u8(flow.spacing);
  to.u8(flow.column);
  to.u8(flow.row);
  to.u8(flow.levels.width);
  to.u8(flow.levels.height);
  unsigned pending = 0;
  int bits = 0;
  for (const std::uint8_t level : flow.levels.values) {
    pending = pending << kLevelBits | level;
    bits += kLevelBits;
    for (; bits >= 8; bits -= 8) to.u8(static_cast<int>(pending >> (bits - 8) & 255));
  }
  if (bits > 0) to.u8(static_cast<int>(pending << (8 - bits) & 255));
}

std::size_t packed_size(const Grid<std::uint8_t>& levels) { return (levels.values.size() * kLevelBits + 7) / 8; }

std::optional<RidgeFlow> read_flow(Reader from) {
  const int version = from.u8(), spacing = from.u8(), column = from.u8(), row = from.u8(), columns = from.u8(), rows = from.u8();
  if (from.failed() || version != kFlowVersion || spacing != kFlowSpacing) return std::nullopt;
  if (columns < 1 || column + columns > kMaxFlowSide || rows < 1 || row + rows > kMaxFlowSide) return std::nullopt;
  RidgeFlow flow{spacing, column, row, Grid<std::uint8_t>(columns, rows)};
  if (from.left() != packed_size(flow.levels)) return std::nullopt;
  unsigned pending = 0;
  int bits = 0;
  for (std::uint8_t& level : flow.levels.values) {
    if (bits < kLevelBits) {
      pending = pending << 8 | static_cast<unsigned>(from.u8());
      bits += 8;
    }
    bits -= kLevelBits;
    level = static_cast<std::uint8_t>(pending >> bits & kFlowLevels);
  }
  return flow;
}

std::optional<RecordMinutia> read_minutia(Reader& from, const Record& record) {
  const int kind_x = from.u16(), reserved_y = from.u16(), angle = from.u8(), quality = from.u8();
  const int kind = kind_x >> 14, x = kind_x & kLargestCoordinate, y = reserved_y & kLargestCoordinate;
  if (kind > 2 || reserved_y >> 14 != 0 || x >= record.width || y >= record.height || quality > kLargestQuality) return std::nullopt;
  return RecordMinutia{static_cast<Minutia::Kind>(kind), x, y, angle, quality};
}

// Areas of extended data, whose lengths have to add up. Of those that are neither cores and deltas nor ours only the length
// is looked at.
bool read_areas(Reader from, bool header_counted, const Record& record, RecordView& view) {
  const std::size_t header = header_counted ? kExtendedHeader : 0;
  bool singular = false;
  while (from.left() > 0) {
    const int type = from.u16();
    const auto length = static_cast<std::size_t>(from.u16());
    if (from.failed() || type == 0 || length < header) return false;
    const Reader data = from.part(length - header);
    if (from.failed()) return false;
    if (type == kCoreDeltaType) {
      if (singular || !read_core_delta(data, record, view)) return false;
      singular = true;
    } else if (type == kFlowType) {
      auto found = read_flow(data);
      if (!found || view.flow.spacing != 0) return false;
      view.flow = std::move(*found);
    }
  }
  return true;
}

// ANSI counts the four bytes of type and length in the length of an area, and ISO does not; either is met in both.
bool read_extended(const Reader& from, const Record& record, RecordView& view) {
  const bool ansi = record.format == RecordFormat::ansi_378_2004;
  RecordView other = view;
  if (read_areas(from, ansi, record, view)) return true;
  view = std::move(other);
  return read_areas(from, !ansi, record, view);
}

bool known_impression(int type) { return type <= 3 || (type >= 7 && type <= 9); }

std::optional<RecordView> read_view(Reader& from, const Record& record) {
  RecordView view;
  view.position = from.u8();
  const int number_impression = from.u8();
  view.number = number_impression >> 4;
  view.impression = number_impression & 15;
  view.quality = from.u8();
  const int count = from.u8();
  if (from.failed() || view.position > kLargestPosition || view.quality > kLargestQuality) return std::nullopt;
  if (!known_impression(view.impression)) return std::nullopt;
  for (const RecordView& other : record.views)
    if (other.position == view.position && other.number == view.number) return std::nullopt;
  for (int i = 0; i < count; i++) {
    const auto minutia = read_minutia(from, record);
    if (from.failed() || !minutia) return std::nullopt;
    view.minutiae.push_back(*minutia);
  }
  const Reader extended = from.part(static_cast<std::size_t>(from.u16()));
  if (from.failed() || !read_extended(extended, record, view)) return std::nullopt;
  return view;
}

struct Start {
  RecordFormat format;
  bool dialect;
};

// Format, version and length. Where ISO has a length of four bytes, ANSI has one of two bytes, or two of zeros and then
// four; only one of them can be the length of all. Writers of ANSI records are met whose version is "020", who count the
// length as though the header were ISO's, two bytes shorter, and keep angles as ISO does: a dialect, read as it is meant.
std::optional<Start> read_start(Reader& from) {
  const std::size_t length = from.left();
  if (from.u32() != kFormat) return std::nullopt;
  const std::size_t version = from.u32();
  const bool dialect = version == kAnsiVersion;
  if (version != kVersion && !dialect) return std::nullopt;
  const auto ansi = [&](std::size_t told) { return told == length || (dialect && told + 2 == length); };
  const auto high = static_cast<std::size_t>(from.u16());
  if (high != 0 && ansi(high)) return Start{RecordFormat::ansi_378_2004, dialect};
  const auto low = static_cast<std::size_t>(from.u16());
  if (!dialect && (high << 16 | low) == length) return Start{RecordFormat::iso_19794_2_2005, false};
  if (high == 0 && ansi(low << 16 | static_cast<std::size_t>(from.u16()))) return Start{RecordFormat::ansi_378_2004, dialect};
  return std::nullopt;
}

// How many steps a turn has: 256 in ISO, 180 in ANSI, where in the dialect a step past the last gives 256 away.
std::optional<int> angles_of(const Record& record, bool dialect) {
  if (record.format == RecordFormat::iso_19794_2_2005) return kIsoAngles;
  int largest = 0;
  for (const RecordView& view : record.views) {
    for (const RecordMinutia& minutia : view.minutiae) largest = std::max(largest, minutia.angle);
    for (const auto* points : {&view.cores, &view.deltas})
      for (const RecordSingularity& point : *points)
        for (const int angle : point.angles) largest = std::max(largest, angle);
  }
  if (largest < kAnsiAngles) return kAnsiAngles;
  return dialect ? std::optional(kIsoAngles) : std::nullopt;
}

int at_working_resolution(int size, int resolution) {
  const float scale = static_cast<float>(kPixelsPerCm) / static_cast<float>(resolution);
  return std::max(1, static_cast<int>(std::lround(static_cast<float>(size) * scale)));
}

}  // namespace

std::vector<std::uint8_t> write_record(const Template& features) {
  const std::size_t flow_size = features.flow.spacing ? kFlowHeader + packed_size(features.flow.levels) : 0;
  const std::vector<std::uint8_t> singular = core_delta_area(features);
  const std::size_t extended_size =
      (flow_size ? kExtendedHeader + flow_size : 0) + (singular.empty() ? 0 : kExtendedHeader + singular.size());
  std::vector<std::uint8_t> bytes;
  Writer to(bytes);
  to.u32(kFormat);
  to.u32(kVersion);
  to.u32(kHeader + kViewHeader + features.minutiae.size() * kMinutiaSize + 2 + extended_size);
  to.u16(0);  // capture equipment: not certified, not reported
  to.u16(features.width);
  to.u16(features.height);
  to.u16(kPixelsPerCm);
  to.u16(kPixelsPerCm);
  to.u8(1);  // views
  to.u8(0);
  to.u8(features.position);
  to.u8(0);  // view 0, live-scan plain
  to.u8(features.quality);
  to.u8(static_cast<int>(features.minutiae.size()));
  for (const Minutia& minutia : features.minutiae) {
    const int x = std::clamp(static_cast<int>(std::lround(minutia.x)), 0, features.width - 1);
    const int y = std::clamp(static_cast<int>(std::lround(minutia.y)), 0, features.height - 1);
    to.u16(static_cast<int>(minutia.kind) << 14 | x);
    to.u16(y);
    to.u8(static_cast<int>(-std::lround(minutia.angle * 256 / (2 * kPi)) & 255));
    to.u8(minutia.quality);
  }
  to.u16(static_cast<int>(extended_size));
  if (!singular.empty()) {
    to.u16(kCoreDeltaType);
    to.u16(static_cast<int>(singular.size()));
    for (const std::uint8_t byte : singular) to.u8(byte);
  }
  if (flow_size) {
    to.u16(kFlowType);
    to.u16(static_cast<int>(flow_size));
    write_flow(to, features.flow);
  }
  return bytes;
}

std::optional<Record> parse_record(const std::uint8_t* bytes, std::size_t length) {
  Reader from(bytes, length);
  const auto start = read_start(from);
  if (!start) return std::nullopt;
  Record record;
  record.format = start->format;
  if (record.format == RecordFormat::ansi_378_2004) from.u32();  // CBEFF product identifier: any
  from.u16();                                                    // capture equipment: any
  record.width = from.u16();
  record.height = from.u16();
  record.x_resolution = from.u16();
  record.y_resolution = from.u16();
  const int views = from.u8(), reserved = from.u8();
  const auto sized = [](int size, int resolution) {
    return size >= 1 && size <= kLargestCoordinate && resolution >= kMinPixelsPerCm && resolution <= kMaxPixelsPerCm &&
           at_working_resolution(size, resolution) <= kLargestCoordinate;
  };
  if (from.failed() || views < 1 || reserved != 0) return std::nullopt;
  if (!sized(record.width, record.x_resolution) || !sized(record.height, record.y_resolution)) return std::nullopt;
  for (int i = 0; i < views; i++) {
    auto view = read_view(from, record);
    if (!view) return std::nullopt;
    record.views.push_back(std::move(*view));
  }
  if (from.left() > 0) return std::nullopt;
  const auto angles = angles_of(record, start->dialect);
  if (!angles) return std::nullopt;
  record.angles = *angles;
  return record;
}

Template template_of(const Record& record, const RecordView& view) {
  const float x_scale = static_cast<float>(kPixelsPerCm) / static_cast<float>(record.x_resolution);
  const float y_scale = static_cast<float>(kPixelsPerCm) / static_cast<float>(record.y_resolution);
  Template out;
  out.width = at_working_resolution(record.width, record.x_resolution);
  out.height = at_working_resolution(record.height, record.y_resolution);
  out.position = view.position;
  out.quality = view.quality;
  out.flow = view.flow;
  for (const RecordSingularity& core : view.cores) out.cores.push_back(core_of(core, record.angles, x_scale, y_scale));
  for (const RecordSingularity& delta : view.deltas) out.deltas.push_back(delta_of(delta, record.angles, x_scale, y_scale));
  for (const RecordMinutia& recorded : view.minutiae) {
    Minutia minutia;
    minutia.kind = recorded.kind;
    minutia.x = static_cast<float>(recorded.x) * x_scale;
    minutia.y = static_cast<float>(recorded.y) * y_scale;
    const int clockwise = (record.angles - recorded.angle) % record.angles;  // the record's angles run anticlockwise
    minutia.angle = static_cast<float>(clockwise) * 2 * kPi / static_cast<float>(record.angles);
    minutia.quality = recorded.quality;
    out.minutiae.push_back(minutia);
  }
  return out;
}

std::optional<Template> read_record(const std::uint8_t* bytes, std::size_t length, int position) {
  const auto record = parse_record(bytes, length);
  if (!record) return std::nullopt;
  for (const RecordView& view : record->views)
    if (position == kAnyPosition || view.position == position) return template_of(*record, view);
  return std::nullopt;
}

}  // namespace limen
