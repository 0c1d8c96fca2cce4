// SPDX-License-Identifier: Apache-2.0
// Settings: who publishes to which topic.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "settings/fault_list.hpp"
#include "settings/known_keys.hpp"

namespace p1meter::settings {

/// Finds readings that would share a topic with each other or with p1meter's own topics.
class TopicBook {
 public:
  TopicBook(const Settings& settings, const KnownKeys& known);

  /// Readings that have a topic of their own leave the one named by their key to others.
  void free(const std::vector<KnownKeys::Known>& readings);
  /// Gives a reading a topic. `readings`: what an entry may stand for.
  /// Output    empty, or why it cannot have it
  [[nodiscard]] std::string take(std::string_view topic,
                                 const std::vector<KnownKeys::Known>& readings, Place place);

 private:
  struct Taken {
    std::vector<KnownKeys::Known> readings{};
    Place place{};
  };
  [[nodiscard]] std::string full(std::string_view topic) const;

  std::string meter_topic_;  // "p1meter/home/"
  bool several_meters_{};
  const KnownKeys& known_;
  std::set<std::string, std::less<>> own_{};    // p1meter's
  std::set<std::string, std::less<>> freed_{};  // keys
  std::map<std::string, Taken, std::less<>> taken_{};
};

}  // namespace p1meter::settings
