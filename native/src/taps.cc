#include "taps.h"

#include "parameters.h"

namespace limen {

using namespace parameters;

Tap& Taps::add(const char* name, int width, int height, int step, bool grey) {
  all_.push_back({name, width, height, step, grey, {}});
  all_.back().values.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  return all_.back();
}

void Taps::take(const char* name, const Grey& image) {
  add(name, image.width, image.height, 1, true).values.assign(image.values.begin(), image.values.end());
}

void Taps::take(const char* name, const Signal& signal) {
  auto& values = add(name, signal.width, signal.height, 1, true).values;
  constexpr float half = 127.5f, scale = half / (kNormaliseLimit * kSignalUnit);
  for (const std::int16_t value : signal.values) values.push_back(std::clamp(half - scale * value, 0.0f, 255.0f));
}

void Taps::take(const char* name, const Bits& bits) {
  auto& values = add(name, bits.width, bits.height, 1, true).values;
  for (int y = 0; y < bits.height; y++)
    for (int x = 0; x < bits.width; x++) values.push_back(bits.at(x, y) ? 0.0f : 255.0f);
}

void Taps::take_blocks(const char* name, const Grid<float>& field) {
  add(name, field.width, field.height, kBlock, false).values = field.values;
}

void Taps::take_blocks(const char* name, const Mask& mask) {
  auto& values = add(name, mask.width, mask.height, kBlock, true).values;
  for (const unsigned char value : mask.values) values.push_back(value ? 255.0f : 0.0f);
}

}  // namespace limen
