#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace limen {

// Appends big-endian numbers.
class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& to) : to_(to) {}
  void u8(int value) { to_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(int value) {
    u8(value >> 8 & 255);
    u8(value & 255);
  }
  void u32(std::size_t value) {
    u16(static_cast<int>(value >> 16 & 0xFFFF));
    u16(static_cast<int>(value & 0xFFFF));
  }

 private:
  std::vector<std::uint8_t>& to_;
};

// Reads big-endian numbers; once it has run out, it stays failed and gives zeros.
class Reader {
 public:
  Reader(const std::uint8_t* from, std::size_t length) : from_(from), left_(length) {}
  bool failed() const { return failed_; }
  std::size_t left() const { return left_; }
  const std::uint8_t* at() const { return from_; }
  int u8() {
    if (left_ == 0) {
      failed_ = true;
      return 0;
    }
    left_--;
    return *from_++;
  }
  int u16() {
    const int high = u8();
    return high << 8 | u8();
  }
  std::size_t u32() {
    const auto high = static_cast<std::size_t>(u16());
    return high << 16 | static_cast<std::size_t>(u16());
  }
  // The next bytes as a reader of their own.
  Reader part(std::size_t length) {
    if (length > left_) {
      failed_ = true;
      length = 0;
    }
    const Reader out(from_, length);
    from_ += length;
    left_ -= length;
    return out;
  }

 private:
  const std::uint8_t* from_;
  std::size_t left_;
  bool failed_ = false;
};

}  // namespace limen
