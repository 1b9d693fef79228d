#include "gallery.h"

#include <algorithm>

#include "crew.h"
#include "record.h"

namespace limen {

void wipe(void* bytes, std::size_t length) {
  volatile auto* at = static_cast<volatile std::uint8_t*>(bytes);
  std::size_t done = 0;
  for (; done + 8 <= length && reinterpret_cast<std::uintptr_t>(bytes) % 8 == 0; done += 8)
    *reinterpret_cast<volatile std::uint64_t*>(static_cast<std::uint8_t*>(bytes) + done) = 0;
  for (; done < length; done++) at[done] = 0;
}

std::uint32_t hash_of(std::string_view id) {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char byte : id) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 16777619u;
  return hash;
}

GallerySegment::~GallerySegment() {
  wipe(sketches_.data(), sketches_.size() * sizeof(GallerySketch));
  wipe(hashes_.data(), hashes_.size() * sizeof(std::uint32_t));
  wipe(text_.data(), text_.size());
}

std::string_view GallerySegment::id(std::size_t i) const {
  const std::uint8_t* at = text_.data() + (i ? ends_[i - 1] : 0);
  return {reinterpret_cast<const char*>(at + 1), *at};
}

const std::uint8_t* GallerySegment::record(std::size_t i, std::size_t& length) const {
  const std::size_t begin = i ? ends_[i - 1] : 0, id = std::size_t{1} + text_[begin];
  length = ends_[i] - begin - id;
  return text_.data() + begin + id;
}

std::size_t GallerySegment::bytes() const {
  return sizeof *this + sketches_.capacity() * sizeof(GallerySketch) + (hashes_.capacity() + ends_.capacity()) * 4 + text_.capacity();
}

// All at once: a vector that grew would leave a copy behind that nobody wipes.
void GallerySegment::reserve(std::size_t fingers, std::size_t text) {
  sketches_.reserve(fingers);
  hashes_.reserve(fingers);
  ends_.reserve(fingers);
  text_.reserve(text);
}

void GallerySegment::append(std::string_view id, const GallerySketch& sketch, const std::uint8_t* record, std::size_t length) {
  sketches_.push_back(sketch);
  hashes_.push_back(hash_of(id));
  text_.push_back(static_cast<std::uint8_t>(id.size()));
  text_.insert(text_.end(), id.begin(), id.end());
  text_.insert(text_.end(), record, record + length);
  ends_.push_back(static_cast<std::uint32_t>(text_.size()));
}

Gallery::Gallery() : state_(std::make_shared<const GalleryState>()) {}

std::shared_ptr<const GalleryState> Gallery::state() const {
  const std::lock_guard lock(reading_);
  return state_;
}

void Gallery::set(std::shared_ptr<const GalleryState> state) {
  const std::lock_guard lock(reading_);
  if (!closed_) state_.swap(state);  // what was there ends outside the lock, with the argument
}

bool Gallery::add(const std::vector<GalleryFinger>& fingers) {
  const auto sketches = sketch_all(fingers);
  if (!sketches) return false;
  const std::lock_guard lock(writing_);
  GalleryState next(*state());
  append(next, fingers, *sketches);
  set(std::make_shared<const GalleryState>(std::move(next)));
  return true;
}

bool Gallery::replace(const std::string& id, const std::vector<GalleryFinger>& fingers) {
  const auto sketches = sketch_all(fingers);
  if (!sketches) return false;
  const std::lock_guard lock(writing_);
  GalleryState next(*state());
  drop(next, id);
  append(next, fingers, *sketches);
  set(std::make_shared<const GalleryState>(std::move(next)));
  return true;
}

std::size_t Gallery::remove(const std::string& id) {
  const std::lock_guard lock(writing_);
  GalleryState next(*state());
  const std::size_t dropped = drop(next, id);
  if (dropped > 0) set(std::make_shared<const GalleryState>(std::move(next)));
  return dropped;
}

void Gallery::close() {
  auto nothing = std::make_shared<const GalleryState>();
  const std::lock_guard lock(reading_);
  closed_ = true;
  state_.swap(nothing);
}

namespace {

void copy(GallerySegment& to, const GallerySegment& from, std::string_view without) {
  const std::uint32_t hash = hash_of(without);
  for (std::size_t i = 0; i < from.size(); i++) {
    if (!without.empty() && from.hash(i) == hash && from.id(i) == without) continue;
    std::size_t length = 0;
    const std::uint8_t* record = from.record(i, length);
    to.append(from.id(i), from.sketches()[i], record, length);
  }
}

// Neighbours that have become small are put together, or many updates would leave many segments.
void merge(GalleryState& in) {
  GalleryState out;
  for (auto& segment : in) {
    if (segment->size() == 0) continue;
    if (out.empty() || out.back()->size() + segment->size() > kSegmentFingers / 2) {
      out.push_back(std::move(segment));
      continue;
    }
    auto both = std::make_shared<GallerySegment>();
    both->reserve(out.back()->size() + segment->size(), out.back()->text() + segment->text());
    copy(*both, *out.back(), {});
    copy(*both, *segment, {});
    out.back() = std::move(both);
  }
  in.swap(out);
}

}  // namespace

void Gallery::append(GalleryState& to, const std::vector<GalleryFinger>& fingers, const std::vector<GallerySketch>& sketches) const {
  std::size_t next = 0;
  while (next < fingers.size()) {
    // The last segment is made anew with what fits into it.
    const bool partial = !to.empty() && to.back()->size() < kSegmentFingers;
    const GallerySegment* last = partial ? to.back().get() : nullptr;
    const std::size_t held = last ? last->size() : 0, count = std::min(kSegmentFingers - held, fingers.size() - next);
    std::size_t text = last ? last->text() : 0;
    for (std::size_t i = next; i < next + count; i++) text += 1 + fingers[i].id.size() + fingers[i].record.size();
    auto segment = std::make_shared<GallerySegment>();
    segment->reserve(held + count, text);
    if (last) copy(*segment, *last, {});
    for (std::size_t i = next; i < next + count; i++)
      segment->append(fingers[i].id, sketches[i], fingers[i].record.data(), fingers[i].record.size());
    if (partial) to.back() = std::move(segment);
    else to.push_back(std::move(segment));
    next += count;
  }
}

std::size_t Gallery::drop(GalleryState& from, std::string_view id) const {
  const std::uint32_t hash = hash_of(id);
  std::size_t dropped = 0;
  for (auto& segment : from) {
    std::size_t own = 0;
    for (std::size_t i = 0; i < segment->size(); i++) own += segment->hash(i) == hash && segment->id(i) == id;
    if (own == 0) continue;
    auto rest = std::make_shared<GallerySegment>();
    rest->reserve(segment->size() - own, segment->text());
    copy(*rest, *segment, id);
    segment = std::move(rest);
    dropped += own;
  }
  if (dropped > 0) merge(from);
  return dropped;
}

std::optional<std::vector<GallerySketch>> sketch_all(const std::vector<GalleryFinger>& fingers) {
  std::vector<GallerySketch> out(fingers.size());
  std::atomic<bool> malformed{false};
  share_out(fingers.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i++) {
      const GalleryFinger& finger = fingers[i];
      auto features = read_record(finger.record.data(), finger.record.size());
      const bool named = !finger.id.empty() && finger.id.size() <= kMaxIdBytes;
      if (!features || !named || finger.record.size() > kMaxRecordBytes || finger.position < 0 || finger.position > 10) {
        malformed = true;
        return;
      }
      features->position = finger.position;
      out[i] = sketch(*features, SketchSide::gallery);
    }
  }, [&] { return malformed.load(); });
  if (malformed) return std::nullopt;
  return out;
}

std::size_t count_fingers(const GalleryState& state) {
  std::size_t sum = 0;
  for (const auto& segment : state) sum += segment->size();
  return sum;
}

std::size_t count_bytes(const GalleryState& state) {
  std::size_t sum = 0;
  for (const auto& segment : state) sum += segment->bytes() + sizeof segment;
  return sum;
}

}  // namespace limen
