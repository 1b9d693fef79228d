#pragma once
#include <vector>
#include "gallery_kernels.h"
#include "gallery_sketch.h"

namespace limen {

// A sketch laid out as the scan wants its probe: the words of each minutia together.
struct SketchProbe {
  explicit SketchProbe(const GallerySketch& sketch);
  ScanProbe scan() const { return {words.data(), sketch.angle.data(), sketch.count}; }

  GallerySketch sketch;
  std::array<std::uint64_t, parameters::kGallerySketches * parameters::kSketchWords> words{};
};

// How far the best pairs of surroundings agree with one another about rotation, distance and direction; 0 for not at all.
float vote(const SketchProbe& probe, const GallerySketch& candidate);

// The same looked at more closely: twice as many pairs to choose from, and only those count that agree with the best supported
// one, one to one. Ten times as dear.
float revote(const SketchProbe& probe, const GallerySketch& candidate);

}  // namespace limen
