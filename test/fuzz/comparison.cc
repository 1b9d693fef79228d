#include <cmath>

#include "check.h"
#include "matcher.h"

// Two records, the length of the first ahead of them: whatever is read can be compared, and scores a number.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  Choices choices(bytes, length);
  const auto first = static_cast<std::size_t>(choices.below(65536));
  if (first > choices.left()) return 0;
  const auto probe = limen::read_record(choices.at(), first);
  const auto candidate = limen::read_record(choices.at() + first, choices.left() - first);
  if (!probe || !candidate) return 0;
  const float found = limen::score(limen::weigh(limen::prepare(*probe), limen::prepare(*candidate)));
  must(std::isfinite(found) && found >= 0, "a score is a number from 0");
  return 0;
}
