// SPDX-License-Identifier: Apache-2.0
// Replay adapter: captures to byte chunks.
#include "adapters/replay/capture.hpp"

#include <utility>

#include "adapters/replay/byte_reader.hpp"
#include "adapters/replay/formats.hpp"

namespace p1meter {

struct CaptureReader::Impl {
  Impl(std::istream& input, CaptureFormat wanted) : reader{input}, format{wanted} {}

  std::optional<CaptureChunk> next() {
    if (format == CaptureFormat::automatic) {
      auto detected = replay::detect_format(reader);
      format = detected.format;
      hex_fault = std::move(detected.hex_fault);
    }
    reader.take(
        taken);  // a raw chunk is the window itself: its bytes go when the next is asked for
    taken = 0;
    std::optional<CaptureChunk> chunk;
    switch (format) {
      case CaptureFormat::hex:
        chunk = hex.next(reader);
        error = hex.error();
        break;
      case CaptureFormat::record:
        chunk = record.next(reader);
        error = record.error();
        break;
      case CaptureFormat::raw:
      case CaptureFormat::automatic:
        chunk = next_raw();
        break;
    }
    if (reader.error()) error = reader.error();
    // Good bytes first, then what is wrong behind them.
    if (chunk) error.reset();
    return chunk;
  }

  std::optional<CaptureChunk> next_raw() {
    const auto bytes = reader.look();
    if (bytes.empty()) return std::nullopt;
    taken = bytes.size();
    return CaptureChunk{bytes, std::nullopt};
  }

  replay::ByteReader reader;
  CaptureFormat format;
  replay::HexText hex{};
  replay::RecordText record{};
  std::size_t taken{};
  std::optional<std::string> error{};
  std::optional<std::string> hex_fault{};
};

CaptureReader::CaptureReader(std::istream& input, CaptureFormat format)
    : impl_{std::make_unique<Impl>(input, format)} {}
CaptureReader::~CaptureReader() = default;

std::optional<CaptureChunk> CaptureReader::next() { return impl_->next(); }

const std::optional<std::string>& CaptureReader::error() const noexcept { return impl_->error; }

const std::optional<std::string>& CaptureReader::hex_fault() const noexcept {
  return impl_->hex_fault;
}

CaptureFormat CaptureReader::format() const noexcept { return impl_->format; }

}  // namespace p1meter
