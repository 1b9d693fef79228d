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

// The detail is the version of the sketches.
constexpr SnapshotKind kFingers{"LIMENFG1", 1, 1};

// A finger as a segment holds it: its sketch, and the length of its id, the id and its record.
bool readable(const std::uint8_t* from, const std::uint8_t* text, std::size_t length) {
  GallerySketch sketch;
  std::memcpy(&sketch, from, sizeof sketch);
  const std::size_t id = text[0], record = 1 + id;
  return id > 0 && record <= length && sketch.count <= kGallerySketches && sketch.position <= 10 && read_record(text + record, length - record);
}

}  // namespace

std::vector<std::uint8_t> snapshot_header(const GalleryState& state, std::string_view model) {
  return snapshot_header(kFingers, count_fingers(state), model);
}

// After the head: sketches, where the text of each finger ends, text.
std::vector<std::uint8_t> snapshot_segment(const GallerySegment& segment) {
  const std::size_t fingers = segment.size(), sketches = fingers * sizeof(GallerySketch), ends = fingers * 4;
  std::vector<std::uint8_t> out(kSegmentHead + sketches + ends + segment.text());
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
  seal_segment(out, fingers, segment.text());
  return out;
}

FingerSnapshotReader::FingerSnapshotReader(std::string model) : SnapshotReader(kFingers, std::move(model)) {}

std::optional<std::size_t> FingerSnapshotReader::segment_bytes(std::size_t fingers, std::size_t text) const {
  if (fingers > kSegmentFingers || text > fingers * (1 + kMaxIdBytes + kMaxRecordBytes)) return std::nullopt;
  return fingers * (sizeof(GallerySketch) + 4) + text;
}

bool FingerSnapshotReader::take(const std::uint8_t* sketches, std::size_t fingers, std::size_t length) {
  const std::uint8_t* ends = sketches + fingers * sizeof(GallerySketch);
  const std::uint8_t* text = ends + fingers * 4;
  std::vector<std::size_t> begins(fingers + 1);
  for (std::size_t i = 0; i < fingers; i++) {
    begins[i + 1] = get<std::uint32_t>(ends + 4 * i);
    if (begins[i + 1] > length || begins[i + 1] < begins[i] + 2) return false;
  }
  if (begins[fingers] != length) return false;
  std::atomic<bool> malformed{false};
  share_out(fingers, 64, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; i++)
      if (!readable(sketches + i * sizeof(GallerySketch), text + begins[i], begins[i + 1] - begins[i])) malformed = true;
  }, [&] { return malformed.load(); });
  if (malformed) return false;
  auto segment = std::make_shared<GallerySegment>();
  segment->reserve(fingers, length);
  for (std::size_t i = 0; i < fingers; i++) {
    const std::size_t id = text[begins[i]], record = begins[i] + 1 + id;
    GallerySketch sketch;
    std::memcpy(&sketch, sketches + i * sizeof sketch, sizeof sketch);
    segment->append({reinterpret_cast<const char*>(text + begins[i] + 1), id}, sketch, text + record, begins[i + 1] - record);
  }
  state_.push_back(std::move(segment));
  return true;
}

std::shared_ptr<const GalleryState> FingerSnapshotReader::finish() {
  return whole() ? std::make_shared<const GalleryState>(std::move(state_)) : nullptr;
}

}  // namespace limen
