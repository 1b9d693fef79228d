#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "record.h"

// What has to hold; ends the program, which the fuzzer counts as a finding.
inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// The fuzzer's bytes as numbers; zeros once they have run out.
class Choices {
 public:
  Choices(const std::uint8_t* from, std::size_t length) : at_(from), left_(length) {}
  int byte() {
    if (left_ == 0) return 0;
    left_--;
    return *at_++;
  }
  int below(int limit) {
    const int high = byte();
    return (high << 8 | byte()) % limit;
  }
  const std::uint8_t* at() const { return at_; }
  std::size_t left() const { return left_; }

 private:
  const std::uint8_t* at_;
  std::size_t left_;
};

// Views come out within the record's bounds, and are records again that read as the same.
inline void check_record(const limen::Record& record) {
  for (const limen::RecordView& view : record.views) {
    for (const limen::RecordMinutia& minutia : view.minutiae)
      must(minutia.x < record.width && minutia.y < record.height && minutia.angle < record.angles, "a minutia lies in its image");
    for (const auto* points : {&view.cores, &view.deltas})
      for (const limen::RecordSingularity& point : *points) {
        must(point.x < record.width && point.y < record.height, "a core or delta lies in its image");
        for (const int angle : point.angles) must(angle < record.angles, "its angles are of a turn");
      }
    const limen::Template features = limen::template_of(record, view);
    const auto written = limen::write_record(features);
    const auto read = limen::read_record(written.data(), written.size());
    must(read.has_value(), "what was written is read");
    must(read->minutiae.size() == view.minutiae.size() && read->position == view.position, "and is the same");
    must(limen::write_record(*read) == written, "byte by byte");
  }
}
