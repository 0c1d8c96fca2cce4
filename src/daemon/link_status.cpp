// SPDX-License-Identifier: Apache-2.0
// Daemon: in a line what comes from a meter that sends no valid telegram.
#include "daemon/link_status.hpp"

#include "json/harmless.hpp"

namespace p1meter::daemon {
namespace {

/// Skipped bytes from which on a telegram would have been among them: most have fewer than 1000,
/// and one may be half over when reading begins.
constexpr std::uint64_t two_telegrams = 2000;

}  // namespace

std::string link_status(const LinkState& link, const MeterCounters& counters) {
  const FramingCounters& framing = counters.framing;
  std::string text = json::harmless(link.where);
  if (!link.open) text += " (closed" + (link.reason.empty() ? "" : ": " + link.reason) + ")";
  text += ": " + std::to_string(link.bytes) + " bytes received, " +
          std::to_string(framing.skipped_bytes) + " skipped, " +
          std::to_string(counters.telegrams) + " telegrams, " +
          std::to_string(counters.crc_errors) + " bad checksums";
  if (counters.undeciphered > 0) {
    text += ", " + std::to_string(counters.undeciphered) + " not deciphered";
  }
  const bool noise = framing.frames == 0 && framing.skipped_bytes >= two_telegrams;
  if (noise) text += "; no telegram is among them: wrong line settings, or inverted signal?";
  return text;
}

}  // namespace p1meter::daemon
