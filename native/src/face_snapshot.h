#pragma once
#include "face_gallery.h"
#include "snapshot.h"

namespace limen {

std::vector<std::uint8_t> snapshot_header(const FaceState& state, int values, std::string_view model);
std::vector<std::uint8_t> snapshot_segment(const FaceSegment& segment);

// Takes a snapshot of faces of so many values in.
class FaceSnapshotReader : public SnapshotReader {
 public:
  FaceSnapshotReader(int values, std::string model);
  // The gallery, when all of it came.
  std::shared_ptr<const FaceState> finish();

 private:
  std::optional<std::size_t> segment_bytes(std::size_t faces, std::size_t ids) const override;
  bool take(const std::uint8_t* segment, std::size_t faces, std::size_t ids) override;
  int values_;
  FaceState state_;
};

}  // namespace limen
