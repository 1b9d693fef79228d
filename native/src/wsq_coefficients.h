#pragma once
#include <vector>
#include "wsq_format.h"
#include "wsq_huffman.h"
#include "wsq_tree.h"

namespace limen {

// The plane of wavelet coefficients as it fills: subband by subband, row by row, those of bin width 0 left out.
class CoefficientPlane {
 public:
  CoefficientPlane(int width, int height, const Quantisation& quantisation);

  // Reads the entropy-coded bytes of one block and leaves the reader at the marker that ends them; false when a code is
  // unknown, there are more coefficients than places, or a restart marker is where none may be.
  bool read_block(Reader& from, const HuffmanTable& table, bool restarts);

  bool complete() const { return band_ == kWsqCodedBands; }
  std::vector<float>& values() { return values_; }
  const WsqTree& tree() const { return tree_; }

 private:
  bool put(int value);
  bool pass(int zeros);
  void find_band();

  int width_;
  WsqTree tree_;
  Quantisation quantisation_;
  std::vector<float> values_;
  int band_ = 0, column_ = 0, row_ = 0;
};

}  // namespace limen
