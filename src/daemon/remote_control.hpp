// SPDX-License-Identifier: Apache-2.0
// Daemon: carries out what is asked for on <base>/set, as far as the configuration allows it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/command.hpp"
#include "daemon/compose.hpp"

namespace p1meter::daemon {

/// At most ten commands in any second. Sans clock.
class CommandPace {
 public:
  static constexpr std::size_t most = 10;
  static constexpr milliseconds window{1000};

  /// False: too many already.
  [[nodiscard]] bool admit(milliseconds now) noexcept {
    if (used_ >= most && now - times_[used_ % most] < window) return false;
    times_[used_++ % most] = now;
    return true;
  }

 private:
  std::array<milliseconds, most> times_{};
  std::size_t used_{};
};

/// Answers every command but those that the broker has kept from before (a retained restart would
/// never end) and those that come too fast; whatever is not carried out is counted.
/// Threads   the read loop only
class RemoteControl {
 public:
  /// What only the daemon itself can do.
  struct Program {
    /// Takes the configuration over; calls `accepted` once it has none, before anything changes.
    /// Output    its faults
    std::function<std::vector<settings::Fault>(const std::function<void()>& accepted)> reload{};
    /// Faults as well: with them no restart would succeed. Else it begins when this has returned.
    std::function<std::vector<settings::Fault>(const std::function<void()>& accepted)> restart{};
  };

  RemoteControl(Parts& parts, Program program) : parts_{parts}, program_{std::move(program)} {}

  /// A message on <base>/set/... of this broker; it concerns the meters that publish there.
  void receive(Broker& broker, const mqtt::Received& message);

  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  using Outcome = std::optional<Refusal>;

  void refuse(Broker& broker, const std::string& name, const Refusal& refusal);
  void answer(Broker& broker, const Command& command, const std::string& name);
  /// Nothing: it is done, and answered.
  [[nodiscard]] Outcome carry_out(Broker& broker, const Command& command, const std::string& name);
  [[nodiscard]] Outcome publish(Broker& broker, const Command& command);
  [[nodiscard]] Outcome change_interval(Broker& broker, const Command& command);
  [[nodiscard]] Outcome with_faults(const Command& command,
                                    const std::vector<settings::Fault>& faults) const;
  /// The meters of this broker that the command is for; none when there is no such meter.
  [[nodiscard]] std::vector<MeterRunner*> meters(const Broker& broker,
                                                 const Command& command) const;

  Parts& parts_;
  Program program_;
  CommandPace pace_{};
  std::uint64_t refused_{};
};

}  // namespace p1meter::daemon
