#include "check.h"
#include "parameters.h"

using namespace limen;

// Any template that an extractor may give comes back from its record: to the pixel and to the step of an angle.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t length) {
  Choices choices(bytes, length);
  Template features;
  features.width = 1 + choices.below(2000);
  features.height = 1 + choices.below(2000);
  features.position = choices.below(11);
  features.quality = choices.below(101);
  if (choices.byte() & 1) {
    RidgeFlow flow;
    flow.spacing = parameters::kFlowSpacing;
    flow.column = choices.below(parameters::kMaxFlowSide / 2);
    flow.row = choices.below(parameters::kMaxFlowSide / 2);
    flow.levels = Grid<std::uint8_t>(1 + choices.below(parameters::kMaxFlowSide / 2), 1 + choices.below(parameters::kMaxFlowSide / 2));
    for (std::uint8_t& level : flow.levels.values) level = static_cast<std::uint8_t>(choices.byte() & parameters::kFlowLevels);
    features.flow = flow;
  }
  const int points = choices.byte();
  const auto angle = [&] { return static_cast<float>(choices.byte()) * 2 * parameters::kPi / 256; };
  const auto place = [&](int side) { return static_cast<float>(choices.below(side)); };
  for (int i = 0; i < (points & 3); i++) {
    Core core{place(features.width), place(features.height), {}};
    if (choices.byte() & 1) core.angle = angle();
    features.cores.push_back(core);
  }
  for (int i = 0; i < (points >> 2 & 3); i++) {
    Delta delta{place(features.width), place(features.height), {}};
    if (choices.byte() & 1) delta.angles = {angle(), angle(), angle()};
    features.deltas.push_back(delta);
  }
  while (choices.left() > 0 && features.minutiae.size() < 255) {
    Minutia minutia;
    minutia.kind = static_cast<Minutia::Kind>(choices.byte() % 3);
    minutia.x = static_cast<float>(choices.below(features.width));
    minutia.y = static_cast<float>(choices.below(features.height));
    minutia.angle = static_cast<float>(choices.byte()) * 2 * parameters::kPi / 256;
    minutia.quality = choices.byte() % 101;
    features.minutiae.push_back(minutia);
  }

  const auto written = write_record(features);
  const auto read = read_record(written.data(), written.size());
  must(read.has_value(), "a record of ours is read");
  must(read->width == features.width && read->height == features.height, "its size");
  must(read->position == features.position && read->quality == features.quality, "its finger");
  must(read->minutiae.size() == features.minutiae.size(), "its minutiae");
  for (std::size_t i = 0; i < features.minutiae.size(); i++) {
    const Minutia &one = read->minutiae[i], &other = features.minutiae[i];
    must(one.kind == other.kind && one.x == other.x && one.y == other.y && one.angle == other.angle, "a minutia");
    must(one.quality == other.quality, "its quality");
  }
  must(read->cores == features.cores && read->deltas == features.deltas, "its cores and deltas");
  must(read->flow.spacing == features.flow.spacing && read->flow.levels.values == features.flow.levels.values, "its ridge flow");
  must(write_record(*read) == written, "the bytes");
  return 0;
}
