// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: how much may be on its way to the broker. Sans I/O.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "adapters/mqtt/mailbox.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter::mqtt {

/// QoS 0 messages that Paho holds and the socket has not taken yet. Paho's own queue has no bound
/// in bytes, and looks through all of it for each message.
/// Threads   taken on ours, written on Paho's
class WriteWindow {
 public:
  [[nodiscard]] bool open() const noexcept {
    return messages_.load() < most_messages && bytes_.load() < most_bytes;
  }
  [[nodiscard]] bool empty() const noexcept { return messages_.load() == 0; }
  /// True when enough has gone out to be worth waking somebody for.
  [[nodiscard]] bool half_open() const noexcept {
    return messages_.load() <= most_messages / 2 && bytes_.load() <= most_bytes / 2;
  }
  void taken(std::size_t bytes) noexcept {
    ++messages_;
    bytes_ += bytes;
  }
  void written(std::size_t bytes) noexcept {
    bytes_ -= bytes;
    --messages_;
  }

 private:
  static constexpr std::size_t most_messages = 64;
  static constexpr std::size_t most_bytes = std::size_t{128} * 1024;

  std::atomic<std::size_t> messages_{0};
  std::atomic<std::size_t> bytes_{0};
};

/// QoS 1 messages that the broker has not acknowledged. At most 16: beyond the broker's receive
/// maximum (often 20) Paho C up to 1.3.13 stalls for seconds.
/// Threads   one
class AcknowledgeWindow {
 public:
  static constexpr std::size_t most = 16;

  explicit AcknowledgeWindow(std::size_t receive_maximum)
      : limit_{std::clamp<std::size_t>(receive_maximum, 1, most)} {}

  [[nodiscard]] bool open() const noexcept { return used_ < limit_; }
  [[nodiscard]] bool empty() const noexcept { return used_ == 0; }

  /// Keeps a copy until the broker has it. Only while open.
  [[nodiscard]] std::size_t take(const Message& message) {
    const auto free = std::find_if(slots_.begin(), slots_.end(),
                                   [](const auto& slot) { return !slot.has_value(); });
    *free = Slot{message, taken_++};
    ++used_;
    return static_cast<std::size_t>(free - slots_.begin());
  }
  /// The message that the ticket stood for.
  [[nodiscard]] std::optional<Message> give_back(std::size_t ticket) {
    auto slot = std::exchange(slots_.at(ticket), std::nullopt);
    if (!slot) return std::nullopt;
    --used_;
    return std::move(slot->message);
  }
  /// The one that was taken last.
  [[nodiscard]] std::optional<Message> give_newest_back() {
    const auto newest =
        std::max_element(slots_.begin(), slots_.end(), [](const auto& left, const auto& right) {
          return (left ? left->number + 1 : 0) < (right ? right->number + 1 : 0);
        });
    return give_back(static_cast<std::size_t>(newest - slots_.begin()));
  }

 private:
  struct Slot {
    Message message{};
    std::uint64_t number{};  // in the order of taking
  };

  std::array<std::optional<Slot>, most> slots_{};
  std::uint64_t taken_{};
  std::size_t used_{};
  std::size_t limit_;
};

/// Whether the broker still takes part. The kernel accepts QoS 0 messages for a broker that has
/// stopped, and would deliver all of them when it goes on; so now and then it is asked something,
/// and nothing more is sent while the answer is overdue.
class AnswerCheck {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// True when something was sent now that deserves a question.
  [[nodiscard]] bool due(Time now) const noexcept {
    return !asked_ && (!last_ || now - *last_ >= spacing);
  }
  void asked(Time now) noexcept { asked_ = last_ = now; }
  void answered() noexcept { asked_.reset(); }
  [[nodiscard]] bool overdue(Time now) const noexcept {
    return asked_ && now - *asked_ >= patience;
  }

  static constexpr milliseconds spacing{1000};
  static constexpr milliseconds patience{1000};

 private:
  std::optional<Time> asked_{};  // and not answered
  std::optional<Time> last_{};
};

}  // namespace p1meter::mqtt
