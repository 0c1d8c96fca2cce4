// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one connection through Eclipse Paho. The only file that includes it.
#include "adapters/mqtt/paho_session.hpp"

#include <array>
#include <mqtt/async_client.h>
#include <utility>

#include "adapters/mqtt/reasons.hpp"

namespace p1meter::mqtt {
namespace {

/// Before the first client. OpenSSL starts by itself with the first TLS connection; if Paho started
/// it, every user would pay 1.7 MB of resident memory for it, with TLS or without.
///
/// Paho stops its threads when the last client goes, and polls for that every 100 ms while a new
/// client may be starting them. One client that never connects keeps them alive: connections come
/// and go without a race and without a wait. Paho's list of clients owns it.
void prepare_paho() {
  static const int prepared = [] {
    MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
    MQTTAsync_global_init(&options);
    MQTTAsync keeper = nullptr;
    return MQTTAsync_create(&keeper, "tcp://127.0.0.1:1", "p1meter-keeper",
                            MQTTCLIENT_PERSISTENCE_NONE, nullptr);
  }();
  static_cast<void>(prepared);
}

::mqtt::ssl_options make_tls(const settings::TlsSettings& tls) {
  ::mqtt::ssl_options options;
  if (!tls.ca.empty()) options.set_trust_store(tls.ca);
  if (!tls.certificate.empty()) options.set_key_store(tls.certificate);
  if (!tls.key.empty()) options.set_private_key(tls.key);
  if (!tls.alpn.empty()) options.set_alpn_protos(tls.alpn);
  options.set_enable_server_cert_auth(!tls.insecure);
  // Without this a certificate for any other host passes.
  options.set_verify(!tls.insecure);
  return options;
}

std::string text_of(const ::mqtt::exception& e) { return e.get_message(); }

}  // namespace

struct PahoSession::Impl final : ::mqtt::iaction_listener {
  Impl(SessionOptions given, SessionEvents& sink)
      : options{std::move(given)},
        events{sink},
        client{options.uri, options.client_id,
               ::mqtt::create_options{static_cast<int>(options.version)}} {
    fill(connect_options);
    listen();
  }

  // One object for the whole connection, always passed as it is: copies of Paho 1.2.0's options
  // point into the original.
  void fill(::mqtt::connect_options& connect) const {
    connect.set_mqtt_version(static_cast<int>(options.version));
    if (options.version == ProtocolVersion::v5) {
      connect.set_clean_start(true);  // the session ends with the connection: expiry 0 is default
    } else {
      connect.set_clean_session(true);
    }
    connect.set_keep_alive_interval(options.keep_alive);
    connect.set_connect_timeout(options.connect_timeout);
    connect.set_max_inflight(paho_window);
    if (!options.username.empty()) connect.set_user_name(options.username);
    if (!options.password.empty()) connect.set_password(options.password);
    if (options.tls) connect.set_ssl(make_tls(*options.tls));
    if (options.will) {
      connect.set_will(::mqtt::will_options{::mqtt::string_ref{*options.will->topic},
                                            options.will->payload, options.will->qos,
                                            options.will->retain});
    }
  }

  // All handlers before the connection: setting them later locks in another order than Paho does.
  void listen() {
    client.set_connection_lost_handler([this](const std::string& cause) {
      events.lost(cause.empty() ? "the broker closed the connection" : cause);
    });
    client.set_disconnected_handler([this](const ::mqtt::properties&, ::mqtt::ReasonCode reason) {
      events.lost(reason_text(static_cast<int>(reason)));
    });
    client.set_message_callback([this](const ::mqtt::const_message_ptr& message) {
      if (message)
        events.received(message->get_topic(), message->get_payload_str(), message->is_retained());
    });
  }

  // A publish that is acknowledged carries its ticket as the address of a tag.
  void on_success(const ::mqtt::token& token) override { ended(token, true); }
  void on_failure(const ::mqtt::token& token) override { ended(token, false); }

  void ended(const ::mqtt::token& token, bool success) {
    switch (token.get_type()) {
      case ::mqtt::token::CONNECT:
        events.connect_ended(success);
        break;
      case ::mqtt::token::DISCONNECT:
        events.disconnected();
        break;
      case ::mqtt::token::UNSUBSCRIBE:
        if (success || refusal(token) != 0) events.answered();
        break;
      case ::mqtt::token::SUBSCRIBE:
        subscribed(token, success);
        break;
      case ::mqtt::token::PUBLISH:
        published(token, success);
        break;
      default:
        break;
    }
  }

  /// The reason code by which the broker refused; 0: it did not. What is open when a connection
  /// ends fails as well, without one.
  static int refusal(const ::mqtt::token& token) {
    const int reason = static_cast<int>(token.get_reason_code());
    // Version 3.1.1 has no reason codes; Paho says 0xFF there.
    return reason >= first_refusal && reason <= last_refusal ? reason : 0;
  }

  void subscribed(const ::mqtt::token& token, bool success) {
    const int reason = refusal(token);
    // In version 3.1.1 the broker says no more than this.
    const bool refused = reason != 0 || (!success && token.get_return_code() == first_refusal);
    if (!refused) return;
    const auto topics = token.get_topics();
    events.subscription_refused(topics && !topics->empty() ? (*topics)[0] : std::string{}, reason);
  }

  // Nothing here throws: on Paho's thread nobody would catch it.
  void published(const ::mqtt::token& token, bool success) {
    const auto* const tag = static_cast<const char*>(token.get_user_context());
    if (tag == nullptr) {
      const auto* const delivery = dynamic_cast<const ::mqtt::delivery_token*>(&token);
      const auto message = delivery != nullptr ? delivery->get_message() : nullptr;
      events.written(message ? message->get_payload().size() : 0);
      return;
    }
    const auto number = static_cast<std::size_t>(tag - tags.data());
    const int reason = refusal(token);
    events.acknowledged(number, success && reason == 0, reason);
  }

  static constexpr int paho_window = 100;     // ours is smaller
  static constexpr int first_refusal = 0x80;  // reason codes below are successes
  static constexpr int last_refusal = 0xFE;

  std::array<char, most_tickets> tags{};
  SessionOptions options;
  SessionEvents& events;
  ::mqtt::connect_options connect_options{};
  ::mqtt::token_ptr connect_token{};
  ::mqtt::async_client client;  // last: ends first, and with it all callbacks
};

PahoSession::PahoSession(SessionOptions options, SessionEvents& events) {
  prepare_paho();
  impl_ = std::make_unique<Impl>(std::move(options), events);
}
PahoSession::~PahoSession() = default;

std::optional<std::string> PahoSession::connect() {
  try {
    impl_->connect_token = impl_->client.connect(impl_->connect_options, nullptr, *impl_);
    return std::nullopt;
  } catch (const ::mqtt::exception& e) {
    return text_of(e);
  }
}

ConnectFailure PahoSession::failure() const {
  using Kind = ConnectFailure::Kind;
  constexpr int retain_not_supported = 0x9A;
  constexpr int qos_not_supported = 0x9B;
  const auto& token = impl_->connect_token;
  std::string text;
  int code = token->get_return_code();
  try {
    token->try_wait();
  } catch (const ::mqtt::exception& e) {
    text = text_of(e);
    if (e.get_reason_code() > 0) code = e.get_reason_code();
  }
  if (code == retain_not_supported || code == qos_not_supported)
    return {Kind::will_refused, reason_text(code)};
  if (code > 0) {
    return {refuses_version(code) ? Kind::version_refused : Kind::refused, reason_text(code)};
  }
  // Paho's own words are the only sign of how far it came.
  if (text.find("completion") != std::string::npos ||
      text.find("socket error") != std::string::npos)
    return {Kind::closed, "the broker closed the connection instead of answering CONNECT"};
  if (text.find("timeout") != std::string::npos)
    return {Kind::timed_out, "the broker did not answer in time"};
  return {Kind::unreachable, text};
}

BrokerLimits PahoSession::limits() const {
  using ::mqtt::property;
  BrokerLimits limits;
  if (impl_->options.version != ProtocolVersion::v5) return limits;
  try {
    const auto said = impl_->connect_token->get_connect_response().get_properties();
    if (said.contains(property::RECEIVE_MAXIMUM))
      limits.receive_maximum = ::mqtt::get<std::uint16_t>(said, property::RECEIVE_MAXIMUM);
    if (said.contains(property::MAXIMUM_QOS))
      limits.qos = ::mqtt::get<std::uint8_t>(said, property::MAXIMUM_QOS);
    if (said.contains(property::RETAIN_AVAILABLE))
      limits.retain = ::mqtt::get<std::uint8_t>(said, property::RETAIN_AVAILABLE) != 0;
    if (said.contains(property::MAXIMUM_PACKET_SIZE))
      limits.packet = ::mqtt::get<std::uint32_t>(said, property::MAXIMUM_PACKET_SIZE);
  } catch (const std::exception&) {
    return limits;  // bad_cast, or a response that is gone: the connection goes on
  }
  return limits;
}

PahoSession::Taken PahoSession::publish(Message message, std::size_t ticket) {
  char* const tag = message.qos > 0 ? impl_->tags.data() + ticket : nullptr;
  try {
    ::mqtt::properties properties;
    if (message.expiry > 0 && impl_->options.version == ProtocolVersion::v5)
      properties.add(
          {::mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(message.expiry)});
    impl_->client.publish(::mqtt::message::create(::mqtt::string_ref{message.topic},
                                                  ::mqtt::binary_ref{std::move(message.payload)},
                                                  message.qos, message.retain, properties),
                          tag, *impl_);
    return Taken::yes;
  } catch (const ::mqtt::exception& e) {
    return e.get_return_code() == MQTTASYNC_BAD_UTF8_STRING ? Taken::impossible
                                                            : Taken::disconnected;
  }
}

bool PahoSession::subscribe(const std::string& topic) {
  try {
    impl_->client.subscribe(topic, 0, nullptr, *impl_);
    return true;
  } catch (const ::mqtt::exception&) {
    return false;
  }
}

bool PahoSession::ask(const std::string& topic) {
  try {
    impl_->client.unsubscribe(topic, nullptr, *impl_);
    return true;
  } catch (const ::mqtt::exception&) {
    return false;
  }
}

bool PahoSession::disconnect(milliseconds patience) {
  try {
    impl_->client.disconnect(static_cast<int>(patience.count()), nullptr, *impl_);
    return true;
  } catch (const ::mqtt::exception&) {
    return false;
  }
}

}  // namespace p1meter::mqtt
