#include "prepared.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "angle.h"
#include "parameters.h"

namespace limen {

using namespace parameters;

namespace {

constexpr std::size_t kPlaceLanes = 32;
constexpr std::size_t kMostMinutiae = 255;  // as many as a record holds
constexpr std::int16_t kNowhere = 32767;

std::vector<std::uint8_t> angles_of(const std::vector<Minutia>& minutiae) {
  std::vector<std::uint8_t> out(minutiae.size());
  std::transform(minutiae.begin(), minutiae.end(), out.begin(),
                 [](const Minutia& minutia) { return static_cast<std::uint8_t>(std::lround(minutia.angle * (128 / kPi))); });
  return out;
}

void survey(Prepared& out) {
  for (int y = out.flow.top() + kOverlapStep / 2; y < out.flow.bottom(); y += kOverlapStep) {
    for (int x = out.flow.left() + kOverlapStep / 2; x < out.flow.right(); x += kOverlapStep) {
      const float fx = static_cast<float>(x), fy = static_cast<float>(y);
      const int turn = out.flow.at(fx, fy);
      if (turn < 0) continue;
      out.survey_x.push_back(fx);
      out.survey_y.push_back(fy);
      out.survey_turn.push_back(static_cast<std::int16_t>(turn));
    }
  }
}

Prepared prepare_with(const Template& features, const RidgeFlow& ridges) {
  const auto angles = angles_of(features.minutiae);
  const FlowSampler flow(ridges);
  Prepared out{features.minutiae, angles, {}, {}, {}, {}, {}, flow, Descriptors(features.minutiae, angles, flow), {}, {}, {}, features.flow.spacing == 0};
  const std::size_t count = out.minutiae.size(), padded = (count + kPlaceLanes - 1) / kPlaceLanes * kPlaceLanes;
  out.x.resize(count);
  out.y.resize(count);
  out.near_x.assign(padded, kNowhere);
  out.near_y.assign(padded, kNowhere);
  out.near_angle.assign(padded, 0);
  for (std::size_t i = 0; i < count; i++) {
    const Minutia& minutia = out.minutiae[i];
    out.x[i] = minutia.x;
    out.y[i] = minutia.y;
    const Place place = place_of(minutia.x, minutia.y, static_cast<float>(angles[i]));
    out.near_x[i] = place.x;
    out.near_y[i] = place.y;
    out.near_angle[i] = place.angle;
  }
  survey(out);
  return out;
}

}  // namespace

Place place_of(float x, float y, float angle) {
  const auto quarters = [](float px) { return static_cast<std::int16_t>(std::lrint(std::clamp(4 * px, -32000.0f, 32000.0f))); };
  return {quarters(x), quarters(y), static_cast<std::int16_t>(static_cast<std::uint16_t>(std::lrint(angle * 256) & 65535))};
}

Prepared prepare(const Template& features) {
  if (features.minutiae.size() > kMostMinutiae) {
    Template fewer = features;
    fewer.minutiae.resize(kMostMinutiae);
    return prepare(fewer);
  }
  if (features.flow.spacing > 0) return prepare_with(features, features.flow);
  return prepare_with(features, guess_flow(features.minutiae, features.width, features.height));
}

bool comes_first(const Prepared& one, const Prepared& other) {
  if (one.minutiae.size() != other.minutiae.size()) return one.minutiae.size() < other.minutiae.size();
  return std::tie(one.near_x, one.near_y, one.angles, one.flow.cells().values) <
         std::tie(other.near_x, other.near_y, other.angles, other.flow.cells().values);
}

}  // namespace limen
