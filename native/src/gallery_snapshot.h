#pragma once
#include "gallery.h"

namespace limen {

// A gallery as one run of bytes: a header, then the segments, each with a digest of all its bytes. Little-endian; of one
// model and one version of the sketches. It holds templates in the clear: whoever stores it encrypts it.
inline constexpr std::uint32_t kSnapshotFormat = 1;
inline constexpr std::size_t kMaxModelBytes = 31;

std::vector<std::uint8_t> snapshot_header(const GalleryState& state, std::string_view model);
std::vector<std::uint8_t> snapshot_segment(const GallerySegment& segment);

// Takes a snapshot in, in pieces of any size.
class SnapshotReader {
 public:
  enum class Verdict { good, malformed, incomparable };

  explicit SnapshotReader(std::string_view model) : model_(model) {}
  ~SnapshotReader();
  SnapshotReader(const SnapshotReader&) = delete;
  SnapshotReader& operator=(const SnapshotReader&) = delete;

  // Once not good, it stays so.
  Verdict push(const std::uint8_t* bytes, std::size_t length);
  // The gallery, when all of it came.
  std::shared_ptr<const GalleryState> finish();

 private:
  enum class Part { header, segment_head, segment, end };
  Verdict take();
  Verdict take_header();
  Verdict take_segment();
  void expect(Part part, std::size_t length);

  std::string model_;
  std::vector<std::uint8_t> part_;
  Part expected_ = Part::header;
  std::size_t needed_ = 0;  // 0 before the first byte
  std::uint64_t fingers_ = 0, taken_ = 0;
  Verdict verdict_ = Verdict::good;
  GalleryState state_;
};

}  // namespace limen
