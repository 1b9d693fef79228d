#include <array>
#include <optional>
#include <vector>

#include "wsq.h"
#include "wsq_coefficients.h"
#include "wsq_format.h"
#include "wsq_huffman.h"

namespace limen {

namespace {

constexpr std::size_t kTables = 8;

struct Stream {
  std::optional<Frame> frame;
  std::optional<Filters> filters;
  std::optional<Quantisation> quantisation;
  std::array<std::optional<HuffmanTable>, kTables> tables;
  int restart_interval = 0;
  int dpi = 0;
};

bool read_tables(Reader from, Stream& stream) {
  while (from.left() > 0) {
    const auto id = static_cast<std::size_t>(from.u8());
    auto table = read_huffman(from);
    if (id >= kTables || !table) return false;
    stream.tables[id] = std::move(table);
  }
  return true;
}

// One segment of tables or of a comment. What the coefficients are read by may not change once they have begun.
bool read_segment(int marker, Reader from, Stream& stream, bool begun) {
  switch (marker) {
    case wsq_marker::kFrame:
      if (stream.frame) return false;
      stream.frame = read_frame(from);
      return stream.frame.has_value();
    case wsq_marker::kTransform:
      stream.filters = read_filters(from);
      return !begun && stream.filters;
    case wsq_marker::kQuantisation:
      stream.quantisation = read_quantisation(from);
      return !begun && stream.quantisation;
    case wsq_marker::kHuffman: return from.left() > 0 && read_tables(from, stream);
    case wsq_marker::kRestartInterval:
      stream.restart_interval = from.u16();
      return !from.failed() && from.left() == 0;
    case wsq_marker::kComment:
      if (stream.dpi == 0) stream.dpi = read_dpi(from);
      return true;
    default: return false;
  }
}

// Any number of bytes of all ones may stand before a marker.
int read_marker(Reader& from) {
  if (from.u8() != 0xFF) return 0;
  int code = from.u8();
  while (code == 0xFF) code = from.u8();
  return from.failed() ? 0 : 0xFF00 | code;
}

std::uint8_t grey(float value) {
  if (!(value > 0)) return 0;  // nor what is not a number
  return value >= 255 ? 255 : static_cast<std::uint8_t>(value);
}

}  // namespace

std::optional<WsqImage> decode_wsq(const std::uint8_t* bytes, std::size_t length) {
  Reader from(bytes, length);
  Stream stream;
  std::optional<CoefficientPlane> plane;
  if (from.u16() != wsq_marker::kStartOfImage) return std::nullopt;
  for (;;) {
    const int marker = read_marker(from);
    if (marker == wsq_marker::kEndOfImage) break;
    const int size = from.u16();
    if (from.failed() || size < 2) return std::nullopt;
    Reader segment = from.part(static_cast<std::size_t>(size - 2));
    if (from.failed()) return std::nullopt;
    if (marker != wsq_marker::kBlock) {
      if (!read_segment(marker, segment, stream, plane.has_value())) return std::nullopt;
      continue;
    }
    const auto id = static_cast<std::size_t>(segment.u8());
    if (segment.failed() || segment.left() > 0 || id >= kTables || !stream.tables[id]) return std::nullopt;
    if (!stream.frame || !stream.filters || !stream.quantisation) return std::nullopt;
    if (!plane) plane.emplace(stream.frame->width, stream.frame->height, *stream.quantisation);
    if (!plane->read_block(from, *stream.tables[id], stream.restart_interval > 0)) return std::nullopt;
  }
  if (from.failed() || from.left() > 0 || !plane || !plane->complete()) return std::nullopt;

  const Frame& frame = *stream.frame;
  std::vector<float>& values = plane->values();
  synthesise(values.data(), frame.width, plane->tree(), *stream.filters);
  WsqImage image{frame.width, frame.height, stream.dpi, {}};
  image.pixels.resize(values.size());
  for (std::size_t i = 0; i < values.size(); i++) image.pixels[i] = grey(values[i] * frame.scale + frame.shift + 0.5f);
  return image;
}

}  // namespace limen
