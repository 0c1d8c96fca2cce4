// SPDX-License-Identifier: Apache-2.0
// Settings: whether classes and messages have topics of their own.
#pragma once

#include <vector>

#include "settings/fault_list.hpp"
#include "settings/settings.hpp"
#include "settings/topic_book.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// One file of a configuration, and where its faults go. Borrows both.
struct TopicDocument {
  const YamlNode* root{};
  FaultList* faults{};
};

/// True when a file says something about the topics of classes or messages.
[[nodiscard]] bool names_topics(const TopicDocument& document);

/// Faults for classes and messages on topics of others: of another class or message, of p1meter's
/// commands, answers and log, of Home Assistant, or of a reading. A fault is where the user wrote
/// the later of the two, or in the file that is nearer to him.
///
/// Input     documents: the user's first; settings: what came of all
///           readings: none when nothing but its own topics can meet a reading's
void check_topics(const std::vector<TopicDocument>& documents, const Settings& settings,
                  const TopicBook* readings);

}  // namespace p1meter::settings
