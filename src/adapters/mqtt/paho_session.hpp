// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one connection through Eclipse Paho. Its .cpp is the only file that includes Paho.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/mqtt/broker_limits.hpp"
#include "adapters/mqtt/connect_plan.hpp"
#include "adapters/mqtt/mailbox.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// What one connection reports. Called on Paho's threads, with Paho's locks held: take note and
/// return, never call the session.
class SessionEvents {
 public:
  SessionEvents() = default;
  SessionEvents(const SessionEvents&) = delete;
  SessionEvents& operator=(const SessionEvents&) = delete;
  SessionEvents(SessionEvents&&) = delete;
  SessionEvents& operator=(SessionEvents&&) = delete;
  virtual ~SessionEvents() = default;
  virtual void connect_ended(bool success) = 0;
  virtual void lost(std::string reason) = 0;
  /// A QoS 0 message has gone to the socket, or never will.
  virtual void written(std::size_t bytes) = 0;
  /// A QoS 1 or 2 message is with the broker; or was refused (reason >= 0x80), or lost (reason 0).
  virtual void acknowledged(std::size_t ticket, bool arrived, int reason) = 0;
  /// The answer to ask().
  virtual void answered() = 0;
  virtual void disconnected() = 0;
  /// The broker does not send us what we asked for; reason 0: it does not say why.
  virtual void subscription_refused(std::string filter, int reason) = 0;
  /// A message of a subscription; `retained`: kept by the broker from before.
  virtual void received(std::string topic, std::string payload, bool retained) = 0;
};

struct SessionOptions {
  std::string uri{};  // tcp://... or ssl://...
  std::string client_id{};
  ProtocolVersion version{ProtocolVersion::v5};
  std::string username{};
  std::string password{};
  seconds keep_alive{60};
  seconds connect_timeout{10};
  std::optional<settings::TlsSettings> tls{};
  std::optional<Message> will{};
};

/// Why a connection did not come about.
struct ConnectFailure {
  enum class Kind : std::uint8_t {
    unreachable,      // TCP or TLS did not come about
    timed_out,        // no CONNACK in time
    closed,           // by the broker, in answer to CONNECT
    version_refused,  // by CONNACK
    will_refused,     // by CONNACK: no message may be retained, or have this QoS
    refused           // by CONNACK, for another reason
  };
  Kind kind{Kind::unreachable};
  std::string text{};
};

/// One connection, from CONNECT to its end. Never used for a second one: what Paho still holds of
/// an old connection must not reach the next.
///
/// Threads   one; the events come on Paho's. None comes once the destructor has returned.
class PahoSession {
 public:
  /// `events` must outlive the session.
  PahoSession(SessionOptions options, SessionEvents& events);
  ~PahoSession();
  PahoSession(const PahoSession&) = delete;
  PahoSession& operator=(const PahoSession&) = delete;
  PahoSession(PahoSession&&) = delete;
  PahoSession& operator=(PahoSession&&) = delete;

  /// Starts connecting; connect_ended follows. Nothing: it has started; else what is wrong.
  [[nodiscard]] std::optional<std::string> connect();
  /// After connect_ended(false).
  [[nodiscard]] ConnectFailure failure() const;
  /// After connect_ended(true).
  [[nodiscard]] BrokerLimits limits() const;

  /// Tickets of messages that are acknowledged are below this.
  static constexpr std::size_t most_tickets = 16;
  enum class Taken : std::uint8_t { yes, disconnected, impossible };
  /// impossible: Paho will never take it (a topic that is no UTF-8).
  /// `ticket`: of a message that is acknowledged, below most_tickets; others have none.
  [[nodiscard]] Taken publish(Message message, std::size_t ticket);
  [[nodiscard]] bool subscribe(const std::string& topic);
  /// Something harmless that the broker must answer, in the order of what was sent before: an
  /// UNSUBSCRIBE. The only proof of life of a broker that takes QoS 0 messages.
  [[nodiscard]] bool ask(const std::string& topic);
  /// Says goodbye (no will); disconnected() follows.
  [[nodiscard]] bool disconnect(milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace p1meter::mqtt
