#pragma once
#include <string>
#include "bits.h"
#include "grid.h"

namespace limen {

// What one step of the extraction saw: a value for every `step` pixels at 500 dpi each way.
struct Tap {
  std::string name;
  int width = 0;
  int height = 0;
  int step = 1;
  bool grey = false;          // values are grey levels, 0 to 255
  std::vector<float> values;  // row by row
};

// Keeps every step's picture, for diagnostics and documents.
class Taps {
 public:
  void take(const char* name, const Grey& image);
  void take(const char* name, const Signal& signal);  // as greys, ridges dark
  void take(const char* name, const Bits& bits);      // as greys, ridges dark
  void take_blocks(const char* name, const Grid<float>& field);
  void take_blocks(const char* name, const Mask& mask);  // as greys, white where set
  std::vector<Tap>& all() { return all_; }

 private:
  Tap& add(const char* name, int width, int height, int step, bool grey);
  std::vector<Tap> all_;
};

}  // namespace limen
