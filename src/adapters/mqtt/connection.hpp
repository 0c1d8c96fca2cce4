// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one connection as the publisher's thread sees it: what may be sent, what came back.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt/exchange.hpp"
#include "adapters/mqtt/flow.hpp"
#include "adapters/mqtt/paho_session.hpp"

namespace p1meter::mqtt {

/// Threads   the publisher's, except for the events. What is said to be locked wants the exchange's
/// mutex held.
class Connection final : private SessionEvents {
 public:
  Connection(Exchange& exchange, SessionOptions options);

  /// Connects and waits for the result, for a stop, or for an end of patience.
  enum class Result : std::uint8_t { connected, failed, stopped };
  [[nodiscard]] Result connect(milliseconds patience);
  [[nodiscard]] const ConnectFailure& failure() const noexcept { return failure_; }

  /// Messages that may leave now, in order, into `out`. Locked.
  void take(std::vector<Message>& out, bool ignore_silence);
  /// Hands them to Paho. Unlocked.
  void send(std::vector<Message>& messages);
  /// Asks the broker for a sign of life when that is due. Unlocked.
  void ask_for_life(const std::string& topic);
  void subscribe(const std::string& topic) { static_cast<void>(session_.subscribe(topic)); }

  /// What has come back since: acknowledged messages free their place. Locked.
  struct News {
    struct Received {
      std::string topic{};
      std::string payload{};
      bool retained{};  // kept by the broker from before
    };
    std::vector<std::string> refused{};       // "topic: reason"
    std::vector<std::string> unsubscribed{};  // likewise: filters that the broker refuses
    std::vector<Received> received{};         // of the subscriptions
    std::vector<TakenBack> taken_back{};      // the broker is not named

    [[nodiscard]] bool empty() const noexcept {
      return refused.empty() && unsubscribed.empty() && received.empty() && taken_back.empty();
    }
  };
  [[nodiscard]] News collect();

  // Locked.
  [[nodiscard]] const std::optional<std::string>& lost() const noexcept { return lost_; }
  /// Owes an answer for too long, as of the last take().
  [[nodiscard]] bool silent() const noexcept { return silent_; }
  [[nodiscard]] const BrokerLimits& limits() const noexcept { return limits_; }
  [[nodiscard]] bool has_answered() const noexcept { return has_answered_; }
  [[nodiscard]] bool nothing_on_its_way() const noexcept;
  [[nodiscard]] bool may_send(const Message& message) const noexcept;
  /// Asks for a wake when messages have gone to the socket; look again after asking.
  void want_room() noexcept;
  /// What was on its way to a broker that is gone goes back into the mailbox; what had come back
  /// before is told. Locked.
  [[nodiscard]] News salvage();

  /// Says goodbye and waits for it, until the deadline. Unlocked.
  void disconnect(Clock::time_point deadline);

 private:
  void connect_ended(bool success) override;
  void lost(std::string reason) override;
  void written(std::size_t bytes) override;
  void acknowledged(std::size_t ticket, bool arrived, int reason) override;
  void answered() override;
  void disconnected() override;
  void subscription_refused(std::string filter, int reason) override;
  void received(std::string topic, std::string payload, bool retained) override;

  void refuse_too_large(const Message& message);
  void give_back(std::size_t ticket, bool arrived, int reason, News& news);

  struct Acknowledgement {
    std::size_t ticket{};
    bool arrived{};
    int reason{};
  };

  Exchange& exchange_;
  ConnectFailure failure_{};

  // Guarded by the exchange's mutex.
  std::optional<bool> connect_result_{};
  std::optional<std::string> lost_{};
  bool goodbye_said_{};
  bool answered_{};      // since the last collect()
  bool has_answered_{};  // ever
  std::vector<Acknowledgement> acknowledgements_{};
  std::vector<News::Received> received_{};
  std::vector<std::string> too_large_{};  // "topic: ..."
  std::vector<TakenBack> taken_back_{};
  BrokerLimits limits_{};
  std::vector<std::string> unsubscribed_{};
  bool silent_{};
  AnswerCheck answers_{};
  AcknowledgeWindow unacknowledged_{AcknowledgeWindow::most};
  std::vector<std::size_t> tickets_{};  // of the messages that take() gave

  WriteWindow unwritten_{};
  static_assert(AcknowledgeWindow::most <= PahoSession::most_tickets);
  std::atomic<bool> room_wanted_{false};  // somebody waits for unwritten_ to open or empty

  PahoSession session_;  // last: no event after it is gone
};

}  // namespace p1meter::mqtt
