#include "../gallery_kernels.h"
#include "../parameters.h"

#if defined(LIMEN_SET_avx512)
#include <immintrin.h>
#endif

namespace limen::LIMEN_SET {

namespace {

constexpr int kLanes = parameters::kGallerySketches;
constexpr int kSize = 768;                       // of a sketch: words, angles, places, count
constexpr int kAngleAt = kLanes * 2 * 8;
constexpr int kCountAt = kAngleAt + 3 * kLanes;
constexpr int kLimit = parameters::kScanDistance;
constexpr int kTurn = parameters::kScanRotation;

#if !defined(LIMEN_SET_avx512)
std::uint64_t word_at(const std::uint8_t* bytes, int index) {
  std::uint64_t word;
  __builtin_memcpy(&word, bytes + 8 * index, 8);
  return word;
}

int bits_apart(const ScanProbe& probe, int i, const std::uint8_t* sketch, int lane) {
  return __builtin_popcountll(probe.words[2 * i] ^ word_at(sketch, lane)) +
         __builtin_popcountll(probe.words[2 * i + 1] ^ word_at(sketch, kLanes + lane));
}

bool within_turn(std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a - b + kTurn) <= 2 * kTurn; }
#else
// Which lanes of a sketch each probe minutia may be, as bits.
void turned_alike(const ScanProbe& probe, const std::uint8_t* sketch, std::uint64_t* lanes) {
  const std::uint64_t present = (std::uint64_t{1} << sketch[kCountAt]) - 1;
  const __m512i angles = _mm512_add_epi8(_mm512_loadu_si512(sketch + kAngleAt), _mm512_set1_epi8(kTurn));
  const __m512i widest = _mm512_set1_epi8(2 * kTurn);
  for (int i = 0; i < probe.count; i++) {
    const __m512i off = _mm512_sub_epi8(angles, _mm512_set1_epi8(static_cast<char>(probe.angle[i])));
    lanes[i] = _mm512_cmple_epu8_mask(off, widest) & present;
  }
}
#endif

}  // namespace

#if defined(LIMEN_SET_avx512)

void scan_sketches(const ScanProbe& probe, const std::uint8_t* sketches, int entries, std::uint32_t* scores) {
  const __m512i limit = _mm512_set1_epi64(kLimit);
  std::uint64_t lanes[kLanes];
  for (int e = 0; e < entries; e++) {
    const std::uint8_t* sketch = sketches + static_cast<std::uint64_t>(e) * kSize;
    turned_alike(probe, sketch, lanes);
    __m512i first[kLanes / 8], second[kLanes / 8], least[kLanes / 8];
    for (int g = 0; g < kLanes / 8; g++) {
      first[g] = _mm512_load_si512(sketch + 64 * g);
      second[g] = _mm512_load_si512(sketch + 8 * kLanes + 64 * g);
      least[g] = limit;
    }
    for (int i = 0; i < probe.count; i++) {
      const __m512i a = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i]));
      const __m512i b = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i + 1]));
      for (int g = 0; g < kLanes / 8; g++) {
        const __m512i apart = _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_xor_si512(a, first[g])),
                                               _mm512_popcnt_epi64(_mm512_xor_si512(b, second[g])));
        least[g] = _mm512_mask_min_epu64(least[g], static_cast<__mmask8>(lanes[i] >> 8 * g), least[g], apart);
      }
    }
    __m512i sum = _mm512_setzero_si512();
    for (int g = 0; g < kLanes / 8; g++) {
      const __m512i alike = _mm512_sub_epi64(limit, least[g]);
      const __m512i square = _mm512_mul_epu32(alike, alike);
      sum = _mm512_add_epi64(sum, _mm512_mul_epu32(square, square));
    }
    scores[e] = static_cast<std::uint32_t>(_mm512_reduce_add_epi64(sum));
  }
}

void nearest_sketches(const ScanProbe& probe, const std::uint8_t* sketch, std::uint8_t* nearest, std::uint8_t* apart) {
  std::uint64_t lanes[kLanes];
  turned_alike(probe, sketch, lanes);
  for (int g = 0; g < kLanes / 8; g++) {
    const __m512i first = _mm512_load_si512(sketch + 64 * g), second = _mm512_load_si512(sketch + 8 * kLanes + 64 * g);
    __m512i least = _mm512_set1_epi64(255 << 8);  // bits apart above, the probe's minutia below
    for (int i = 0; i < probe.count; i++) {
      const __m512i a = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i]));
      const __m512i b = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i + 1]));
      const __m512i bits = _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_xor_si512(a, first)),
                                            _mm512_popcnt_epi64(_mm512_xor_si512(b, second)));
      const __m512i both = _mm512_or_si512(_mm512_slli_epi64(bits, 8), _mm512_set1_epi64(i));
      least = _mm512_mask_min_epu64(least, static_cast<__mmask8>(lanes[i] >> 8 * g), least, both);
    }
    alignas(64) std::uint64_t values[8];
    _mm512_store_si512(values, least);
    for (int lane = 0; lane < 8; lane++) {
      nearest[8 * g + lane] = static_cast<std::uint8_t>(values[lane]);
      apart[8 * g + lane] = static_cast<std::uint8_t>(values[lane] >> 8);
    }
  }
}

std::uint64_t count_bits(const ScanProbe& probe, const std::uint8_t* sketches, int entries) {
  __m512i sum = _mm512_setzero_si512();
  for (int e = 0; e < entries; e++) {
    const std::uint8_t* sketch = sketches + static_cast<std::uint64_t>(e) * kSize;
    for (int g = 0; g < kLanes / 8; g++) {
      const __m512i first = _mm512_load_si512(sketch + 64 * g), second = _mm512_load_si512(sketch + 8 * kLanes + 64 * g);
      for (int i = 0; i < probe.count; i++) {
        const __m512i a = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i]));
        const __m512i b = _mm512_set1_epi64(static_cast<long long>(probe.words[2 * i + 1]));
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(a, first)));
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(b, second)));
      }
    }
  }
  return static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum));
}

#else

void scan_sketches(const ScanProbe& probe, const std::uint8_t* sketches, int entries, std::uint32_t* scores) {
  for (int e = 0; e < entries; e++) {
    const std::uint8_t* sketch = sketches + static_cast<std::uint64_t>(e) * kSize;
    std::uint32_t sum = 0;
    for (int lane = 0; lane < sketch[kCountAt]; lane++) {
      int least = kLimit;
      for (int i = 0; i < probe.count; i++) {
        if (!within_turn(sketch[kAngleAt + lane], probe.angle[i])) continue;
        const int apart = bits_apart(probe, i, sketch, lane);
        least = apart < least ? apart : least;
      }
      const auto alike = static_cast<std::uint32_t>(kLimit - least);
      sum += alike * alike * alike * alike;
    }
    scores[e] = sum;
  }
}

void nearest_sketches(const ScanProbe& probe, const std::uint8_t* sketch, std::uint8_t* nearest, std::uint8_t* apart) {
  for (int lane = 0; lane < kLanes; lane++) {
    nearest[lane] = 0;
    apart[lane] = 255;
    if (lane >= sketch[kCountAt]) continue;
    for (int i = 0; i < probe.count; i++) {
      if (!within_turn(sketch[kAngleAt + lane], probe.angle[i])) continue;
      const int bits = bits_apart(probe, i, sketch, lane);
      if (bits >= apart[lane]) continue;
      nearest[lane] = static_cast<std::uint8_t>(i);
      apart[lane] = static_cast<std::uint8_t>(bits);
    }
  }
}

std::uint64_t count_bits(const ScanProbe& probe, const std::uint8_t* sketches, int entries) {
  std::uint64_t sum = 0;
  for (int e = 0; e < entries; e++)
    for (int lane = 0; lane < kLanes; lane++)
      for (int i = 0; i < probe.count; i++)
        sum += static_cast<std::uint64_t>(bits_apart(probe, i, sketches + static_cast<std::uint64_t>(e) * kSize, lane));
  return sum;
}

#endif

std::uint64_t read_bytes(const std::uint8_t* bytes, std::uint64_t length) {
  std::uint64_t sums[16] = {};
  for (std::uint64_t at = 0; at + sizeof sums <= length; at += sizeof sums) {
    std::uint64_t block[16];
    __builtin_memcpy(block, bytes + at, sizeof block);
    for (int i = 0; i < 16; i++) sums[i] += block[i];
  }
  std::uint64_t sum = 0;
  for (const std::uint64_t one : sums) sum += one;
  return sum;
}

}  // namespace limen::LIMEN_SET
