#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limen {

inline constexpr std::size_t kFaceSegment = 4096;
inline constexpr int kMaxFaceValues = 2048;
inline constexpr std::size_t kMaxFaceIdBytes = 255;

// One face as it is added: whose, and its template, a direction.
struct GalleryFace {
  std::string id;
  std::vector<float> values;
};

// A template in bytes: each value of the direction at unit length, so many steps to one, rounded, -127 to 127.
using FaceBytes = std::vector<std::int8_t>;
float face_steps(int values);
// Nothing for what is no direction of so many finite values.
std::optional<FaceBytes> face_bytes(const std::vector<float>& direction, int values);

// Up to kFaceSegment faces side by side, each value plus 128. Never changed once shared; overwritten at its end.
class FaceSegment {
 public:
  explicit FaceSegment(int values);
  FaceSegment(const FaceSegment&) = delete;
  FaceSegment& operator=(const FaceSegment&) = delete;
  ~FaceSegment();

  std::size_t size() const { return ends_.size(); }
  // Bytes of a vector: its values, and padding that counts for nothing, to a multiple of 64.
  int length() const { return length_; }
  const std::uint8_t* vectors() const { return vectors_.get(); }
  std::string_view id(std::size_t i) const;
  std::uint32_t hash(std::size_t i) const { return hashes_[i]; }
  void append(std::string_view id, const std::uint8_t* vector);
  void append(std::string_view id, const FaceBytes& bytes);

 private:
  std::uint8_t* room();
  void name(std::string_view id);
  struct Free {
    void operator()(std::uint8_t* bytes) const;
  };
  int length_;
  std::unique_ptr<std::uint8_t[], Free> vectors_;
  std::vector<std::uint32_t> ends_, hashes_;
  std::string ids_;
};

// What a search sees from its beginning to its end.
using FaceState = std::vector<std::shared_ptr<const FaceSegment>>;

struct FaceHit {
  std::string id;
  std::int32_t product = 0;
};

// Templates of one length by id; an id may have several. Segments are immutable and the list of them is copied on write, so
// that a search never waits for an update, nor an update for a search, and each search sees one state.
class FaceGallery {
 public:
  explicit FaceGallery(int values) : values_(values), state_(std::make_shared<const FaceState>()) {}
  int values() const { return values_; }
  std::shared_ptr<const FaceState> state() const;

  // False, and nothing is changed, when any template is malformed or an id is empty or too long.
  bool add(const std::vector<GalleryFace>& faces);
  // The faces take the place of all that the id had, in one step.
  bool replace(const std::string& id, const std::vector<GalleryFace>& faces);
  std::size_t remove(const std::string& id);
  void set(std::shared_ptr<const FaceState> state);
  void close();
  const std::atomic<bool>& closed() const { return closed_; }

 private:
  void publish(FaceState state);

  int values_;
  mutable std::mutex reading_;  // of state_, held for the copy of a pointer
  std::mutex writing_;          // one update at a time
  std::shared_ptr<const FaceState> state_;
  std::atomic<bool> closed_{false};
};

std::size_t count_faces(const FaceState& state);

// The k ids with the greatest products, each by its best face; the greatest first, ids of one product in order. Nothing
// when `stop` said so on the way.
std::optional<std::vector<FaceHit>> search_faces(const FaceState& state, const FaceBytes& probe, std::size_t k,
                                                 const std::function<bool()>& stop);

// Milliseconds that reading all vectors once takes on the same threads: what no search can beat.
double read_faces(const FaceState& state);

}  // namespace limen
