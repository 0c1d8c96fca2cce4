// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: keeps Home Assistant told of what there is, across changes and restarts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mqtt/discovery.hpp"
#include "adapters/mqtt/mailbox.hpp"

namespace p1meter::mqtt {

/// Announces devices when they come to be known, again when they change, and takes back what has
/// vanished, this run's and former ones'.
///
/// What was announced is remembered through the list of retained topics: the topics of discovery,
/// and "<topic>#<platform> <object>" for each component of a device's one message.
/// Threads   the read loop only
class Announcer {
 public:
  Announcer(const DiscoveryContext& context, bool enabled);

  /// What an earlier run left at this broker, before anything is announced there: entities that
  /// were announced in the other form are told that they move, so that they keep their history.
  void connected(const std::vector<std::string>& remembered);
  /// Everything of a meter that is known well enough, whether it is news or not.
  void announce(const MeterView& meter, const MeterTopics& topics, std::vector<Message>& out);
  void announce_program(std::vector<Message>& out);
  /// The program's entity for a newer version, from now on. One that an earlier run has announced
  /// at this broker stays anyhow: the version in apt comes to be known some time after a boot.
  void announce_update(std::vector<Message>& out);
  /// Looks whether a delivery shows something new, and announces that.
  void accept(const Delivery& delivery, const MeterTopics& topics, std::vector<Message>& out);
  /// Takes back what `topics` (of the form above) name and nobody announces any more. Gives those
  /// that are plain topics, to be cleared.
  [[nodiscard]] std::vector<std::string> take_back(const std::vector<std::string>& topics,
                                                   std::vector<Message>& out);
  /// A meter that is no longer configured: gives its topics, to be cleared.
  [[nodiscard]] std::vector<std::string> remove(std::string_view meter);
  /// A meter's keys may have other numbers from now on.
  void renumbered(std::string_view meter);
  void list_retained(std::vector<std::string>& topics) const;
  /// Grows with what list_retained() gives.
  [[nodiscard]] std::uint64_t grown() const noexcept { return grown_; }

  /// s; how long a meter's state is good for; 0: for good.
  [[nodiscard]] std::uint32_t expiry(const MeterView& meter);
  /// The same of one key's value. Registers and texts stay true.
  [[nodiscard]] std::uint32_t expiry(const MeterView& meter, KeyId key);

 private:
  struct Known {
    std::string id{};  // of the device; empty: not known yet
    std::string equipment_id{};
    std::map<std::string, ConfigMessage> announced{};  // by topic
    std::optional<std::uint32_t> expiry{};
    std::vector<std::uint32_t> key_expiries{};  // by KeyId; empty: to be looked at
    std::size_t keys{};
    std::size_t published{};  // of these
    std::uint32_t deliveries{};
    std::optional<milliseconds> first_seen{};  // without an equipment id
    bool nameless{};                           // it will not send one
  };

  [[nodiscard]] Known& known(const MeterView& meter);
  [[nodiscard]] bool identify(Known& known, const MeterView& meter);
  [[nodiscard]] bool taken(std::string_view id, const Known& by) const;
  [[nodiscard]] bool changed(Known& known, const MeterView& meter) const;
  void put(Known& known, const std::vector<DiscoveredDevice>& devices, bool only_news,
           std::vector<Message>& out);
  void put_one(Known& known, ConfigMessage message, bool only_news, std::vector<Message>& out);
  void put_without(const ConfigMessage& message, const std::vector<std::string>& removed,
                   std::vector<Message>& out) const;
  [[nodiscard]] const ConfigMessage* announced(const std::string& topic) const;
  void move(const std::vector<ConfigMessage>& messages, std::vector<Message>& out);
  void publish(Known& known, const MeterView& meter, const MeterTopics& topics, bool only_news,
               std::vector<Message>& out);

  DiscoveryContext context_;
  bool enabled_;
  std::map<std::string, Known, std::less<>> meters_{};
  Known program_{};
  std::uint64_t grown_{};
  std::set<std::string> former_{};  // topics of an earlier run that are not announced again yet
};

}  // namespace p1meter::mqtt
