#include "wsq_tree.h"

namespace limen {

namespace {

// An odd length gives its low half one more. What holds high frequencies is decomposed upside down, so that neighbours on
// the plane are neighbours in frequency.
std::array<Split, 4> quarters(const Split& split) {
  const Band& area = split.area;
  const int left = (area.width + (split.x_inverted ? 0 : 1)) / 2, top = (area.height + (split.y_inverted ? 0 : 1)) / 2;
  const int right = area.width - left, bottom = area.height - top;
  return {{
      {{area.x, area.y, left, top}, false, false},
      {{area.x + left, area.y, right, top}, true, false},
      {{area.x, area.y + top, left, bottom}, false, true},
      {{area.x + left, area.y + top, right, bottom}, true, true},
  }};
}

}  // namespace

WsqTree wsq_tree(int width, int height) {
  WsqTree tree;
  std::size_t band = 0;
  const auto quarter = [&tree](const Split& split) {
    tree.splits.push_back(split);
    return quarters(split);
  };
  const auto leave = [&tree, &band](const std::array<Split, 4>& parts) {
    for (const Split& part : parts) tree.bands[band++] = part.area;
  };

  const auto whole = quarter({{0, 0, width, height}, false, false});
  const auto second = quarter(whole[0]);
  const auto third = quarter(second[0]);
  const auto fourth = quarter(third[0]);
  leave(quarter(fourth[0]));                                                         // 0 to 3
  for (std::size_t i = 1; i < 4; i++) tree.bands[band++] = fourth[i].area;           // 4 to 6
  for (std::size_t i = 1; i < 4; i++) leave(quarter(third[i]));                      // 7 to 18
  for (std::size_t i = 1; i < 3; i++)
    for (const Split& part : quarter(second[i])) leave(quarter(part));               // 19 to 50
  tree.bands[band++] = second[3].area;                                               // 51
  for (std::size_t i = 1; i < 3; i++) leave(quarter(whole[i]));                      // 52 to 59
  leave(quarters(whole[3]));                                                         // 60 to 63
  return tree;
}

}  // namespace limen
