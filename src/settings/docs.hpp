// SPDX-License-Identifier: Apache-2.0
// Settings: everything that shows the definition to people and programs.
#pragma once

#include <string>

#include "settings/definition.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

/// config/p1meter.reference.yaml: every key with its default and what it means. Valid YAML that
/// equals an empty configuration; keys without a default are there as "#key: example", so that
/// taking the '#' away gives a key, while prose begins with "# ".
[[nodiscard]] std::string reference_yaml();

/// config/p1meter.schema.json (JSON Schema, draft 7, which editors understand best).
[[nodiscard]] std::string json_schema();

/// What holds where a key is not given, as YAML; empty when there is nothing to show.
[[nodiscard]] std::string default_of(const Key& key);

/// The reference part of docs/configuration.md.
[[nodiscard]] std::string reference_markdown();

/// The settings in force, for `p1meter show config`: valid YAML that gives the same settings when
/// it is loaded. Passwords are masked.
[[nodiscard]] std::string effective_yaml(const Settings& settings);

/// A document in which the part between the marks of the reference is replaced by a new one.
/// Output    empty when the document has no such marks
[[nodiscard]] std::string with_reference(const std::string& document);

}  // namespace p1meter::settings
