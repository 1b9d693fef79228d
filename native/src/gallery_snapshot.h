#pragma once
#include "gallery.h"
#include "snapshot.h"

namespace limen {

std::vector<std::uint8_t> snapshot_header(const GalleryState& state, std::string_view model);
std::vector<std::uint8_t> snapshot_segment(const GallerySegment& segment);

// Takes a snapshot of fingers in.
class FingerSnapshotReader : public SnapshotReader {
 public:
  explicit FingerSnapshotReader(std::string model);
  // The gallery, when all of it came.
  std::shared_ptr<const GalleryState> finish();

 private:
  std::optional<std::size_t> segment_bytes(std::size_t fingers, std::size_t text) const override;
  bool take(const std::uint8_t* segment, std::size_t fingers, std::size_t length) override;
  GalleryState state_;
};

}  // namespace limen
