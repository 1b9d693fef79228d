#include <cstring>
#include <vector>

#include "check.h"
#include "dispatch.h"
#include "extractor.h"

using namespace limen;

namespace {

constexpr int kHeader = 6, kRareLarge = 64;

// Mostly 32 to 96 pixels a side, so that there are many; now and then up to the largest, or one that may not be.
int side(int choice, bool large) { return large ? 4 * choice + 1 : 32 + choice % 65; }

}  // namespace

// Six bytes choose the size, the resolution, how many pixels a byte covers and the instruction set; the rest is the image,
// again and again until it is full. For half of them another instruction set has to give the same record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  if (length <= kHeader) return 0;
  const bool large = bytes[4] % kRareLarge == kRareLarge - 1;
  const int width = side(bytes[0], large), height = side(bytes[1], large), dpi = bytes[2] << 8 | bytes[3];
  const int zoom = 1 + bytes[4] % 8;
  const std::uint8_t* const image = bytes + kHeader;
  const std::size_t left = length - kHeader;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const int across = (width + zoom - 1) / zoom;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      pixels[static_cast<std::size_t>(y * width + x)] = image[static_cast<std::size_t>(y / zoom * across + x / zoom) % left];

  use_instruction_set(static_cast<InstructionSet>(bytes[5] % 3));
  const auto found = extract(pixels.data(), pixels.size(), width, height, dpi);
  must(!extract(pixels.data(), pixels.size() - 1, width, height, dpi), "pixels that do not fit are refused");
  if (!found) return 0;
  const auto record = write_record(found->features);
  const auto read = parse_record(record.data(), record.size());
  must(read.has_value(), "a record of ours is read");
  check_record(*read);
  must(found->quality.score >= 0 && found->quality.score <= 100, "quality is 0 to 100");
  if (bytes[5] / 3 % 4 > 1) return 0;
  use_instruction_set(static_cast<InstructionSet>((bytes[5] + 1 + bytes[5] / 3 % 2) % 3));
  const auto again = extract(pixels.data(), pixels.size(), width, height, dpi);
  must(again && write_record(again->features) == record, "every instruction set gives the same record");
  return 0;
}
