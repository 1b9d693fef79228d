#include "filter.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace limen::LIMEN_SET {

namespace {

constexpr int kSide = 8;

#if defined(LIMEN_SET_avx2) || defined(LIMEN_SET_avx512)
using Row = __m256i;
inline Row nothing() { return _mm256_setzero_si256(); }
inline Row add_products(Row sum, const std::int16_t* pairs, const std::int16_t* weight) {
  const __m256i in = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(pairs));
  int both;
  __builtin_memcpy(&both, weight, sizeof both);
#if defined(LIMEN_SET_avx512)
  return _mm256_dpwssd_epi32(sum, in, _mm256_set1_epi32(both));
#else
  return _mm256_add_epi32(sum, _mm256_madd_epi16(in, _mm256_set1_epi32(both)));
#endif
}
inline void store(Row sum, std::int16_t* out) {
  const __m256i half = _mm256_set1_epi32(1 << (kFilterBits - 1));
  const __m256i scaled = _mm256_srai_epi32(_mm256_add_epi32(sum, half), kFilterBits);
  const __m128i packed = _mm_packs_epi32(_mm256_castsi256_si128(scaled), _mm256_extracti128_si256(scaled, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), packed);
}
#elif defined(__SSE2__)  // part of every x86-64
struct Row {
  __m128i left, right;
};
inline Row nothing() { return {_mm_setzero_si128(), _mm_setzero_si128()}; }
inline Row add_products(Row sum, const std::int16_t* pairs, const std::int16_t* weight) {
  int both;
  __builtin_memcpy(&both, weight, sizeof both);
  const __m128i weights = _mm_set1_epi32(both);
  const auto* in = reinterpret_cast<const __m128i*>(pairs);
  return {_mm_add_epi32(sum.left, _mm_madd_epi16(_mm_loadu_si128(in), weights)),
          _mm_add_epi32(sum.right, _mm_madd_epi16(_mm_loadu_si128(in + 1), weights))};
}
inline void store(Row sum, std::int16_t* out) {
  const __m128i half = _mm_set1_epi32(1 << (kFilterBits - 1));
  const __m128i left = _mm_srai_epi32(_mm_add_epi32(sum.left, half), kFilterBits);
  const __m128i right = _mm_srai_epi32(_mm_add_epi32(sum.right, half), kFilterBits);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_packs_epi32(left, right));
}
#else
struct Row {
  std::int32_t at[kSide];
};
inline Row nothing() { return {}; }
inline Row add_products(Row sum, const std::int16_t* pairs, const std::int16_t* weight) {
  for (int x = 0; x < kSide; x++) sum.at[x] += pairs[2 * x] * weight[0] + pairs[2 * x + 1] * weight[1];
  return sum;
}
inline void store(Row sum, std::int16_t* out) {
  for (int x = 0; x < kSide; x++) out[x] = static_cast<std::int16_t>((sum.at[x] + (1 << (kFilterBits - 1))) >> kFilterBits);
}
#endif

// Half a square's sums stay in registers.
inline void filter_half(const std::int16_t* pairs, std::size_t stride, const std::int16_t* weights, std::int16_t* out) {
  constexpr int half = kSide / 2;
  Row sums[half];
  for (int y = 0; y < half; y++) sums[y] = nothing();
  for (int ky = 0; ky < kFilterTaps; ky++) {
    for (int kx = 0; kx < kFilterPairs; kx++) {
      for (int y = 0; y < half; y++)
        sums[y] = add_products(sums[y], pairs + static_cast<std::size_t>(y + ky) * stride + 4 * kx, weights + 2 * (ky * kFilterPairs + kx));
    }
  }
  for (int y = 0; y < half; y++) store(sums[y], out + kSide * y);
}

}  // namespace

void filter_square(const std::int16_t* pairs, std::size_t stride, const std::int16_t* weights, std::int16_t* out) {
  filter_half(pairs, stride, weights, out);
  filter_half(pairs + kSide / 2 * stride, stride, weights, out + kSide * kSide / 2);
}

}  // namespace limen::LIMEN_SET
