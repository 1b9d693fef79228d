#include "../face_kernels.h"

#if defined(LIMEN_SET_avx512)
#include <immintrin.h>
#endif

namespace limen::LIMEN_SET {

#if defined(LIMEN_SET_avx512)

namespace {

constexpr int kAhead = 8192;  // bytes; what the processor's own foresight brings in is not enough

// One vector after another, as they lie in memory; their sums are added up four at a time.
__m512i multiply_one(const std::uint8_t* vector, int length, const std::int8_t* probe) {
  __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
  int at = 0;
  for (; at + 128 <= length; at += 128) {
    _mm_prefetch(reinterpret_cast<const char*>(vector + at + kAhead), _MM_HINT_T1);
    _mm_prefetch(reinterpret_cast<const char*>(vector + at + kAhead + 64), _MM_HINT_T1);
    even = _mm512_dpbusd_epi32(even, _mm512_load_si512(vector + at), _mm512_loadu_si512(probe + at));
    odd = _mm512_dpbusd_epi32(odd, _mm512_load_si512(vector + at + 64), _mm512_loadu_si512(probe + at + 64));
  }
  if (at < length) even = _mm512_dpbusd_epi32(even, _mm512_load_si512(vector + at), _mm512_loadu_si512(probe + at));
  return _mm512_add_epi32(even, odd);
}

__m128i halve(__m512i sum) {
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

}  // namespace

void multiply_faces(const std::uint8_t* vectors, int count, int length, const std::int8_t* probe, std::int32_t* products) {
  int i = 0;
  for (; i + 4 <= count; i += 4, vectors += 4 * static_cast<std::int64_t>(length)) {
    const __m128i first = halve(multiply_one(vectors, length, probe)), second = halve(multiply_one(vectors + length, length, probe));
    const __m128i third = halve(multiply_one(vectors + 2 * length, length, probe)), fourth = halve(multiply_one(vectors + 3 * length, length, probe));
    const __m128i sums = _mm_hadd_epi32(_mm_hadd_epi32(first, second), _mm_hadd_epi32(third, fourth));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(products + i), sums);
  }
  for (; i < count; i++, vectors += length) products[i] = _mm512_reduce_add_epi32(multiply_one(vectors, length, probe));
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
