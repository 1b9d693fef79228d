#include "pixels.h"

namespace limen::LIMEN_SET {

void add_greys(const std::uint8_t* __restrict in, int width, std::uint32_t* __restrict sum, std::uint32_t* __restrict square) {
  for (int x = 0; x < width; x++) {
    const std::uint16_t grey = in[x];
    sum[x] += grey;
    square[x] += static_cast<std::uint16_t>(grey * grey);
  }
}

void level_row(const std::uint8_t* __restrict in, const float* __restrict mean, const float* __restrict deviation, float unit, float limit,
               int width, std::int16_t* __restrict out) {
  constexpr int shift = 32768;  // makes the number positive, so that cutting off its fraction rounds
  for (int x = 0; x < width; x++) {
    float value = (mean[x] - static_cast<float>(in[x])) / deviation[x];
    value = value < -limit ? -limit : value;
    value = value > limit ? limit : value;
    out[x] = static_cast<std::int16_t>(static_cast<int>(value * unit + (static_cast<float>(shift) + 0.5f)) - shift);
  }
}

void add_gradients(const std::int16_t* __restrict up, const std::int16_t* __restrict on, const std::int16_t* __restrict down, int width,
                   std::int32_t* __restrict cosine, std::int32_t* __restrict sine, std::int32_t* __restrict energy) {
  for (int x = 1; x < width - 1; x++) {
    const auto gx = static_cast<std::int16_t>(((up[x + 1] - up[x - 1]) + 2 * (on[x + 1] - on[x - 1]) + (down[x + 1] - down[x - 1])) >> 3);
    const auto gy = static_cast<std::int16_t>(((down[x - 1] - up[x - 1]) + 2 * (down[x] - up[x]) + (down[x + 1] - up[x + 1])) >> 3);
    const std::int32_t gxx = gx * gx, gyy = gy * gy, gxy = gx * gy;
    cosine[x] += gyy - gxx;
    sine[x] -= 2 * gxy;
    energy[x] += gxx + gyy;
  }
}

void add_magnitudes(const std::int16_t* __restrict in, int width, std::int32_t* __restrict sum) {
  for (int x = 0; x < width; x++) sum[x] += in[x] < 0 ? -in[x] : in[x];
}

}  // namespace limen::LIMEN_SET
