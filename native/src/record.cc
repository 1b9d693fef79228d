#include "record.h"

#include <array>
#include <cmath>

#include "core_delta.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'F', 'M', 'R', 0, ' ', '2', '0', 0};
constexpr std::size_t kHeader = 24, kViewHeader = 4, kMinutiaSize = 6, kFlowHeader = 6, kExtendedHeader = 4;
constexpr int kPixelsPerCm = 197;  // 500 dpi
constexpr int kMinPixelsPerCm = 98, kMaxPixelsPerCm = 400;
constexpr int kFlowType = 0x4C46;  // vendor-defined, clause 7.5.1.2
constexpr int kFlowVersion = 1;
constexpr int kLevelBits = 5;
constexpr int kLargestPosition = 10, kLargestImpression = 15, kLargestQuality = 100, kLargestView = 15;

class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& to) : to_(to) {}
  void u8(int value) { to_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(int value) {
    u8(value >> 8 & 255);
    u8(value & 255);
  }
  void u32(std::size_t value) {
    u16(static_cast<int>(value >> 16 & 0xFFFF));
    u16(static_cast<int>(value & 0xFFFF));
  }

 private:
  std::vector<std::uint8_t>& to_;
};

// Reads big-endian numbers; once it has run out, it stays failed and gives zeros.
class Reader {
 public:
  Reader(const std::uint8_t* from, std::size_t length) : from_(from), left_(length) {}
  bool failed() const { return failed_; }
  std::size_t left() const { return left_; }
  int u8() {
    if (left_ == 0) {
      failed_ = true;
      return 0;
    }
    left_--;
    return *from_++;
  }
  int u16() {
    const int high = u8();
    return high << 8 | u8();
  }
  std::size_t u32() {
    const auto high = static_cast<std::size_t>(u16());
    return high << 16 | static_cast<std::size_t>(u16());
  }
  // The next bytes as a reader of their own.
  Reader part(std::size_t length) {
    if (length > left_) {
      failed_ = true;
      length = 0;
    }
    const Reader out(from_, length);
    from_ += length;
    left_ -= length;
    return out;
  }

 private:
  const std::uint8_t* from_;
  std::size_t left_;
  bool failed_ = false;
};

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

std::optional<Minutia> read_minutia(Reader& from, int width, int height, float x_scale, float y_scale) {
  const int kind_x = from.u16(), reserved_y = from.u16(), angle = from.u8(), quality = from.u8();
  const int kind = kind_x >> 14, x = kind_x & 0x3FFF, y = reserved_y & 0x3FFF;
  if (kind > 2 || reserved_y >> 14 != 0 || x >= width || y >= height || quality > kLargestQuality) return std::nullopt;
  Minutia out;
  out.kind = static_cast<Minutia::Kind>(kind);
  out.x = static_cast<float>(x) * x_scale;
  out.y = static_cast<float>(y) * y_scale;
  out.angle = static_cast<float>((256 - angle) & 255) * 2 * kPi / 256;  // the record's angles run anticlockwise
  out.quality = quality;
  return out;
}

// One view and its extended data; false when anything is wrong.
bool read_view(Reader& from, Template& into, int width, int height, float x_scale, float y_scale) {
  const int position = from.u8(), view_and_impression = from.u8(), quality = from.u8(), count = from.u8();
  (void)view_and_impression;  // each half may hold any of its 16 values
  if (from.failed() || position > kLargestPosition || quality > kLargestQuality) return false;
  into.position = position;
  into.quality = quality;
  for (int i = 0; i < count; i++) {
    const auto minutia = read_minutia(from, width, height, x_scale, y_scale);
    if (from.failed() || !minutia) return false;
    into.minutiae.push_back(*minutia);
  }
  Reader extended = from.part(static_cast<std::size_t>(from.u16()));
  if (from.failed()) return false;
  while (extended.left() > 0) {
    const int type = extended.u16();
    Reader data = extended.part(static_cast<std::size_t>(extended.u16()));
    if (extended.failed() || type == 0) return false;
    if (type != kFlowType) continue;
    auto flow = read_flow(data);
    if (!flow || into.flow.spacing != 0) return false;
    into.flow = std::move(*flow);
  }
  return true;
}

}  // namespace

std::vector<std::uint8_t> write_record(const Template& features) {
  const std::size_t flow_size = features.flow.spacing ? kFlowHeader + packed_size(features.flow.levels) : 0;
  const std::vector<std::uint8_t> singular = core_delta_area(features);
  const std::size_t extended_size =
      (flow_size ? kExtendedHeader + flow_size : 0) + (singular.empty() ? 0 : kExtendedHeader + singular.size());
  std::vector<std::uint8_t> bytes;
  Writer to(bytes);
  for (const std::uint8_t byte : kMagic) to.u8(byte);
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

std::optional<Template> read_record(const std::uint8_t* bytes, std::size_t length) {
  Reader from(bytes, length);
  for (const std::uint8_t byte : kMagic)
    if (from.u8() != byte) return std::nullopt;
  if (from.u32() != length) return std::nullopt;
  from.u16();  // capture equipment: any
  const int width = from.u16(), height = from.u16(), x_resolution = from.u16(), y_resolution = from.u16();
  const int views = from.u8(), reserved = from.u8();
  const auto sensible = [](int resolution) { return resolution >= kMinPixelsPerCm && resolution <= kMaxPixelsPerCm; };
  if (from.failed() || width < 1 || height < 1 || width > 0x3FFF || height > 0x3FFF || views < 1 || reserved != 0) return std::nullopt;
  if (!sensible(x_resolution) || !sensible(y_resolution)) return std::nullopt;
  const float x_scale = static_cast<float>(kPixelsPerCm) / static_cast<float>(x_resolution);
  const float y_scale = static_cast<float>(kPixelsPerCm) / static_cast<float>(y_resolution);

  Template out;
  out.width = std::max(1, static_cast<int>(std::lround(static_cast<float>(width) * x_scale)));
  out.height = std::max(1, static_cast<int>(std::lround(static_cast<float>(height) * y_scale)));
  for (int view = 0; view < views; view++) {
    Template other;
    Template& into = view == 0 ? out : other;
    if (!read_view(from, into, width, height, x_scale, y_scale)) return std::nullopt;
  }
  if (from.left() > 0) return std::nullopt;
  return out;
}

}  // namespace limen
