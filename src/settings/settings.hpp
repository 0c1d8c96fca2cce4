// SPDX-License-Identifier: Apache-2.0
// Settings: YAML to plain structs. Knows file, line and column of every value, not who uses them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "p1meter/decoding/list_layout.hpp"
#include "p1meter/limiting/policy.hpp"
#include "p1meter/links/link_machine.hpp"
#include "p1meter/mapping/obis_table.hpp"
#include "p1meter/mapping/transformer.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "p1meter/values/cipher_key.hpp"
#include "settings/templates.hpp"

namespace p1meter::settings {

// ---- where bytes come from
// --------------------------------------------------------------------------------------
/// auto: the one /dev/p1meter*, else the one serial port by-id
struct AutoSource {
  friend bool operator==(const AutoSource&, const AutoSource&) = default;
};
/// serial:/dev/ttyUSB0, or a bare /dev/... path
struct SerialSource {
  std::string device{};

  friend bool operator==(const SerialSource&, const SerialSource&) = default;
};
/// tcp://host:port
struct TcpSource {
  std::string host{};
  std::uint16_t port{};

  friend bool operator==(const TcpSource&, const TcpSource&) = default;
};
/// file:PATH; "-" is standard input
struct FileSource {
  std::string path{};

  friend bool operator==(const FileSource&, const FileSource&) = default;
};
/// simulator:fluvius
struct SimulatorSource {
  std::string profile{};

  friend bool operator==(const SimulatorSource&, const SimulatorSource&) = default;
};
using Source = std::variant<AutoSource, SerialSource, TcpSource, FileSource, SimulatorSource>;

/// Line settings; what is not set is probed.
struct SerialSettings {
  std::optional<std::uint32_t> baud{};
  std::optional<link::Parity> parity{};
  std::optional<std::uint8_t> data_bits{};
  std::optional<std::uint8_t> stop_bits{};

  friend bool operator==(const SerialSettings&, const SerialSettings&) = default;
};

/// What opens the telegrams of a meter that encrypts.
struct CipherSettings {
  std::optional<CipherKey> decryption_key{};      // from the key itself or its file
  std::optional<CipherKey> authentication_key{};  // likewise; none: Luxembourg's
  bool verify_tag{true};

  /// Nothing without a decryption key.
  [[nodiscard]] std::optional<DecipherKeys> keys() const {
    if (!decryption_key) return std::nullopt;
    return DecipherKeys{*decryption_key, authentication_key, verify_tag};
  }

  friend bool operator==(const CipherSettings&, const CipherSettings&) = default;
};

struct MeterSettings {
  std::string name{"home"};  // [a-z0-9_-]{1,32}
  Source source{AutoSource{}};
  SerialSettings serial{};
  CrcMode crc{CrcMode::automatic};
  CipherSettings cipher{};
  std::string profile{};  // whose dialect; empty: found by itself
  std::optional<Zone> zone{};
  Transformer transformer{};
  std::optional<Decimal> energy_scale{};  // DLMS: of energies whose power of ten nobody says
  bool publish_unscaled{};                // DLMS: other numbers of that kind
  std::size_t telegram_limit{default_frame_limit};  // bytes
  bool live{};                                      // simulator only: publish under the real topic
  std::string zone_name{};                          // zone as written, for showing it

  friend bool operator==(const MeterSettings&, const MeterSettings&) = default;
};

// ---- MQTT
// --------------------------------------------------------------------------------------------------------
enum class MqttVersion : std::uint8_t { automatic, v3_1_1, v5 };

struct BrokerAddress {
  std::string host{};
  std::uint16_t port{};  // 0: 1883, or 8883 with TLS

  friend bool operator==(const BrokerAddress&, const BrokerAddress&) = default;
};

struct TlsSettings {
  std::string ca{};           // file; empty: the system's
  std::string certificate{};  // client certificate file
  std::string key{};          // its private key file
  std::vector<std::string> alpn{};
  bool insecure{};  // neither chain nor host name is verified; shows in the statistics

  friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

struct TopicClass {
  bool enabled{true};
  int qos{};
  bool retain{};

  friend bool operator==(const TopicClass&, const TopicClass&) = default;
};

/// What others may ask of us on <base_topic>/set/<command>.
enum class RemoteCommand : std::uint8_t { publish, interval, reload, restart };

[[nodiscard]] std::optional<RemoteCommand> parse_command_name(std::string_view name) noexcept;
/// Where each class publishes, and what it says.
struct TopicTemplates {
  TopicTemplates();  // those of a configuration that says nothing about them

  TextTemplate status{};
  TextTemplate meter_status{};
  TextTemplate state{};
  TextTemplate keys{};
  TextTemplate raw{};
  TextTemplate events{};
  TextTemplate statistics{};
  std::string online{"online"};
  std::string offline{"offline"};
  Payload state_payload{.form = Payload::Form::json};
  Payload keys_payload{};

  friend bool operator==(const TopicTemplates&, const TopicTemplates&) = default;
};

/// A message besides those of the classes.
struct MqttMessage {
  enum class On : std::uint8_t { state, statistics };
  On on{};
  milliseconds interval{60'000};  // statistics only
  TextTemplate topic{};
  Payload payload{.form = Payload::Form::json};
  int qos{};
  bool retain{};
  bool from_preset{};

  friend bool operator==(const MqttMessage&, const MqttMessage&) = default;
};

struct MqttSettings {
  std::vector<BrokerAddress> brokers{};  // tried in order; empty: no connection is ever opened
  std::string username{};
  std::string password{};  // from password or password_file
  MqttVersion version{MqttVersion::automatic};
  std::optional<TlsSettings> tls{};
  std::string base_topic{"p1meter"};
  std::string client_id{};  // empty: derived
  seconds keep_alive{60};
  TopicClass status{true, 1, true};
  TopicClass state{true, 0, true};
  TopicClass keys{true, 0, true};
  TopicClass raw{false, 0, false};
  TopicClass events{true, 1, false};
  TopicClass statistics{true, 0, true};
  TopicClass log{false, 0, false};
  bool remote_control{};           // listens to <base_topic>/set
  std::set<RemoteCommand> commands{// that are carried out; the others are refused
                                   RemoteCommand::publish, RemoteCommand::interval,
                                   RemoteCommand::reload, RemoteCommand::restart};
  TopicTemplates templates{};
  std::vector<MqttMessage> messages{};  // the user's, then those of presets

  friend bool operator==(const MqttSettings&, const MqttSettings&) = default;
};

// ---- Home Assistant
// --------------------------------------------------------------------------------------------------
/// How Home Assistant learns of the meters: one message for each device, one for each entity, or
/// not at all.
enum class Discovery : std::uint8_t { device, single, off };

struct HomeAssistantSettings {
  Discovery discovery{Discovery::device};
  std::string prefix{"homeassistant"};
  std::string birth_topic{"homeassistant/status"};  // empty: not listened to
  std::string birth_payload{"online"};

  friend bool operator==(const HomeAssistantSettings&, const HomeAssistantSettings&) = default;
};

// ---- Homie
// --------------------------------------------------------------------------------------------------
/// Which version of the Homie convention the meters follow, on connections of their own.
enum class HomieVersion : std::uint8_t { off, v4, v5 };

struct HomieSettings {
  HomieVersion version{HomieVersion::off};
  std::string domain{"homie"};  // first level of the topics

  friend bool operator==(const HomieSettings&, const HomieSettings&) = default;
};

// ---- rules for readings
// -------------------------------------------------------------------------------------------
/// One entry of `readings:`: what it matches and the options it sets. Options that are not set fall
/// through to the next less specific entry.
struct ReadingRule {
  enum class Match : std::uint8_t { fallback, glob, key, obis };
  Match match{};
  std::string pattern{};  // key, glob, or OBIS code as written; "default" for fallback
  std::optional<Obis> obis{};
  int line{};  // for ties: the later line wins
  bool built_in{};
  int preset{};  // 0: the user's; 1: of the preset that the user names; 2: of the preset that names
  std::optional<bool> publish{};
  std::optional<milliseconds> interval{};
  std::optional<milliseconds> refresh{};  // 0: off
  std::optional<bool> on_change{};
  std::optional<Deadband> deadband{};  // amount 0: none
  std::optional<Aggregate> aggregate{};
  std::optional<std::uint32_t> every{};
  std::optional<std::string> topic{};
  std::optional<Unit> unit{};
  std::optional<std::string> name{};
  std::optional<int> decimals{};  // at most
  std::optional<Payload> payload{};
  std::optional<int> qos{};
  std::optional<bool> retain{};
  std::map<std::string, std::string> fields{};  // further placeholders of payloads

  friend bool operator==(const ReadingRule&, const ReadingRule&) = default;
};

/// The three rules that hold where the user's say nothing.
[[nodiscard]] std::vector<ReadingRule> built_in_rules();

/// How one key is published where that differs from its class.
struct ReadingStyle {
  std::optional<int> decimals{};
  std::optional<Payload> payload{};
  std::optional<int> qos{};
  std::optional<bool> retain{};
  std::map<std::string, std::string> fields{};
};

/// Which rule holds for a key: option by option from the most specific entry that sets it; the
/// user's entries are all asked before a preset's, and these before the built-in ones.
///
/// Cost      looks at every rule: meant to be asked once per key and kept
class ReadingRules {
 public:
  /// The built-in rules only.
  ReadingRules();
  /// The user's rules in the order of the file; the built-in ones are added behind them.
  explicit ReadingRules(std::vector<ReadingRule> rules);
  /// Aggregates and deadbands that the key's kind cannot have are left out.
  [[nodiscard]] LimitPolicy policy(const KeyInfo& key) const;
  /// topic, unit and name overrides; empty optionals where nothing is set, or where the unit is of
  /// another family than the key's.
  [[nodiscard]] std::optional<std::string> topic(const KeyInfo& key) const;
  [[nodiscard]] std::optional<Unit> unit(const KeyInfo& key) const;
  [[nodiscard]] std::optional<std::string> name(const KeyInfo& key) const;
  [[nodiscard]] ReadingStyle style(const KeyInfo& key) const;
  /// False when style() is empty for every key.
  [[nodiscard]] bool any_style() const noexcept;
  /// True when some key has a topic of its own.
  [[nodiscard]] bool any_topic() const noexcept;
  /// The user's in the order of the file, the presets', then the built-in ones.
  [[nodiscard]] const std::vector<ReadingRule>& rules() const noexcept { return rules_; }

 private:
  std::vector<ReadingRule> rules_{};
};

/// Levels: debug, info, warning, error.
struct LogSettings {
  std::string level{"info"};
  std::string topic_level{"info"};  // of <base_topic>/log
  BrokerAddress udp{};              // who gets every line as a datagram; host empty: nobody
  std::string udp_level{"debug"};
};

struct Settings {
  std::string preset{};  // a shipped one's name, or the path of a file; empty: none
  std::vector<MeterSettings> meters{MeterSettings{}};
  MqttSettings mqtt{};
  HomeAssistantSettings home_assistant{};
  HomieSettings homie{};
  ReadingRules readings{};
  std::vector<ObisEntry> obis{};      // the user's own, most important first
  std::vector<ListLayout> layouts{};  // likewise
  std::string layouts_path{};         // where these are from; empty: the default directory
  LogSettings log{};
};

/// What a rule that meets this key says of it counts.
[[nodiscard]] bool meets(const ReadingRule& rule, const KeyInfo& key);

// ---- loading
// ------------------------------------------------------------------------------------------------------
/// One thing that is wrong with a configuration file.
struct Fault {
  std::string file{};
  int line{};             // from 1
  int column{};           // from 1
  std::string key{};      // path: "meters[0].serial.baud"
  std::string message{};  // what was found, what is expected, the nearest valid key
};
/// "file:line:column: key: message"
[[nodiscard]] std::string to_string(const Fault& fault);

struct Loaded {
  Settings settings{};
  std::vector<Fault> faults{};    // empty: settings may be used
  std::vector<Fault> warnings{};  // worth saying, harmless
  bool forbidden{};  // the file may not be read by this user: a matter of its owner and mode alone
};

/// What it means that systemd has passed no credentials and the configuration names one.
enum class Credentials : std::uint8_t {
  optional,  // a warning: who only looks at a configuration is not the service
  expected,  // a fault: who connects with it is nothing without them
};

/// Reads and checks a configuration file, the files it names (password, OBIS, layouts) included.
/// Never throws on any content.
[[nodiscard]] Loaded load_file(const std::filesystem::path& path,
                               Credentials credentials = Credentials::optional);
/// The same from text; `file` is the name used in faults and the base of relative paths.
[[nodiscard]] Loaded load_text(std::string_view yaml, const std::string& file);

/// The shipped OBIS table (config/obis.yaml, built in) behind the user's entries.
[[nodiscard]] ObisTable make_obis_table(const std::vector<ObisEntry>& user_entries = {});

/// The shipped layouts of DLMS lists (config/layouts, built in) behind the user's.
[[nodiscard]] ListLayouts make_list_layouts(const std::vector<ListLayout>& user_layouts = {});

}  // namespace p1meter::settings
