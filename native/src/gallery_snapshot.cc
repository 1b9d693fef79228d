#include "gallery_snapshot.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "crew.h"
#include "record.h"
#include "snapshot_bytes.h"

namespace limen {

using namespace parameters;

namespace {

constexpr char kMagic[8] = {'L', 'I', 'M', 'E', 'N', 'F', 'G', '1'};
constexpr std::uint32_t kSketchVersion = 1;
// Magic 0, format 8, sketches 12, fingers 16, model's length 24 and text 25, digest 56.
constexpr std::size_t kHeader = 64, kHeaderDigest = 56, kModelAt = 24;
// Fingers 0, bytes of text 4, digest 8; then sketches, ends, text.
constexpr std::size_t kSegmentHead = 16, kSegmentDigest = 8;

// A finger as a segment holds it: its sketch, and the length of its id, the id and its record.
bool readable(const std::uint8_t* from, const std::uint8_t* text, std::size_t length) {
  GallerySketch sketch;
  std::memcpy(&sketch, from, sizeof sketch);
  const std::size_t id = text[0], record = 1 + id;
  return id > 0 && record <= length && sketch.count <= kGallerySketches && sketch.position <= 10 && read_record(text + record, length - record);
}

}  // namespace

std::vector<std::uint8_t> snapshot_header(const GalleryState& state, std::string_view model) {
  std::vector<std::uint8_t> out(kHeader);
  std::memcpy(out.data(), kMagic, sizeof kMagic);
  put(out.data() + 8, kSnapshotFormat);
  put(out.data() + 12, kSketchVersion);
  put(out.data() + 16, static_cast<std::uint64_t>(count_fingers(state)));
  const std::size_t length = std::min(model.size(), kMaxModelBytes);
  out[kModelAt] = static_cast<std::uint8_t>(length);
  std::memcpy(out.data() + kModelAt + 1, model.data(), length);
  put(out.data() + kHeaderDigest, digest_of(out.data(), kHeader, kHeaderDigest));
  return out;
}

std::vector<std::uint8_t> snapshot_segment(const GallerySegment& segment) {
  const std::size_t fingers = segment.size(), sketches = fingers * sizeof(GallerySketch), ends = fingers * 4;
  std::vector<std::uint8_t> out(kSegmentHead + sketches + ends + segment.text());
  put(out.data(), static_cast<std::uint32_t>(fingers));
  put(out.data() + 4, static_cast<std::uint32_t>(segment.text()));
  std::uint8_t* to = out.data() + kSegmentHead;
  if (fingers > 0) std::memcpy(to, segment.sketches(), sketches);
  to += sketches;
  std::uint8_t* text = to + ends;
  for (std::size_t i = 0; i < fingers; i++) {
    std::size_t length = 0;
    const std::uint8_t* record = segment.record(i, length);
    const std::string_view id = segment.id(i);
    *text++ = static_cast<std::uint8_t>(id.size());
    text = std::copy(id.begin(), id.end(), text);
    text = std::copy(record, record + length, text);
    put(to + 4 * i, static_cast<std::uint32_t>(text - (to + ends)));
  }
  put(out.data() + kSegmentDigest, digest_of(out.data(), out.size(), kSegmentDigest));
  return out;
}

SnapshotReader::~SnapshotReader() { wipe(part_.data(), part_.size()); }

void SnapshotReader::expect(Part part, std::size_t length) {
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

SnapshotReader::Verdict SnapshotReader::push(const std::uint8_t* bytes, std::size_t length) {
  if (needed_ == 0) expect(Part::header, kHeader);
  while (verdict_ == Verdict::good && length > 0) {
    if (expected_ == Part::end) return verdict_ = Verdict::malformed;
    const std::size_t take_now = std::min(length, needed_ - part_.size());
    part_.insert(part_.end(), bytes, bytes + take_now);
    bytes += take_now;
    length -= take_now;
    if (part_.size() == needed_) verdict_ = take();
  }
  return verdict_;
}

SnapshotReader::Verdict SnapshotReader::take() {
  if (expected_ == Part::header) return take_header();
  if (expected_ == Part::segment) return take_segment();
  const auto fingers = get<std::uint32_t>(part_.data()), text = get<std::uint32_t>(part_.data() + 4);
  if (fingers == 0 || fingers > kSegmentFingers || fingers > fingers_ - taken_) return Verdict::malformed;
  if (text > fingers * (1 + kMaxIdBytes + kMaxRecordBytes)) return Verdict::malformed;
  expect(Part::segment, kSegmentHead + fingers * (sizeof(GallerySketch) + 4) + text);
  return Verdict::good;
}

SnapshotReader::Verdict SnapshotReader::take_header() {
  const std::uint8_t* from = part_.data();
  if (std::memcmp(from, kMagic, sizeof kMagic) != 0) return Verdict::malformed;
  if (get<std::uint64_t>(from + kHeaderDigest) != digest_of(from, kHeader, kHeaderDigest)) return Verdict::malformed;
  const std::size_t length = from[kModelAt];
  if (length > kMaxModelBytes) return Verdict::malformed;
  const std::string_view model(reinterpret_cast<const char*>(from + kModelAt + 1), length);
  const bool alike = get<std::uint32_t>(from + 8) == kSnapshotFormat && get<std::uint32_t>(from + 12) == kSketchVersion;
  if (!alike || model != model_) return Verdict::incomparable;
  fingers_ = get<std::uint64_t>(from + 16);
  part_.clear();
  expect(fingers_ == 0 ? Part::end : Part::segment_head, kSegmentHead);
  return Verdict::good;
}

SnapshotReader::Verdict SnapshotReader::take_segment() {
  const std::uint8_t* from = part_.data();
  const std::size_t fingers = get<std::uint32_t>(from), length = get<std::uint32_t>(from + 4);
  if (get<std::uint64_t>(from + kSegmentDigest) != digest_of(from, part_.size(), kSegmentDigest)) return Verdict::malformed;
  const std::uint8_t* sketches = from + kSegmentHead;
  const std::uint8_t* ends = sketches + fingers * sizeof(GallerySketch);
  const std::uint8_t* text = ends + fingers * 4;
  std::vector<std::size_t> begins(fingers + 1);
  for (std::size_t i = 0; i < fingers; i++) {
    begins[i + 1] = get<std::uint32_t>(ends + 4 * i);
    if (begins[i + 1] > length || begins[i + 1] < begins[i] + 2) return Verdict::malformed;
  }
  if (begins[fingers] != length) return Verdict::malformed;
  std::atomic<bool> malformed{false};
  share_out(fingers, 64, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; i++)
      if (!readable(sketches + i * sizeof(GallerySketch), text + begins[i], begins[i + 1] - begins[i])) malformed = true;
  }, [&] { return malformed.load(); });
  if (malformed) return Verdict::malformed;
  auto segment = std::make_shared<GallerySegment>();
  segment->reserve(fingers, length);
  for (std::size_t i = 0; i < fingers; i++) {
    const std::size_t id = text[begins[i]], record = begins[i] + 1 + id;
    GallerySketch sketch;
    std::memcpy(&sketch, sketches + i * sizeof sketch, sizeof sketch);
    segment->append({reinterpret_cast<const char*>(text + begins[i] + 1), id}, sketch, text + record, begins[i + 1] - record);
  }
  state_.push_back(std::move(segment));
  taken_ += fingers;
  wipe(part_.data(), part_.size());
  part_.clear();
  expect(taken_ == fingers_ ? Part::end : Part::segment_head, kSegmentHead);
  return Verdict::good;
}

std::shared_ptr<const GalleryState> SnapshotReader::finish() {
  if (verdict_ != Verdict::good || expected_ != Part::end) return nullptr;
  return std::make_shared<const GalleryState>(std::move(state_));
}

}  // namespace limen
