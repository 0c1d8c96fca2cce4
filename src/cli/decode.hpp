// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter decode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "adapters/replay/capture.hpp"
#include "cli/context.hpp"
#include "p1meter/values/cipher_key.hpp"

namespace p1meter::cli {

struct DecodeOptions {
  enum class Format : std::uint8_t { table, json, yaml, csv };
  std::string file{};  // "-" is standard input; empty: standard input if that is no terminal
  Format format{Format::table};
  bool meter_units{};
  bool explain{};  // each byte with what it is, in place of the table
  CaptureFormat input{CaptureFormat::automatic};
  std::optional<DecipherKeys> keys{};
  std::string layouts{};  // a file or a directory of DLMS list layouts; empty: the usual place
};

/// Prints the telegrams of a capture as they come; keeps no state and needs no configuration.
/// Returns   exit_ok: all ok or without checksum; exit_data: a bad telegram, or none found;
///           exit_no_input: cannot be read (on); exit_usage; exit_io: output failed
[[nodiscard]] int decode(const DecodeOptions& options);

void add_decode(CLI::App& app, Context& context);

}  // namespace p1meter::cli
