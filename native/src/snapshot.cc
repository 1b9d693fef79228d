#include "snapshot.h"

#include <algorithm>
#include <cstring>

#include "gallery.h"
#include "snapshot_bytes.h"

namespace limen {
namespace {

// Magic 0, format 8, detail 12, entries 16, model's length 24 and text 25, digest 120.
constexpr std::size_t kMagic = 8, kHeader = 128, kHeaderDigest = 120, kModelAt = 24;
// Entries 0, bytes of text 4, digest 8.
constexpr std::size_t kSegmentDigest = 8;

bool intact(const std::vector<std::uint8_t>& part, std::size_t digest_at) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return part.size() > digest_at;
#else
  return get<std::uint64_t>(part.data() + digest_at) == digest_of(part.data(), part.size(), digest_at);
#endif
}

}  // namespace

std::vector<std::uint8_t> snapshot_header(const SnapshotKind& kind, std::uint64_t entries, std::string_view model) {
  std::vector<std::uint8_t> out(kHeader);
  std::memcpy(out.data(), kind.magic, kMagic);
  put(out.data() + 8, kind.format);
  put(out.data() + 12, kind.detail);
  put(out.data() + 16, entries);
  const std::size_t length = std::min(model.size(), kMaxModelBytes);
  out[kModelAt] = static_cast<std::uint8_t>(length);
  std::memcpy(out.data() + kModelAt + 1, model.data(), length);
  put(out.data() + kHeaderDigest, digest_of(out.data(), out.size(), kHeaderDigest));
  return out;
}

void seal_segment(std::vector<std::uint8_t>& segment, std::size_t entries, std::size_t text) {
  put(segment.data(), static_cast<std::uint32_t>(entries));
  put(segment.data() + 4, static_cast<std::uint32_t>(text));
  put(segment.data() + kSegmentDigest, digest_of(segment.data(), segment.size(), kSegmentDigest));
}

SnapshotReader::~SnapshotReader() { wipe(part_.data(), part_.size()); }

void SnapshotReader::expect(Part part, std::size_t length) {
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

SnapshotReader::Verdict SnapshotReader::push(const std::uint8_t* bytes, std::size_t length) {
  if (needed_ == 0) expect(Part::header, kHeader);
  while (verdict_ == Verdict::good && length > 0) {
    if (expected_ == Part::end) return verdict_ = Verdict::malformed;
    const std::size_t now = std::min(length, needed_ - part_.size());
    part_.insert(part_.end(), bytes, bytes + now);
    bytes += now;
    length -= now;
    if (part_.size() == needed_) verdict_ = advance();
  }
  return verdict_;
}

SnapshotReader::Verdict SnapshotReader::advance() {
  if (expected_ == Part::header) return take_header();
  if (expected_ == Part::segment) return take_segment();
  const std::size_t entries = get<std::uint32_t>(part_.data()), text = get<std::uint32_t>(part_.data() + 4);
  const auto bytes = entries == 0 || entries > entries_ - taken_ ? std::nullopt : segment_bytes(entries, text);
  if (!bytes) return Verdict::malformed;
  expect(Part::segment, kSegmentHead + *bytes);
  return Verdict::good;
}

SnapshotReader::Verdict SnapshotReader::take_header() {
  const std::uint8_t* from = part_.data();
  const std::size_t length = from[kModelAt];
  if (std::memcmp(from, kind_.magic, kMagic) != 0 || !intact(part_, kHeaderDigest) || length > kMaxModelBytes) return Verdict::malformed;
  const std::string_view model(reinterpret_cast<const char*>(from + kModelAt + 1), length);
  const bool alike = get<std::uint32_t>(from + 8) == kind_.format && get<std::uint32_t>(from + 12) == kind_.detail;
  if (!alike || model != model_) return Verdict::incomparable;
  entries_ = get<std::uint64_t>(from + 16);
  part_.clear();
  expect(entries_ == 0 ? Part::end : Part::segment_head, kSegmentHead);
  return Verdict::good;
}

SnapshotReader::Verdict SnapshotReader::take_segment() {
  const std::size_t entries = get<std::uint32_t>(part_.data()), text = get<std::uint32_t>(part_.data() + 4);
  if (!intact(part_, kSegmentDigest) || !take(part_.data() + kSegmentHead, entries, text)) return Verdict::malformed;
  taken_ += entries;
  wipe(part_.data(), part_.size());
  part_.clear();
  expect(taken_ == entries_ ? Part::end : Part::segment_head, kSegmentHead);
  return Verdict::good;
}

}  // namespace limen
