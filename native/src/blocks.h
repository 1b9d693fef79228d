#pragma once
#include "grid.h"

namespace limen {

// How many blocks cover a length in pixels.
int blocks_across(int length);

// Gaussian smoothing of a block raster; the edge repeats. Sigma in blocks.
void smooth(Grid<float>& field, float sigma);

// The value at a pixel, bilinear between the centres of blocks.
class BlockSampler {
 public:
  explicit BlockSampler(const Grid<float>& field) : field_(field) {}
  // Fills one image row of the given width.
  void row(int y, int width, float* out) const;

 private:
  const Grid<float>& field_;
};

}  // namespace limen
