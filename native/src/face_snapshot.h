#pragma once
#include "face_gallery.h"

namespace limen {

// A gallery as one run of bytes: a header, then the segments, each with a digest of all its bytes. Little-endian; of one
// model. It holds templates in the clear: whoever stores it encrypts it.
inline constexpr std::uint32_t kFaceSnapshotFormat = 1;
inline constexpr std::size_t kMaxFaceModelBytes = 95;

std::vector<std::uint8_t> face_snapshot_header(const FaceState& state, int values, std::string_view model);
std::vector<std::uint8_t> face_snapshot_segment(const FaceSegment& segment);

// Takes a snapshot in, in pieces of any size.
class FaceSnapshotReader {
 public:
  enum class Verdict { good, malformed, incomparable };
  FaceSnapshotReader(int values, std::string model) : values_(values), model_(std::move(model)) {}
  ~FaceSnapshotReader();
  Verdict push(const std::uint8_t* bytes, std::size_t length);
  // Nothing unless all has come and all was good.
  std::shared_ptr<const FaceState> finish();

 private:
  enum class Part { header, head, segment, end };
  Verdict take();
  Verdict take_header();
  Verdict take_head();
  Verdict take_segment();
  void expect(Part part, std::size_t length);

  int values_;
  std::string model_;
  Part expected_ = Part::header;
  std::size_t needed_ = 0;
  std::vector<std::uint8_t> part_;
  std::uint64_t faces_ = 0, taken_ = 0;
  Verdict verdict_ = Verdict::good;
  FaceState state_;
};

}  // namespace limen
