// SPDX-License-Identifier: Apache-2.0
// Settings: whether the entries of readings fit the keys that there are.
#pragma once

#include "settings/known_keys.hpp"
#include "settings/loading.hpp"
#include "settings/topic_book.hpp"

namespace p1meter::settings {

/// Tells the topics which readings have one of their own, and which have none, for they are never
/// published. Before the next.
///
/// Input     rules: of all documents
void free_topics(const std::vector<ReadingRule>& rules, const KnownKeys& known, TopicBook& topics);

/// Faults for keys and codes that nothing gives, for options that a reading cannot have, and for
/// topics that are taken; warnings for globs that match nothing.
///
/// Input     map: the readings section; loading.rules[i] is its i-th entry, without a pattern when
///           its name was refused
void check_readings(const YamlNode& map, const KnownKeys& known, TopicBook& topics,
                    Loading& loading);

}  // namespace p1meter::settings
