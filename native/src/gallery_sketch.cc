#include "gallery_sketch.h"

#include <algorithm>
#include <cmath>

#include "gallery_kernels.h"
#include "ridge_flow.h"

namespace limen {

using namespace parameters;

namespace {

constexpr int kCosineOne = 1 << 14;

// Numbers that are the same in every build: what is stored must mean the same to every reader.
class Draw {
 public:
  double even() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  double normal() {
    const double length = std::sqrt(-2 * std::log(1 - even()));
    return length * std::cos(2 * static_cast<double>(kPi) * even());
  }

 private:
  std::uint64_t state_ = 88172645463325252u;
};

struct Basis {
  std::array<std::int16_t, kSketchNeighbourBits> across, along, turns, phase;
  std::array<std::array<int, 2>, kSketchSamples> places;
  std::array<std::int8_t, kSketchSamples * kSketchFlowBits> shares;
  std::array<int, 256> cosine;  // of 256ths of a turn

  Basis() {
    Draw draw;
    const double turn = 2 * static_cast<double>(kPi);
    const auto wave = [&](float sigma) { return draw.normal() / static_cast<double>(sigma); };  // radians a pixel
    const auto whole = [](double value) { return static_cast<std::int16_t>(std::lround(value)); };
    for (std::size_t i = 0; i < kSketchNeighbourBits; i++) {
      across[i] = whole(wave(kSketchPlaceSigma) / turn * 65536);
      along[i] = whole(wave(kSketchPlaceSigma) / turn * 65536);
      turns[i] = whole(draw.normal() / static_cast<double>(kSketchAngleSigma));
      phase[i] = whole(draw.even() * 65535 - 32768);
    }
    std::size_t at = 0;
    for (int ring = 0; ring < kSketchRings; ring++) {
      for (int i = 0; i < kSketchRingSamples[ring]; i++) {
        const double way = turn * (i + 0.5 * (ring & 1)) / kSketchRingSamples[ring];
        places[at++] = {whole(kSketchRingRadius[ring] * std::cos(way)), whole(kSketchRingRadius[ring] * std::sin(way))};
      }
    }
    for (std::size_t i = 0; i < kSketchFlowBits; i++) {
      const double x = wave(kSketchFlowSigma), y = wave(kSketchFlowSigma), start = draw.even() * turn;
      for (std::size_t n = 0; n < kSketchSamples; n++)
        shares[n * kSketchFlowBits + i] = static_cast<std::int8_t>(whole(127 * std::cos(x * places[n][0] + y * places[n][1] + start)));
    }
    for (std::size_t i = 0; i < 256; i++) cosine[i] = static_cast<int>(std::lround(kCosineOne * std::cos(turn * static_cast<double>(i) / 256)));
  }
};

const Basis& basis() {
  static const Basis all;
  return all;
}

struct Place {
  int x = 0, y = 0, angle = 0;  // pixels, 256ths of a turn
};

struct Turn {
  int cosine, sine;
  explicit Turn(int angle)
      : cosine(basis().cosine[static_cast<std::size_t>(angle & 255)]), sine(basis().cosine[static_cast<std::size_t>((angle - 64) & 255)]) {}
  int x(int dx, int dy) const { return (cosine * dx - sine * dy) / kCosineOne; }
  int y(int dx, int dy) const { return (sine * dx + cosine * dy) / kCosineOne; }
};

// The double-angle flow at any pixel, as whole numbers, nothing where it is not known.
class Flow {
 public:
  explicit Flow(const RidgeFlow& flow) : flow_(flow), vectors_(flow.levels.values.size()) {
    for (std::size_t i = 0; i < vectors_.size(); i++) {
      const int level = flow.levels.values[i];
      if (level == 0) continue;
      const Turn turn((2 * (level - 1) * 256 + kFlowLevels) / (2 * kFlowLevels));
      vectors_[i] = {turn.cosine / 128, turn.sine / 128};
    }
  }
  std::array<int, 2> at(int x, int y) const {
    const int spacing = flow_.spacing;
    const int fx = x - flow_.column * spacing - spacing / 2, fy = y - flow_.row * spacing - spacing / 2;
    const int column = fx < 0 ? -1 : fx / spacing, row = fy < 0 ? -1 : fy / spacing;
    const int wx = fx - column * spacing, wy = fy - row * spacing;
    if (wx < 0 || wy < 0) return {0, 0};
    std::array<int, 2> sum{0, 0};
    for (int j = 0; j < 2; j++) {
      for (int i = 0; i < 2; i++) {
        if (!flow_.levels.holds(column + i, row + j)) continue;
        const auto& vector = vectors_[static_cast<std::size_t>((row + j) * flow_.levels.width + column + i)];
        const int share = (i ? wx : spacing - wx) * (j ? wy : spacing - wy);
        sum[0] += share * vector[0];
        sum[1] += share * vector[1];
      }
    }
    return {sum[0] / (spacing * spacing), sum[1] / (spacing * spacing)};
  }

 private:
  const RidgeFlow& flow_;
  std::vector<std::array<int, 2>> vectors_;
};

struct Surroundings {
  std::array<std::uint64_t, kSketchWords> words{};
  int weight = 0;  // how much there is to compare
  bool enough = false;
};

void set_bit(Surroundings& of, int bit) { of.words[static_cast<std::size_t>(bit / 64)] |= std::uint64_t{1} << (bit % 64); }

void take_neighbours(Surroundings& into, const std::vector<Place>& places, std::size_t own) {
  std::array<std::int16_t, kSketchMaxNeighbours> x, y, angle, weight;
  const Place& centre = places[own];
  const Turn back(-centre.angle);
  std::size_t count = 0;
  for (std::size_t i = 0; i < places.size() && count < kSketchMaxNeighbours; i++) {
    if (i == own) continue;
    const int dx = places[i].x - centre.x, dy = places[i].y - centre.y, square = dx * dx + dy * dy;
    if (std::abs(dx) > kSketchReach || std::abs(dy) > kSketchReach || square >= kSketchReach * kSketchReach) continue;
    x[count] = static_cast<std::int16_t>(back.x(dx, dy));
    y[count] = static_cast<std::int16_t>(back.y(dx, dy));
    angle[count] = static_cast<std::int16_t>(static_cast<std::uint16_t>((places[i].angle - centre.angle) * 256));
    weight[count] = static_cast<std::int16_t>(8192 - 8192 * square / (kSketchReach * kSketchReach));
    into.weight += weight[count++];
  }
  into.enough = count >= kSketchMinNeighbours;
  std::array<std::int16_t, kSketchNeighbourBits> sums{};
  const Basis& all = basis();
  add_neighbours()({all.across.data(), all.along.data(), all.turns.data(), all.phase.data(), kSketchNeighbourBits},
                   {x.data(), y.data(), angle.data(), weight.data(), static_cast<int>(count)}, sums.data());
  for (int i = 0; i < kSketchNeighbourBits; i++)
    if (sums[static_cast<std::size_t>(i)] > 0) set_bit(into, i);
}

void take_flow(Surroundings& into, const Place& centre, const Flow& flow, SketchSide side) {
  std::array<std::int8_t, kSketchSamples> samples{};
  const Turn own(centre.angle), twice(2 * centre.angle);
  int known = 0;
  for (std::size_t n = 0; n < kSketchSamples; n++) {
    const auto [dx, dy] = basis().places[n];
    const auto [cosine, sine] = flow.at(centre.x + own.x(dx, dy), centre.y + own.y(dx, dy));
    known += cosine != 0 || sine != 0;
    samples[n] = static_cast<std::int8_t>(std::clamp((sine * twice.cosine - cosine * twice.sine) / kCosineOne, -127, 127));
  }
  std::array<std::int32_t, kSketchFlowBits> sums{};
  add_samples()(samples.data(), kSketchSamples, basis().shares.data(), kSketchFlowBits, sums.data());
  for (int i = 0; i < kSketchFlowBits; i++) {
    const bool filled = side == SketchSide::gallery ? i % 2 : i / 2 % 2;
    if (known < kSketchMinFlow ? filled : sums[static_cast<std::size_t>(i)] > 0) set_bit(into, kSketchNeighbourBits + i);
  }
  into.weight += known * 64;
}

std::vector<Place> places_of(const Template& features) {
  std::vector<Place> out;
  for (const Minutia& minutia : features.minutiae)
    out.push_back({static_cast<int>(std::lround(minutia.x)), static_cast<int>(std::lround(minutia.y)),
                   static_cast<int>(std::lround(minutia.angle / kPi * 128)) & 255});
  return out;
}

}  // namespace

GallerySketch sketch(const Template& features, SketchSide side) {
  const std::vector<Place> places = places_of(features);
  const bool known = features.flow.spacing > 0;
  const RidgeFlow ridges = known ? features.flow : guess_flow(features.minutiae, features.width, features.height);
  const Flow flow(ridges);
  std::vector<Surroundings> all(places.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < places.size(); i++) {
    take_neighbours(all[i], places, i);
    take_flow(all[i], places[i], flow, side);
    if (all[i].enough) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[a].weight > all[b].weight; });
  if (order.size() > kGallerySketches) order.resize(kGallerySketches);

  GallerySketch out;
  out.position = static_cast<std::uint8_t>(features.position);
  out.count = static_cast<std::uint8_t>(order.size());
  if (order.empty()) return out;
  int left = places[order[0]].x, top = places[order[0]].y, extent = 0;
  for (const std::size_t i : order) {
    left = std::min(left, places[i].x);
    top = std::min(top, places[i].y);
  }
  for (const std::size_t i : order) extent = std::max({extent, places[i].x - left, places[i].y - top});
  out.unit = static_cast<std::uint8_t>(std::clamp(extent / 255 + 1, 1, 255));
  for (std::size_t lane = 0; lane < order.size(); lane++) {
    const Place& place = places[order[lane]];
    for (std::size_t word = 0; word < kSketchWords; word++) out.words[word * kGallerySketches + lane] = all[order[lane]].words[word];
    out.angle[lane] = static_cast<std::uint8_t>(place.angle);
    out.x[lane] = static_cast<std::uint8_t>(std::min(255, (place.x - left) / out.unit));
    out.y[lane] = static_cast<std::uint8_t>(std::min(255, (place.y - top) / out.unit));
  }
  return out;
}

}  // namespace limen
