#include "face_gallery.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>

#include "crew.h"
#include "face_kernels.h"
#include "gallery.h"
#include "gallery_kernels.h"

namespace limen {
namespace {

constexpr std::uint8_t kZero = 128;

bool better(const FaceHit& a, const FaceHit& b) { return a.product != b.product ? a.product > b.product : a.id < b.id; }

// The best so far, best first, no id twice, at most k.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) {}

  // What a product must reach to change anything.
  std::int32_t least() const { return hits_.size() < k_ ? INT32_MIN : hits_.back().product; }

  void offer(std::string_view id, std::int32_t product) {
    const auto own = std::find_if(hits_.begin(), hits_.end(), [&](const FaceHit& hit) { return hit.id == id; });
    if (own != hits_.end()) {
      if (own->product >= product) return;
      hits_.erase(own);
    }
    FaceHit hit{std::string(id), product};
    const auto place = std::lower_bound(hits_.begin(), hits_.end(), hit, better);
    if (static_cast<std::size_t>(place - hits_.begin()) >= k_) return;
    hits_.insert(place, std::move(hit));
    if (hits_.size() > k_) hits_.pop_back();
  }

  std::vector<FaceHit> hits_;

 private:
  std::size_t k_;
};

void append_to(FaceState& state, std::string_view id, const FaceBytes& bytes, int values, std::shared_ptr<FaceSegment>& open) {
  if (!open || open->size() == kFaceSegment) {
    open = std::make_shared<FaceSegment>(values);
    state.push_back(open);
  }
  open->append(id, bytes);
}

// Without what is named so: segments that hold some are made anew.
std::size_t drop(FaceState& state, std::string_view id, int values) {
  const std::uint32_t hash = hash_of(id);
  std::size_t dropped = 0;
  FaceState kept;
  for (const auto& segment : state) {
    std::size_t here = 0;
    for (std::size_t i = 0; i < segment->size(); i++) here += segment->hash(i) == hash && segment->id(i) == id;
    dropped += here;
    if (here == 0) {
      kept.push_back(segment);
      continue;
    }
    if (here == segment->size()) continue;
    auto rest = std::make_shared<FaceSegment>(values);
    for (std::size_t i = 0; i < segment->size(); i++)
      if (segment->id(i) != id) rest->append(segment->id(i), segment->vectors() + i * static_cast<std::size_t>(segment->length()));
    kept.push_back(std::move(rest));
  }
  state = std::move(kept);
  return dropped;
}

// The bytes of all, or nothing when any is malformed.
std::optional<std::vector<FaceBytes>> bytes_of_all(const std::vector<GalleryFace>& faces, int values) {
  std::vector<FaceBytes> out;
  out.reserve(faces.size());
  for (const GalleryFace& face : faces) {
    auto bytes = face_bytes(face.values, values);
    if (!bytes || face.id.empty() || face.id.size() > kMaxFaceIdBytes) return std::nullopt;
    out.push_back(std::move(*bytes));
  }
  return out;
}

// The last segment is filled up in a copy, so that small updates do not leave small segments.
void append_all(FaceState& state, const std::vector<GalleryFace>& faces, const std::vector<FaceBytes>& bytes, int values) {
  std::shared_ptr<FaceSegment> open;
  if (!state.empty() && !faces.empty() && state.back()->size() < kFaceSegment) {
    const FaceSegment& last = *state.back();
    open = std::make_shared<FaceSegment>(values);
    for (std::size_t i = 0; i < last.size(); i++)
      open->append(last.id(i), last.vectors() + i * static_cast<std::size_t>(last.length()));
    state.back() = open;
  }
  for (std::size_t i = 0; i < faces.size(); i++) append_to(state, faces[i].id, bytes[i], values, open);
}

}  // namespace

float face_steps(int values) {
  // Values of a direction are about 1 / sqrt(values); those of real templates stay within four times that, nearly all.
  return 127.0f * std::sqrt(static_cast<float>(values)) / 4.2f;
}

std::optional<FaceBytes> face_bytes(const std::vector<float>& direction, int values) {
  if (direction.size() != static_cast<std::size_t>(values)) return std::nullopt;
  double squares = 0;
  for (const float value : direction) squares += static_cast<double>(value) * value;
  if (!std::isfinite(squares) || squares < 1e-12) return std::nullopt;
  const double scale = face_steps(values) / std::sqrt(squares);
  FaceBytes out(static_cast<std::size_t>((values + 63) / 64 * 64));
  for (std::size_t i = 0; i < direction.size(); i++)
    out[i] = static_cast<std::int8_t>(std::clamp(std::nearbyint(direction[i] * scale), -127.0, 127.0));
  return out;
}

void FaceSegment::Free::operator()(std::uint8_t* bytes) const { std::free(bytes); }

FaceSegment::FaceSegment(int values) : length_((values + 63) / 64 * 64) {
  const std::size_t bytes = kFaceSegment * static_cast<std::size_t>(length_);
  vectors_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(64, bytes)));
  if (!vectors_) throw std::bad_alloc();
}

FaceSegment::~FaceSegment() { wipe(vectors_.get(), size() * static_cast<std::size_t>(length_)); }

std::string_view FaceSegment::id(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(ids_).substr(begin, ends_[i] - begin);
}

std::uint8_t* FaceSegment::room() { return vectors_.get() + size() * static_cast<std::size_t>(length_); }

void FaceSegment::name(std::string_view id) {
  ids_.append(id);
  ends_.push_back(static_cast<std::uint32_t>(ids_.size()));
  hashes_.push_back(hash_of(id));
}

void FaceSegment::append(std::string_view id, const std::uint8_t* vector) {
  std::memcpy(room(), vector, static_cast<std::size_t>(length_));
  name(id);
}

void FaceSegment::append(std::string_view id, const FaceBytes& bytes) {
  std::uint8_t* to = room();
  for (std::size_t i = 0; i < bytes.size(); i++) to[i] = static_cast<std::uint8_t>(bytes[i] + kZero);
  name(id);
}

std::shared_ptr<const FaceState> FaceGallery::state() const {
  const std::lock_guard lock(reading_);
  return state_;
}

void FaceGallery::publish(FaceState state) {
  auto next = std::make_shared<const FaceState>(std::move(state));
  const std::lock_guard lock(reading_);
  if (!closed_) state_.swap(next);
}

bool FaceGallery::add(const std::vector<GalleryFace>& faces) {
  const auto bytes = bytes_of_all(faces, values_);
  if (!bytes) return false;
  const std::lock_guard lock(writing_);
  FaceState next = *state();
  append_all(next, faces, *bytes, values_);
  publish(std::move(next));
  return true;
}

bool FaceGallery::replace(const std::string& id, const std::vector<GalleryFace>& faces) {
  const auto bytes = bytes_of_all(faces, values_);
  if (!bytes) return false;
  const std::lock_guard lock(writing_);
  FaceState next = *state();
  drop(next, id, values_);
  append_all(next, faces, *bytes, values_);
  publish(std::move(next));
  return true;
}

std::size_t FaceGallery::remove(const std::string& id) {
  const std::lock_guard lock(writing_);
  FaceState next = *state();
  const std::size_t dropped = drop(next, id, values_);
  if (dropped > 0) publish(std::move(next));
  return dropped;
}

void FaceGallery::set(std::shared_ptr<const FaceState> state) {
  const std::lock_guard lock(writing_);
  publish(*state);
}

void FaceGallery::close() {
  auto none = std::make_shared<const FaceState>();
  const std::lock_guard lock(reading_);
  closed_ = true;
  state_.swap(none);
}

std::size_t count_faces(const FaceState& state) {
  std::size_t count = 0;
  for (const auto& segment : state) count += segment->size();
  return count;
}

std::optional<std::vector<FaceHit>> search_faces(const FaceState& state, const FaceBytes& probe, std::size_t k,
                                                 const std::function<bool()>& stop) {
  // Every value of the vectors is 128 too much.
  std::int32_t bias = 0;
  for (const std::int8_t value : probe) bias += kZero * value;
  std::mutex merging;
  Best best(k);
  if (k > 0) {
    share_out(state.size(), 1, [&](std::size_t begin, std::size_t end) {
      std::vector<std::int32_t> products(kFaceSegment);
      for (std::size_t s = begin; s < end; s++) {
        const FaceSegment& segment = *state[s];
        multiply_faces()(segment.vectors(), static_cast<int>(segment.size()), segment.length(), probe.data(), products.data());
        const std::lock_guard lock(merging);
        std::int32_t least = best.least();
        for (std::size_t i = 0; i < segment.size(); i++) {
          const std::int32_t product = products[i] - bias;
          if (product < least) continue;
          best.offer(segment.id(i), product);
          least = best.least();
        }
      }
    }, stop);
  }
  if (stop()) return std::nullopt;
  return std::move(best.hits_);
}

double read_faces(const FaceState& state) {
  const auto started = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> sum{0};  // or the compiler would leave it out
  share_out(state.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; s++) sum += read_bytes()(state[s]->vectors(), state[s]->size() * static_cast<std::size_t>(state[s]->length()));
  }, [] { return false; });
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace limen
