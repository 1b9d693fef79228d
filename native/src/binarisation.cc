#include "binarisation.h"

#include "parameters.h"

namespace limen {

using namespace parameters;

Mask binarise(const Image& enhanced) {
  Mask out(enhanced.width, enhanced.height);
  for (std::size_t i = 0; i < out.values.size(); i++) out.values[i] = enhanced.values[i] > 0 ? 1 : 0;

  Mask seen(out.width, out.height);
  std::vector<int> region;
  const int size = out.width * out.height;
  for (int start = 0; start < size; start++) {
    if (seen.values[static_cast<std::size_t>(start)]) continue;
    const unsigned char value = out.values[static_cast<std::size_t>(start)];
    region.assign(1, start);
    seen.values[static_cast<std::size_t>(start)] = 1;
    for (std::size_t next = 0; next < region.size(); next++) {
      const int x = region[next] % out.width, y = region[next] / out.width;
      const auto visit = [&](int nx, int ny) {
        if (!out.holds(nx, ny) || seen.at(nx, ny) || out.at(nx, ny) != value) return;
        seen.at(nx, ny) = 1;
        region.push_back(ny * out.width + nx);
      };
      visit(x + 1, y);
      visit(x - 1, y);
      visit(x, y + 1);
      visit(x, y - 1);
    }
    if (static_cast<int>(region.size()) >= kMinSpeckPx) continue;
    for (const int i : region) out.values[static_cast<std::size_t>(i)] = value ? 0 : 1;
  }
  return out;
}

}  // namespace limen
