#include "skeleton.h"

#include <cstdlib>

namespace limen {
namespace {

// Neighbours as bits in the order of kNeighbours.
int surroundings(const Mask& mask, int x, int y) {
  const unsigned char* up = mask.row(y - 1) + x;
  const unsigned char* on = mask.row(y) + x;
  const unsigned char* down = mask.row(y + 1) + x;
  return on[1] | down[1] << 1 | down[0] << 2 | down[-1] << 3 | on[-1] << 4 | up[-1] << 5 | up[0] << 6 | up[1] << 7;
}

bool bit(int code, int i) { return (code >> (i & 7)) & 1; }

// What thinning may remove, for each of the 256 surroundings.
struct Tables {
  std::array<std::array<bool, 256>, 2> thinnable{};  // Zhang and Suen 1984, the two half steps
  std::array<bool, 256> spare{};                     // a simple point that is no line end

  Tables() {
    for (int code = 0; code < 256; code++) {
      int count = 0, runs = 0, simple = 0;
      for (int i = 0; i < 8; i++) {
        count += bit(code, i);
        runs += !bit(code, i) && bit(code, i + 1);
        if (i % 2 == 0) simple += !bit(code, i) && (bit(code, i + 1) || bit(code, i + 2));
      }
      const bool right = bit(code, 0), below = bit(code, 2), left = bit(code, 4), above = bit(code, 6);
      const bool base = count >= 2 && count <= 6 && runs == 1;
      const auto at = static_cast<std::size_t>(code);
      thinnable[0][at] = base && !(above && right && below) && !(right && below && left);
      thinnable[1][at] = base && !(above && right && left) && !(above && below && left);
      spare[at] = count >= 2 && simple == 1;
    }
  }
};

const Tables& tables() {
  static const Tables all;
  return all;
}

}  // namespace

Mask thin(const Mask& ridges) {
  Mask out = ridges;
  if (out.width < 3 || out.height < 3) return Mask(out.width, out.height);
  for (int x = 0; x < out.width; x++) out.at(x, 0) = out.at(x, out.height - 1) = 0;
  for (int y = 0; y < out.height; y++) out.at(0, y) = out.at(out.width - 1, y) = 0;

  std::vector<Pixel> active, gone;
  for (int y = 1; y + 1 < out.height; y++)
    for (int x = 1; x + 1 < out.width; x++)
      if (out.at(x, y)) active.push_back({x, y});
  bool changed = true;
  while (changed) {
    changed = false;
    for (const auto& removable : tables().thinnable) {
      gone.clear();
      for (const Pixel p : active)
        if (removable[static_cast<std::size_t>(surroundings(out, p.x, p.y))]) gone.push_back(p);
      for (const Pixel p : gone) out.at(p.x, p.y) = 0;
      if (gone.empty()) continue;
      changed = true;
      std::erase_if(active, [&](Pixel p) { return !out.at(p.x, p.y); });
    }
  }
  tidy(out);
  return out;
}

void tidy(Mask& skeleton) {
  for (int y = 1; y + 1 < skeleton.height; y++)
    for (int x = 1; x + 1 < skeleton.width; x++)
      if (skeleton.at(x, y) && tables().spare[static_cast<std::size_t>(surroundings(skeleton, x, y))]) skeleton.at(x, y) = 0;
}

Branches branches(const Mask& skeleton, Pixel at) {
  const int code = surroundings(skeleton, at.x, at.y);
  Branches out;
  for (int i = 0; i < 8; i++) {
    if (bit(code, i) || !bit(code, i + 1)) continue;
    int chosen = i + 1;
    for (int j = i + 1; bit(code, j) && j < i + 8; j++) {
      if (j % 2 == 0) {
        chosen = j;
        break;
      }
    }
    const Pixel step = kNeighbours[static_cast<std::size_t>(chosen & 7)];
    out.pixels[static_cast<std::size_t>(out.count++)] = {at.x + step.x, at.y + step.y};
  }
  return out;
}

Walk walk(const Mask& skeleton, Pixel from, Pixel first, int length) {
  Walk out;
  Pixel previous = from, at = first;
  while (true) {
    out.path.push_back(at);
    const Branches next = branches(skeleton, at);
    if (next.count != 2) {
      out.stop = next.count < 2 ? Walk::Stop::end : Walk::Stop::fork;
      return out;
    }
    if (static_cast<int>(out.path.size()) >= length) return out;
    // Of the two branches, the one that does not lead back; a pixel beside the last one belongs to its branch.
    const auto apart = [&](Pixel p) { return std::max(std::abs(p.x - previous.x), std::abs(p.y - previous.y)); };
    const Pixel onwards = apart(next.pixels[0]) > apart(next.pixels[1]) ? next.pixels[0] : next.pixels[1];
    previous = at;
    at = onwards;
  }
}

}  // namespace limen
