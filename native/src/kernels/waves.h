#pragma once
#include "../dispatch.h"

namespace limen {

// The power of a signal at each of 32 frequencies, whose waves lie sample by sample.
LIMEN_KERNEL(void, wave_powers, const float* signal, int length, const float* cosines, const float* sines, float* powers)

}  // namespace limen
