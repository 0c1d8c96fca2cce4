// SPDX-License-Identifier: Apache-2.0
// Settings: who publishes to which topic.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "settings/fault_list.hpp"
#include "settings/known_keys.hpp"
#include "settings/sample_topics.hpp"

namespace p1meter::settings {

/// Finds readings that would share a topic with each other or with p1meter's own topics.
class TopicBook {
 public:
  /// Borrows both.
  TopicBook(const Settings& settings, const KnownKeys& known);

  /// Readings that have a topic of their own leave the one named by their key to others.
  void free(const std::vector<KnownKeys::Known>& readings);
  /// Keys that are never published have no topic, neither their own nor one that an entry names.
  void leave_out(std::set<std::string, std::less<>> keys);
  /// What an entry of readings asks for.
  struct Wish {
    std::string topic{};
    std::vector<KnownKeys::Known> readings{};  // that it may stand for
    std::string file{};
    Place place{};
    std::string path{};  // "readings.power_import.topic"
    int preset{};
  };
  /// Why a reading cannot have a topic.
  struct Refusal {
    std::string reason{};   // empty: it has it
    bool between_meters{};  // for this only: several meters would share it
  };
  /// Gives a reading a topic. An entry that a nearer one hides (the user's comes first) takes
  /// nothing.
  [[nodiscard]] Refusal take(Wish wish);

  /// Whose a topic is, all of them being known.
  struct Holder {
    std::string key{};
    const Wish* wish{};  // none: it is the key's own
  };
  [[nodiscard]] std::optional<Holder> holder_of(std::string_view path) const;

 private:
  [[nodiscard]] std::string path_of(std::string_view topic, const std::string& key) const;
  [[nodiscard]] bool hidden(const std::vector<KnownKeys::Known>& readings, int preset) const;
  [[nodiscard]] bool shared_by_meters(std::string_view topic) const;
  [[nodiscard]] std::string whose(std::string_view path) const;
  [[nodiscard]] std::optional<Holder> holder_of_value(std::string_view path) const;
  [[nodiscard]] std::optional<Holder> holder_at_first_meter(std::string_view path) const;

  const Settings& settings_;
  const KnownKeys& known_;
  FixedTopics fixed_;
  std::set<std::string, std::less<>> own_{};                  // p1meter's
  std::set<std::string, std::less<>> freed_{};                // keys
  std::set<std::string, std::less<>> unpublished_{};          // keys
  std::map<std::string, std::string, std::less<>> key_at_{};  // the topics that keys have by name
  std::map<std::string, Wish, std::less<>> taken_{};
};

}  // namespace p1meter::settings
