#include "face_snapshot.h"

#include <algorithm>
#include <cstring>

namespace limen {
namespace {

// The detail is the number of values.
SnapshotKind faces_of(int values) { return {"LIMENFA1", 1, static_cast<std::uint32_t>(values)}; }

std::size_t length_of(int values) { return static_cast<std::size_t>((values + 63) / 64 * 64); }

}  // namespace

std::vector<std::uint8_t> snapshot_header(const FaceState& state, int values, std::string_view model) {
  return snapshot_header(faces_of(values), count_faces(state), model);
}

// After the head: vectors, the length of each id, ids.
std::vector<std::uint8_t> snapshot_segment(const FaceSegment& segment) {
  const std::size_t vectors = segment.size() * static_cast<std::size_t>(segment.length());
  std::size_t ids = 0;
  for (std::size_t i = 0; i < segment.size(); i++) ids += segment.id(i).size();
  std::vector<std::uint8_t> out(kSegmentHead + vectors + segment.size() + ids);
  std::memcpy(out.data() + kSegmentHead, segment.vectors(), vectors);
  std::uint8_t* lengths = out.data() + kSegmentHead + vectors;
  std::uint8_t* text = lengths + segment.size();
  for (std::size_t i = 0; i < segment.size(); i++) {
    const std::string_view id = segment.id(i);
    lengths[i] = static_cast<std::uint8_t>(id.size());
    text = std::copy(id.begin(), id.end(), text);
  }
  seal_segment(out, segment.size(), ids);
  return out;
}

FaceSnapshotReader::FaceSnapshotReader(int values, std::string model) : SnapshotReader(faces_of(values), std::move(model)), values_(values) {}

std::optional<std::size_t> FaceSnapshotReader::segment_bytes(std::size_t faces, std::size_t ids) const {
  if (faces > kFaceSegment || ids > faces * kMaxFaceIdBytes) return std::nullopt;
  return faces * (length_of(values_) + 1) + ids;
}

bool FaceSnapshotReader::take(const std::uint8_t* vectors, std::size_t faces, std::size_t ids) {
  const std::size_t length = length_of(values_);
  const std::uint8_t* lengths = vectors + faces * length;
  const std::uint8_t* text = lengths + faces;
  auto segment = std::make_shared<FaceSegment>(values_);
  std::size_t at = 0;
  for (std::size_t i = 0; i < faces; i++) {
    if (lengths[i] == 0 || lengths[i] > ids - at) return false;
    segment->append({reinterpret_cast<const char*>(text + at), lengths[i]}, vectors + i * length);
    at += lengths[i];
  }
  if (at != ids) return false;
  state_.push_back(std::move(segment));
  return true;
}

std::shared_ptr<const FaceState> FaceSnapshotReader::finish() {
  return whole() ? std::make_shared<const FaceState>(std::move(state_)) : nullptr;
}

}  // namespace limen
