#include <algorithm>
#include <string>

#include "check.h"
#include "face_snapshot.h"
#include "gallery_search.h"
#include "gallery_snapshot.h"

// A snapshot of a gallery in pieces. Digests are not looked at here, so that what lies behind them is reached; what is taken
// can be searched, and is a snapshot again.
namespace {

template <class Reader>
auto taken(Reader& reader, Choices choices) {
  const auto piece = static_cast<std::size_t>(1 + choices.byte() * 8);
  const std::uint8_t* at = choices.at();
  for (std::size_t left = choices.left(); left > 0;) {
    const std::size_t now = std::min(piece, left);
    reader.push(at, now);
    at += now;
    left -= now;
  }
  return reader.finish();
}

template <class Reader, class State>
void check_again(Reader& reader, const State& state, const std::vector<std::uint8_t>& header) {
  reader.push(header.data(), header.size());
  for (const auto& segment : state) {
    const auto part = limen::snapshot_segment(*segment);
    must(reader.push(part.data(), part.size()) == limen::SnapshotReader::Verdict::good, "what was written is read");
  }
  must(reader.finish() != nullptr, "all of it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  const auto never = [] { return false; };
  const std::string model = "m/1";
  Choices choices(bytes, length);
  if (choices.byte() % 2 == 0) {
    const int values = 1 + choices.byte();
    limen::FaceSnapshotReader reader(values, model), again(values, model);
    const auto state = taken(reader, choices);
    if (!state) return 0;
    check_again(again, *state, limen::snapshot_header(*state, values, model));
    const auto probe = limen::face_bytes(std::vector<float>(static_cast<std::size_t>(values), 1.0F), values).value();
    must(limen::search_faces(*state, probe, 5, never).has_value(), "faces are searched");
  } else {
    limen::FingerSnapshotReader reader(model), again(model);
    const auto state = taken(reader, choices);
    if (!state) return 0;
    check_again(again, *state, limen::snapshot_header(*state, model));
    limen::Template probe;
    for (const auto& segment : *state) {
      std::size_t record = 0;
      const std::uint8_t* at = segment->record(0, record);
      probe = limen::read_record(at, record).value();
    }
    must(limen::search(*state, {{probe, 0}}, 5, never).has_value(), "fingers are searched");
  }
  return 0;
}
