#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "gallery_sketch.h"

namespace limen {

// Bytes that are overwritten before their memory is given back.
void wipe(void* bytes, std::size_t length);

// One finger as it is added: whose, which (0 unknown), and its record (ISO/IEC 19794-2:2005).
struct GalleryFinger {
  std::string id;
  int position = 0;
  std::vector<std::uint8_t> record;
};

// Up to kSegmentFingers fingers side by side. Never changed once shared: updates make another. Overwritten at its end.
class GallerySegment {
 public:
  GallerySegment() = default;
  GallerySegment(const GallerySegment&) = delete;
  GallerySegment& operator=(const GallerySegment&) = delete;
  ~GallerySegment();

  std::size_t size() const { return sketches_.size(); }
  const GallerySketch* sketches() const { return sketches_.data(); }
  std::uint32_t hash(std::size_t i) const { return hashes_[i]; }
  std::string_view id(std::size_t i) const;
  const std::uint8_t* record(std::size_t i, std::size_t& length) const;
  std::size_t text() const { return text_.size(); }
  std::size_t bytes() const;

  void reserve(std::size_t fingers, std::size_t text);
  void append(std::string_view id, const GallerySketch& sketch, const std::uint8_t* record, std::size_t length);

 private:
  std::vector<GallerySketch> sketches_;
  std::vector<std::uint32_t> hashes_;  // of ids
  std::vector<std::uint32_t> ends_;    // of each finger in text_
  std::vector<std::uint8_t> text_;     // length of the id, id, record
};

inline constexpr std::size_t kSegmentFingers = 1024;
inline constexpr std::size_t kMaxIdBytes = 255;
inline constexpr std::size_t kMaxRecordBytes = 65535;
std::uint32_t hash_of(std::string_view id);

// What a search sees from its beginning to its end.
using GalleryState = std::vector<std::shared_ptr<const GallerySegment>>;

// Fingers by id. Segments are immutable and the list of them is copied on write, so that a search never waits for an
// update, nor an update for a search, and each search sees one state.
class Gallery {
 public:
  Gallery();
  std::shared_ptr<const GalleryState> state() const;

  // False, and nothing is changed, when any record is malformed or an id is empty or too long.
  bool add(const std::vector<GalleryFinger>& fingers);
  // The fingers take the place of all that the id had, in one step.
  bool replace(const std::string& id, const std::vector<GalleryFinger>& fingers);
  std::size_t remove(const std::string& id);
  void set(std::shared_ptr<const GalleryState> state);
  // Forgets everything; searches that run give nothing any more.
  void close();
  const std::atomic<bool>& closed() const { return closed_; }

 private:
  void append(GalleryState& to, const std::vector<GalleryFinger>& fingers, const std::vector<GallerySketch>& sketches) const;
  std::size_t drop(GalleryState& from, std::string_view id) const;

  mutable std::mutex reading_;  // of state_, held for the copy of a pointer
  std::mutex writing_;          // one update at a time
  std::shared_ptr<const GalleryState> state_;
  std::atomic<bool> closed_{false};
};

// The sketches of fingers, worked out on all cores; nothing when any is malformed.
std::optional<std::vector<GallerySketch>> sketch_all(const std::vector<GalleryFinger>& fingers);

std::size_t count_fingers(const GalleryState& state);
std::size_t count_bytes(const GalleryState& state);

}  // namespace limen
