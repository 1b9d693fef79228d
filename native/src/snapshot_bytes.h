#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace limen {

static_assert(std::endian::native == std::endian::little, "snapshots and sketches are little-endian");

// A number out of the parts of a snapshot, and into them; at any place.
template <class T>
T get(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class T>
void put(std::uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

inline std::uint64_t mix(std::uint64_t digest, const std::uint8_t* bytes, std::size_t length) {
  const auto word = [&](std::uint64_t next) {
    digest = (digest ^ next) * 0x9E3779B97F4A7C15u;
    digest ^= digest >> 32;
  };
  for (; length >= 8; bytes += 8, length -= 8) word(get<std::uint64_t>(bytes));
  std::uint64_t last = length;
  for (std::size_t i = 0; i < length; i++) last = last << 8 | bytes[i];
  word(last);
  return digest;
}

// Over all of a part but the digest's own eight bytes. Any change within one word changes it; others go unseen once in 2^64.
// Not against people: sealing is.
inline std::uint64_t digest_of(const std::uint8_t* part, std::size_t length, std::size_t digest_at) {
  return mix(mix(0xCBF29CE484222325u, part, digest_at), part + digest_at + 8, length - digest_at - 8);
}

}  // namespace limen
