// SPDX-License-Identifier: Apache-2.0
// Tests: what the Homie convention 4.0.0 asks of a device, as a witness at the broker sees it come.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {

/// Judges all messages below one device, in the order in which they came: attributes complete and
/// well formed before `ready` or `alert`, nothing described while the device is ready, no value
/// that is not described.
class Homie4Judge {
 public:
  /// Sentences; none when all is well. `root`: "homie/p1meter-home".
  [[nodiscard]] static std::vector<std::string> faults(const std::vector<SeenMessage>& messages,
                                                       const std::string& root) {
    Homie4Judge judge;
    for (const SeenMessage& message : messages) {
      if (message.topic.starts_with(root + "/"))
        judge.take(message, message.topic.substr(root.size() + 1));
    }
    if (!judge.was_there_) judge.say(root + " was never ready");
    return judge.faults_;
  }

 private:
  void say(const std::string& fault) { faults_.push_back(fault); }

  void take(const SeenMessage& message, const std::string& topic) {
    if (!message.retained) say(topic + " is not retained");
    if (message.qos == 0) say(topic + " has QoS 0");
    if (topic == "$state") {
      take_state(message.payload);
      return;
    }
    if (topic.find('$') != std::string::npos && state_ != "init")
      say(topic + " comes while the state is '" + state_ + "'");
    if (message.payload.empty() && topic != "$extensions") {
      newest_.erase(topic);
      return;
    }
    newest_[topic] = message.payload;
    if (topic.find('$') == std::string::npos && is_there(state_)) judge_value(topic);
  }

  static bool is_there(const std::string& state) { return state == "ready" || state == "alert"; }

  void take_state(const std::string& state) {
    static const std::set<std::string> states{"init",     "ready", "disconnected",
                                              "sleeping", "lost",  "alert"};
    if (!states.contains(state)) say("$state is '" + state + "'");
    if (is_there(state) && !is_there(state_)) {
      if (state_ != "init") say("$state goes from '" + state_ + "' to '" + state + "'");
      judge_device();
      was_there_ = true;
    }
    state_ = state;
  }

  static bool is_id(std::string_view id) {
    return !id.empty() && id.front() != '-' && id.back() != '-' &&
           std::all_of(id.begin(), id.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
  }

  static std::vector<std::string> list(const std::string& text) {
    std::vector<std::string> items;
    std::size_t begin = 0;
    while (begin <= text.size()) {
      const auto end = std::min(text.find(',', begin), text.size());
      items.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return items;
  }

  const std::string* need(const std::string& topic) {
    const auto found = newest_.find(topic);
    if (found != newest_.end()) return &found->second;
    say(topic + " is missing");
    return nullptr;
  }

  void judge_device() {
    const auto* const version = need("$homie");
    if (version != nullptr && !version->starts_with("4.")) say("$homie is '" + *version + "'");
    need("$name");
    need("$extensions");
    properties_.clear();
    if (const auto* const nodes = need("$nodes")) {
      for (const std::string& node : list(*nodes)) judge_node(node);
    }
    for (const auto& [topic, payload] : newest_) {
      if (topic.find('$') == std::string::npos) judge_value(topic);
    }
  }

  void judge_node(const std::string& node) {
    if (!is_id(node)) say("'" + node + "' is no Homie id");
    need(node + "/$name");
    need(node + "/$type");
    const auto* const properties = need(node + "/$properties");
    if (properties == nullptr) return;
    for (const std::string& id : list(*properties)) {
      const std::string property = node + "/" + id;
      if (!is_id(id)) say("'" + id + "' is no Homie id");
      properties_.insert(property);
      need(property + "/$name");
      static const std::set<std::string> types{"integer", "float", "boolean",
                                               "string",  "enum",  "color"};
      const auto* const type = need(property + "/$datatype");
      if (type != nullptr && !types.contains(*type)) say(property + " has the type " + *type);
      const bool wants_format = type != nullptr && (*type == "enum" || *type == "color");
      if (wants_format) need(property + "/$format");
    }
  }

  void judge_value(const std::string& topic) {
    if (!properties_.contains(topic)) {
      say(topic + " is published, and not described");
      return;
    }
    const std::string& type = newest_[topic + "/$datatype"];
    const std::string& value = newest_[topic];
    const bool fraction = type == "float";
    if (type != "integer" && !fraction) return;
    const std::string digits = value.starts_with('-') ? value.substr(1) : value;
    const bool plain =
        !digits.empty() && digits.front() != '.' && digits.back() != '.' &&
        digits.find_first_not_of(fraction ? "0123456789." : "0123456789") == std::string::npos;
    if (!plain) say(topic + " is '" + value + "', which is no " + type);
  }

  std::map<std::string, std::string> newest_{};  // below the root
  std::set<std::string> properties_{};           // "node/property"
  std::string state_{};
  bool was_there_{};
  std::vector<std::string> faults_{};
};

}  // namespace p1meter::test
