#include "check.h"

// Records whose header is of ANSI INCITS 378-2004, and whatever else the bytes are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  const auto record = limen::parse_record(bytes, length);
  if (record) check_record(*record);
  return 0;
}
