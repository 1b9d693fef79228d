#pragma once
#include "grid.h"

namespace limen {

// How many blocks cover a length in pixels.
int blocks_across(int length);

// The sum of the columns of one block.
template <class T>
T block_sum(const T* columns, int left, int right) {
  T sum = 0;
  for (int x = left; x < right; x++) sum += columns[x];
  return sum;
}

// Gaussian smoothing of a block raster; the edge repeats. Sigma in blocks.
void smooth(Grid<float>& field, float sigma);

// The value at a pixel, bilinear between the centres of blocks.
class BlockSampler {
 public:
  // For an image of the given width.
  BlockSampler(const Grid<float>& field, int width) : field_(field), width_(width) {}
  // Fills one image row.
  void row(int y, float* out) const;

 private:
  const Grid<float>& field_;
  int width_;
};

}  // namespace limen
