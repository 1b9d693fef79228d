#include "../face_kernels.h"

#if defined(LIMEN_SET_avx512)
#include <immintrin.h>
#endif

namespace limen::LIMEN_SET {

#if defined(LIMEN_SET_avx512)

namespace {

// The sums of four vectors at once: their adding up at the end is shared, and what one waits for the others fill.
void multiply_four(const std::uint8_t* vectors, int length, const std::int8_t* probe, std::int32_t* products) {
  __m512i sums[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
  for (int at = 0; at < length; at += 64) {
    const __m512i ours = _mm512_loadu_si512(probe + at);
    for (int i = 0; i < 4; i++)
      sums[i] = _mm512_dpbusd_epi32(sums[i], _mm512_load_si512(vectors + static_cast<std::int64_t>(i) * length + at), ours);
  }
  for (int i = 0; i < 4; i++) products[i] = _mm512_reduce_add_epi32(sums[i]);
}

}  // namespace

void multiply_faces(const std::uint8_t* vectors, int count, int length, const std::int8_t* probe, std::int32_t* products) {
  int i = 0;
  for (; i + 4 <= count; i += 4) multiply_four(vectors + static_cast<std::int64_t>(i) * length, length, probe, products + i);
  for (; i < count; i++) {
    __m512i sum = _mm512_setzero_si512();
    for (int at = 0; at < length; at += 64)
      sum = _mm512_dpbusd_epi32(sum, _mm512_load_si512(vectors + static_cast<std::int64_t>(i) * length + at), _mm512_loadu_si512(probe + at));
    products[i] = _mm512_reduce_add_epi32(sum);
  }
}

#else

void multiply_faces(const std::uint8_t* vectors, int count, int length, const std::int8_t* probe, std::int32_t* products) {
  for (int i = 0; i < count; i++) {
    const std::uint8_t* theirs = vectors + static_cast<std::int64_t>(i) * length;
    std::int32_t sum = 0;
    for (int at = 0; at < length; at++) sum += static_cast<std::int16_t>(theirs[at]) * static_cast<std::int16_t>(probe[at]);
    products[i] = sum;
  }
}

#endif

}  // namespace limen::LIMEN_SET
