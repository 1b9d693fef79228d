#pragma once
#include <vector>
#include "wsq_format.h"
#include "wsq_tree.h"

namespace limen {

// Bin widths for a plane of coefficients at a bit rate, by the variances of its subbands.
Quantisation choose_bins(const std::vector<float>& plane, int stride, const WsqTree& tree, float bit_rate);

// The whole numbers of the subbands from `first` up to `end`, those of bin width 0 left out.
std::vector<int> quantise(const std::vector<float>& plane, int stride, const WsqTree& tree, const Quantisation& quantisation,
                          std::size_t first, std::size_t end);

}  // namespace limen
