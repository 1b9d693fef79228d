#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limen {

// A gallery as one run of bytes: a header, then its segments, each with a digest of all its bytes. Little-endian; of one
// kind and one model. It holds templates in the clear: whoever stores it encrypts it.
struct SnapshotKind {
  char magic[9];
  std::uint32_t format;
  // What else must agree, such as the number of values.
  std::uint32_t detail;
};
inline constexpr std::size_t kMaxModelBytes = 95;
inline constexpr std::size_t kSegmentHead = 16;

std::vector<std::uint8_t> snapshot_header(const SnapshotKind& kind, std::uint64_t entries, std::string_view model);
// Writes the first kSegmentHead bytes of a segment: how many entries, how many bytes of text, and the digest of it all.
void seal_segment(std::vector<std::uint8_t>& segment, std::size_t entries, std::size_t text);

// Takes a snapshot in, in pieces of any size.
class SnapshotReader {
 public:
  enum class Verdict { good, malformed, incomparable };

  virtual ~SnapshotReader();
  SnapshotReader(const SnapshotReader&) = delete;
  SnapshotReader& operator=(const SnapshotReader&) = delete;

  // Once not good, it stays so.
  Verdict push(const std::uint8_t* bytes, std::size_t length);

 protected:
  SnapshotReader(SnapshotKind kind, std::string model) : kind_(kind), model_(std::move(model)) {}
  // Whether all has come and all was good.
  bool whole() const { return verdict_ == Verdict::good && expected_ == Part::end; }
  // The bytes of a segment after its head; nothing when no segment can be so. Text is at most so many bytes as the part says.
  virtual std::optional<std::size_t> segment_bytes(std::size_t entries, std::size_t text) const = 0;
  // Takes a segment whose digest fits, without its head; false when it is malformed all the same.
  virtual bool take(const std::uint8_t* segment, std::size_t entries, std::size_t text) = 0;

 private:
  enum class Part { header, segment_head, segment, end };
  Verdict advance();
  Verdict take_header();
  Verdict take_segment();
  void expect(Part part, std::size_t length);

  SnapshotKind kind_;
  std::string model_;
  std::vector<std::uint8_t> part_;
  Part expected_ = Part::header;
  std::size_t needed_ = 0;  // 0 before the first byte
  std::uint64_t entries_ = 0, taken_ = 0;
  Verdict verdict_ = Verdict::good;
};

}  // namespace limen
