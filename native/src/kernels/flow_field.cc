#include "flow_field.h"

namespace limen::LIMEN_SET {

void blend_flow_rows(const FlowRow& above, const FlowRow& below, float share, std::size_t count, std::int16_t* __restrict turns) {
  const float rest = 1 - share;
  for (std::size_t i = 0; i < count; i++) {
    const float c = rest * above.cosine[i] + share * below.cosine[i];
    const float s = rest * above.sine[i] + share * below.sine[i];
    const float known = rest * above.known[i] + share * below.known[i];
    // The arc tangent of the lesser over the greater, in 256ths of a turn, by a polynomial good to a thousandth of one.
    const float ac = c < 0 ? -c : c, as = s < 0 ? -s : s;
    const float least = ac < as ? ac : as, most = ac < as ? as : ac;
    const float t = least / (most + 1e-12f), q = t * t;
    float turn = t * (40.7387f + q * (-13.46613f + q * (7.3765f + q * (-3.52561f + q * 0.8775f))));
    turn = as > ac ? 64 - turn : turn;
    turn = c < 0 ? 128 - turn : turn;
    turn = s < 0 ? 256 - turn : turn;
    const int whole = static_cast<int>(turn + 0.5f) & 255;
    turns[i] = static_cast<std::int16_t>(known < 0.5f ? -1 : whole);
  }
}

void find_cells(const float* x, const float* y, std::size_t count, const Motion& motion, const CellGrid& grid, std::int32_t* __restrict cells) {
  const float right = static_cast<float>(grid.width - 1), bottom = static_cast<float>(grid.height - 1);
  for (std::size_t i = 0; i < count; i++) {
    const float fx = (motion.cosine * x[i] - motion.sine * y[i] + motion.dx - grid.left) * grid.per_px;
    const float fy = (motion.sine * x[i] + motion.cosine * y[i] + motion.dy - grid.top) * grid.per_px;
    const float cx = fx < 0 ? 0 : fx > right ? right : fx;
    const float cy = fy < 0 ? 0 : fy > bottom ? bottom : fy;
    cells[i] = static_cast<std::int32_t>(cy) * grid.width + static_cast<std::int32_t>(cx);
  }
}

}  // namespace limen::LIMEN_SET
