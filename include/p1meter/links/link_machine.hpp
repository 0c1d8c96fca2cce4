// SPDX-License-Identifier: Apache-2.0
// Links: state machines of connections, without I/O. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "p1meter/values/time.hpp"

namespace p1meter::link {

enum class Parity : std::uint8_t { none, even, odd };

struct LineSettings {
  std::uint32_t baud{115200};
  std::uint8_t data_bits{8};
  Parity parity{Parity::none};
  std::uint8_t stop_bits{1};

  friend bool operator==(const LineSettings&, const LineSettings&) = default;
};
[[nodiscard]] std::string to_string(const LineSettings& line);  // "115200 8N1"

// What can happen to a byte source.
struct Started {};
struct Opened {};
struct OpenFailed {
  std::string reason;
};
struct Lost {
  std::string reason;
};                       // read error, end of file, closed by the peer
struct TelegramSeen {};  // a telegram that passed its checks came through this link
struct TimerFired {};    // the deadline of the last action has passed
struct StopRequested {};
using Event =
    std::variant<Started, Opened, OpenFailed, Lost, TelegramSeen, TimerFired, StopRequested>;

// What to do about it.
struct Open {
  LineSettings line;
};  // try to open; report Opened or OpenFailed
struct Read {
  std::optional<milliseconds> deadline;
};  // keep reading; TimerFired when nothing valid came in time
struct Wait {
  milliseconds delay;
};  // closed; TimerFired after delay
struct Finish {};
using Action = std::variant<Open, Read, Wait, Finish>;

/// What is worth a log line: once per change of state, never per attempt.
enum class Change : std::uint8_t { none, connected, lost, absent, probing, settled };

struct Step {
  Action action{};
  Change change{Change::none};
  std::string reason{};  // of lost and absent
};

struct LinkSettings {
  std::vector<LineSettings>
      probe{};                // tried in order; one entry: no probing. Empty for sockets and files
  milliseconds probe_time{};  // silence after which the next setting is tried
  milliseconds retry{500};    // between attempts to open: a device's return is noticed within 2 s
  std::optional<milliseconds>
      silence{};  // sockets: reopened after this long without a valid telegram
};

/// Opens, probes and reopens one byte source, for ever. Performs nothing itself: the adapter does
/// what the step says and reports what came of it.
class LinkMachine {
 public:
  explicit LinkMachine(LinkSettings settings);
  [[nodiscard]] Step resume(const Event& event);
  /// The offline limit follows the meter's period; takes effect with the next Read.
  void set_silence(milliseconds silence);
  /// The settings that the last good telegram came with (to be remembered), if any.
  [[nodiscard]] std::optional<LineSettings> settled() const;
};

}  // namespace p1meter::link
