#include "core_delta.h"

#include <algorithm>
#include <cmath>

#include "parameters.h"

namespace limen {

namespace {

constexpr int kCoordinate = 0x3FFF, kAngular = 1;
constexpr int kIsoCounted = 0x3F, kAnsiCounted = 0x0F;

void add_place(Writer& to, const Template& features, float x, float y, bool angular) {
  to.u16((angular ? kAngular << 14 : 0) | std::clamp(static_cast<int>(std::lround(x)), 0, features.width - 1));
  to.u16(std::clamp(static_cast<int>(std::lround(y)), 0, features.height - 1));
}

// In 256ths of a turn; the record's angles run anticlockwise.
int turned(float angle) { return static_cast<int>(-std::lround(angle * 256 / (2 * parameters::kPi)) & 255); }

float turned_back(int step, int angles) {
  return static_cast<float>((angles - step) % angles) * 2 * parameters::kPi / static_cast<float>(angles);
}

bool read_points(Reader& from, const Record& record, int angles, std::vector<RecordSingularity>& to) {
  const bool ansi = record.format == RecordFormat::ansi_378_2004;
  const int info = from.u8(), counted = ansi ? kAnsiCounted : kIsoCounted, count = info & counted;
  if (from.failed() || (info & ~counted & (ansi ? kIsoCounted : 0xFF)) != 0) return false;
  for (int i = 0; i < count; i++) {
    const int type_x = from.u16(), reserved_y = from.u16(), type = ansi ? info >> 6 : type_x >> 14;
    RecordSingularity point{type_x & kCoordinate, reserved_y & kCoordinate, {}};
    if (from.failed() || type > kAngular || reserved_y >> 14 != 0 || (ansi && type_x >> 14 != 0)) return false;
    if (point.x >= record.width || point.y >= record.height) return false;
    for (int angle = 0; type == kAngular && angle < angles; angle++) point.angles.push_back(from.u8());
    to.push_back(std::move(point));
  }
  return !from.failed() && info >> 6 <= kAngular;
}

}  // namespace

std::vector<std::uint8_t> core_delta_area(const Template& features) {
  std::vector<std::uint8_t> out;
  if (features.cores.empty() && features.deltas.empty()) return out;
  Writer to(out);
  to.u8(static_cast<int>(features.cores.size()));
  for (const Core& core : features.cores) {
    add_place(to, features, core.x, core.y, core.angle.has_value());
    if (core.angle) to.u8(turned(*core.angle));
  }
  to.u8(static_cast<int>(features.deltas.size()));
  for (const Delta& delta : features.deltas) {
    add_place(to, features, delta.x, delta.y, delta.angles.has_value());
    if (!delta.angles) continue;
    for (const float angle : *delta.angles) to.u8(turned(angle));
  }
  return out;
}

bool read_core_delta(Reader from, const Record& record, RecordView& view) {
  return read_points(from, record, 1, view.cores) && read_points(from, record, 3, view.deltas) && from.left() == 0;
}

Core core_of(const RecordSingularity& recorded, int angles, float x_scale, float y_scale) {
  Core out{static_cast<float>(recorded.x) * x_scale, static_cast<float>(recorded.y) * y_scale, {}};
  if (!recorded.angles.empty()) out.angle = turned_back(recorded.angles[0], angles);
  return out;
}

Delta delta_of(const RecordSingularity& recorded, int angles, float x_scale, float y_scale) {
  Delta out{static_cast<float>(recorded.x) * x_scale, static_cast<float>(recorded.y) * y_scale, {}};
  if (recorded.angles.empty()) return out;
  out.angles.emplace();
  for (std::size_t i = 0; i < out.angles->size(); i++) (*out.angles)[i] = turned_back(recorded.angles[i], angles);
  return out;
}

}  // namespace limen
