// SPDX-License-Identifier: Apache-2.0
// Links: state machines of connections, without I/O. Includes values only.
#pragma once

#include <cstddef>
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
  std::string reason{};
  bool line_refused{};  // the device is there but cannot do these line settings
  bool busy{};          // another process has it
};
struct Lost {
  std::string reason{};
};                       // read error, end of file, closed by the peer
struct Ended {};         // the end of an input that is read once (a file)
struct TelegramSeen {};  // a telegram that passed its checks came through this link
struct TimerFired {
  bool bytes_came{};  // of a Read: bytes arrived since its deadline began, but no telegram
};                    // the deadline of the last action has passed
struct StopRequested {};
using Event =
    std::variant<Started, Opened, OpenFailed, Lost, Ended, TelegramSeen, TimerFired, StopRequested>;

// What to do about it.
struct Open {
  LineSettings line{};
};  // close what is open, try to open; report Opened or OpenFailed
struct Read {
  std::optional<milliseconds> deadline{};
};  // keep reading; TimerFired when no telegram came in time. Each Read starts its deadline anew
struct Wait {
  milliseconds delay{};
};                 // close; TimerFired after delay
struct Finish {};  // close, for good
using Action = std::variant<Open, Read, Wait, Finish>;

/// What is worth a log line: once per change of state, never per attempt.
///
/// connected   open and reading. Held back until the first telegram when the connection before
///             brought none or fell silent: a peer that accepts and hangs up is not news each time
/// lost        was open, is not any more; the attempts that follow are silent
/// absent      could not be opened, and was not open before
/// probing     the line settings brought nothing, others are tried; once until settled
/// settled     a telegram came; only where there was a choice of line settings
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
  milliseconds longest_retry{8000};  // of a device that another process has: 0.5, 1, 2, 4, 8 s
  std::optional<milliseconds>
      silence{};  // sockets: reopened after this long without a valid telegram
  bool once{};    // files: read to the end or the first error, never again
};

/// Opens, probes and reopens one byte source, for ever. Performs nothing itself: the adapter does
/// what the step says and reports what came of it.
///
/// Use       resume(Started{}) gives the first action; then resume(what came of it), and so on
/// until
///           Finish. Events that the running action cannot cause are answered with that action.
/// Probing   each setting gets probe_time. The one that brings a telegram is kept over losses of
/// the
///           device, and is given up only when three probe_times in a row bring bytes but no
///           telegram (another meter): mere silence never is a reason.
class LinkMachine {
 public:
  explicit LinkMachine(LinkSettings settings);
  [[nodiscard]] Step resume(const Event& event);
  /// The offline limit follows the meter's period; takes effect with the next Read.
  void set_silence(milliseconds silence);
  /// The settings that the last good telegram came with (to be remembered), if any.
  [[nodiscard]] std::optional<LineSettings> settled() const;

 private:
  enum class Phase : std::uint8_t { idle, opening, reading, waiting, finished };
  enum class Told : std::uint8_t { nothing, connected, down };  // what the last Change said

  [[nodiscard]] Step handle(const Started& event);
  [[nodiscard]] Step handle(const Opened& event);
  [[nodiscard]] Step handle(const OpenFailed& event);
  [[nodiscard]] Step handle(const Lost& event);
  [[nodiscard]] Step handle(const Ended& event);
  [[nodiscard]] Step handle(const TelegramSeen& event);
  [[nodiscard]] Step handle(const TimerFired& event);
  [[nodiscard]] Step handle(const StopRequested& event);

  [[nodiscard]] Step open();
  [[nodiscard]] Step read();
  [[nodiscard]] Step wait(milliseconds delay);
  [[nodiscard]] milliseconds pause_while_busy();
  [[nodiscard]] Step finish();
  [[nodiscard]] Step unchanged();
  [[nodiscard]] Step lose(std::string reason);
  [[nodiscard]] Step deadline_passed(bool bytes_came);
  [[nodiscard]] Step try_next_line();
  void next_line();
  [[nodiscard]] bool has_choice() const { return settings_.probe.size() > 1; }

  LinkSettings settings_;
  Phase phase_{Phase::idle};
  Told told_{Told::nothing};
  std::size_t line_{};          // of settings_.probe
  bool locked_{};               // line_ is settled
  milliseconds delay_{};        // of the wait under way
  milliseconds busy_retry_{};   // the next pause while another process has the device
  bool told_probing_{};         // since it was settled last
  bool telegram_since_open_{};  // this connection is worth its news
  bool hold_back_{};            // the next `connected` waits for a telegram
  int barren_windows_{};        // deadlines in a row with bytes and no telegram
  std::optional<LineSettings> settled_{};
};

}  // namespace p1meter::link
