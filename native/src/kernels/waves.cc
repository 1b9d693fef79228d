#include "waves.h"

namespace limen::LIMEN_SET {

void wave_powers(const float* __restrict signal, int length, const float* __restrict cosines, const float* __restrict sines,
                 float* __restrict powers) {
  constexpr int count = 32;
  float c[count] = {}, s[count] = {};
  for (int i = 0; i < length; i++) {
    for (int k = 0; k < count; k++) {
      c[k] += signal[i] * cosines[count * i + k];
      s[k] += signal[i] * sines[count * i + k];
    }
  }
  for (int k = 0; k < count; k++) powers[k] = c[k] * c[k] + s[k] * s[k];
}

}  // namespace limen::LIMEN_SET
