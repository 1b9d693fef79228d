#pragma once
#include "grid.h"

namespace limen {

// Ridge orientation in double-angle form, a unit vector a block, and how much the gradients agree (0 to 1).
struct Orientation {
  Grid<float> cosine;
  Grid<float> sine;
  Grid<float> coherence;

  // The ridge's orientation in [0, pi) at a block; y points down.
  float angle(int column, int row) const;
  // The same at a pixel, between the centres of blocks.
  float angle_at(float x, float y) const;
  // Takes over the directions, not the coherence, of another measurement.
  void follow(const Orientation& other, const Mask& where);
};

Orientation orient(const Signal& image);

}  // namespace limen
