#include "face_snapshot.h"

#include <algorithm>
#include <cstring>

#include "gallery.h"
#include "snapshot_bytes.h"

namespace limen {
namespace {

constexpr char kMagic[8] = {'L', 'I', 'M', 'E', 'N', 'F', 'A', '1'};
// Magic 0, format 8, values 12, faces 16, model's length 24 and text 25, digest 120.
constexpr std::size_t kHeader = 128, kHeaderDigest = 120, kModelAt = 24;
// Faces 0, bytes of ids 4, digest 8; then vectors, the length of each id, ids.
constexpr std::size_t kSegmentHead = 16, kSegmentDigest = 8;

std::size_t length_of(int values) { return static_cast<std::size_t>((values + 63) / 64 * 64); }

}  // namespace

std::vector<std::uint8_t> face_snapshot_header(const FaceState& state, int values, std::string_view model) {
  std::vector<std::uint8_t> out(kHeader);
  std::memcpy(out.data(), kMagic, sizeof kMagic);
  put(out.data() + 8, kFaceSnapshotFormat);
  put(out.data() + 12, static_cast<std::uint32_t>(values));
  put(out.data() + 16, static_cast<std::uint64_t>(count_faces(state)));
  const std::size_t length = std::min(model.size(), kMaxFaceModelBytes);
  out[kModelAt] = static_cast<std::uint8_t>(length);
  std::memcpy(out.data() + kModelAt + 1, model.data(), length);
  put(out.data() + kHeaderDigest, digest_of(out.data(), out.size(), kHeaderDigest));
  return out;
}

std::vector<std::uint8_t> face_snapshot_segment(const FaceSegment& segment) {
  const std::size_t vectors = segment.size() * static_cast<std::size_t>(segment.length());
  std::size_t ids = 0;
  for (std::size_t i = 0; i < segment.size(); i++) ids += segment.id(i).size();
  std::vector<std::uint8_t> out(kSegmentHead + vectors + segment.size() + ids);
  put(out.data(), static_cast<std::uint32_t>(segment.size()));
  put(out.data() + 4, static_cast<std::uint32_t>(ids));
  std::memcpy(out.data() + kSegmentHead, segment.vectors(), vectors);
  std::uint8_t* lengths = out.data() + kSegmentHead + vectors;
  std::uint8_t* text = lengths + segment.size();
  for (std::size_t i = 0; i < segment.size(); i++) {
    const std::string_view id = segment.id(i);
    lengths[i] = static_cast<std::uint8_t>(id.size());
    text = std::copy(id.begin(), id.end(), text);
  }
  put(out.data() + kSegmentDigest, digest_of(out.data(), out.size(), kSegmentDigest));
  return out;
}

FaceSnapshotReader::~FaceSnapshotReader() { wipe(part_.data(), part_.size()); }

void FaceSnapshotReader::expect(Part part, std::size_t length) {
  // Not by growing: what was outgrown would stay in memory.
  if (length > part_.capacity()) {
    std::vector<std::uint8_t> larger;
    larger.reserve(length);
    larger.assign(part_.begin(), part_.end());
    wipe(part_.data(), part_.size());
    part_.swap(larger);
  }
  expected_ = part;
  needed_ = length;
}

FaceSnapshotReader::Verdict FaceSnapshotReader::push(const std::uint8_t* bytes, std::size_t length) {
  if (needed_ == 0) expect(Part::header, kHeader);
  while (verdict_ == Verdict::good && length > 0) {
    if (expected_ == Part::end) return verdict_ = Verdict::malformed;
    const std::size_t now = std::min(length, needed_ - part_.size());
    part_.insert(part_.end(), bytes, bytes + now);
    bytes += now;
    length -= now;
    if (part_.size() == needed_) verdict_ = take();
  }
  return verdict_;
}

FaceSnapshotReader::Verdict FaceSnapshotReader::take() {
  switch (expected_) {
    case Part::header: return take_header();
    case Part::head: return take_head();
    case Part::segment: return take_segment();
    case Part::end: break;
  }
  return Verdict::malformed;
}

FaceSnapshotReader::Verdict FaceSnapshotReader::take_header() {
  const std::uint8_t* from = part_.data();
  if (std::memcmp(from, kMagic, sizeof kMagic) != 0) return Verdict::malformed;
  if (get<std::uint64_t>(from + kHeaderDigest) != digest_of(part_.data(), part_.size(), kHeaderDigest)) return Verdict::malformed;
  const std::size_t length = from[kModelAt];
  if (length > kMaxFaceModelBytes) return Verdict::malformed;
  const std::string_view model(reinterpret_cast<const char*>(from + kModelAt + 1), length);
  const bool alike = get<std::uint32_t>(from + 8) == kFaceSnapshotFormat && get<std::uint32_t>(from + 12) == static_cast<std::uint32_t>(values_);
  if (!alike || model != model_) return Verdict::incomparable;
  faces_ = get<std::uint64_t>(from + 16);
  part_.clear();
  expect(faces_ == 0 ? Part::end : Part::head, kSegmentHead);
  return Verdict::good;
}

FaceSnapshotReader::Verdict FaceSnapshotReader::take_head() {
  const std::size_t faces = get<std::uint32_t>(part_.data()), ids = get<std::uint32_t>(part_.data() + 4);
  if (faces == 0 || faces > kFaceSegment || faces > faces_ - taken_ || ids > faces * kMaxFaceIdBytes) return Verdict::malformed;
  expect(Part::segment, kSegmentHead + faces * (length_of(values_) + 1) + ids);
  return Verdict::good;
}

FaceSnapshotReader::Verdict FaceSnapshotReader::take_segment() {
  const std::uint8_t* from = part_.data();
  const std::size_t faces = get<std::uint32_t>(from), ids = get<std::uint32_t>(from + 4), length = length_of(values_);
  if (get<std::uint64_t>(from + kSegmentDigest) != digest_of(part_.data(), part_.size(), kSegmentDigest)) return Verdict::malformed;
  const std::uint8_t* vectors = from + kSegmentHead;
  const std::uint8_t* lengths = vectors + faces * length;
  const std::uint8_t* text = lengths + faces;
  auto segment = std::make_shared<FaceSegment>(values_);
  std::size_t at = 0;
  for (std::size_t i = 0; i < faces; i++) {
    if (lengths[i] == 0 || lengths[i] > ids - at) return Verdict::malformed;
    segment->append({reinterpret_cast<const char*>(text + at), lengths[i]}, vectors + i * length);
    at += lengths[i];
  }
  if (at != ids) return Verdict::malformed;
  state_.push_back(std::move(segment));
  taken_ += faces;
  wipe(part_.data(), part_.size());
  part_.clear();
  expect(taken_ == faces_ ? Part::end : Part::head, kSegmentHead);
  return Verdict::good;
}

std::shared_ptr<const FaceState> FaceSnapshotReader::finish() {
  if (verdict_ != Verdict::good || expected_ != Part::end) return nullptr;
  return std::make_shared<const FaceState>(std::move(state_));
}

}  // namespace limen
