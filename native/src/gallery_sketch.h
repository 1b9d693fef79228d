#pragma once
#include <array>
#include <cstdint>
#include "parameters.h"
#include "template.h"

namespace limen {

// The surroundings of up to kGallerySketches minutiae of one finger, a bit string each, as the first stage of a search
// compares them. Derived from a template, never leaves the machine. Transposed: the first words of all, then the second.
struct alignas(64) GallerySketch {
  std::array<std::uint64_t, parameters::kGallerySketches * parameters::kSketchWords> words{};
  std::array<std::uint8_t, parameters::kGallerySketches> angle{};  // 256ths of a turn
  std::array<std::uint8_t, parameters::kGallerySketches> x{};      // in units from the leftmost
  std::array<std::uint8_t, parameters::kGallerySketches> y{};
  std::uint8_t count = 0;
  std::uint8_t unit = 1;      // pixels
  std::uint8_t position = 0;  // ISO/IEC 19794-2:2005 table 2; 0 is any
  std::uint8_t reserved[5]{};
};
static_assert(sizeof(GallerySketch) == 768);

// What asks and what is asked fill unknown bits otherwise, so that unknown agrees with anything half the time.
enum class SketchSide { gallery, probe };

GallerySketch sketch(const Template& features, SketchSide side);

}  // namespace limen
