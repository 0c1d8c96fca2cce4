// SPDX-License-Identifier: Apache-2.0
// Settings: templates of topics and payloads, from YAML and back.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "settings/fault_list.hpp"
#include "settings/template_text.hpp"
#include "settings/templates.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// Reads templates from YAML; what is wrong becomes a fault at its own place.
class TemplateReader {
 public:
  TemplateReader(FaultList& faults, const TemplateNames& names) : faults_{faults}, names_{names} {}

  /// Output    nothing after a fault
  [[nodiscard]] std::optional<TextTemplate> topic(const YamlNode& node, const std::string& path,
                                                  TemplateScope scope);
  [[nodiscard]] std::optional<Payload> payload(const YamlNode& node, const std::string& path,
                                               TemplateScope scope);
  void add(const YamlNode& node, const std::string& path, std::string message) {
    faults_.add(node.place, path, std::move(message));
  }

 private:
  [[nodiscard]] std::optional<Payload> any_payload(const YamlNode& node, const std::string& path,
                                                   TemplateScope scope);
  [[nodiscard]] std::optional<TextTemplate> text(const YamlNode& node, const std::string& path,
                                                 TemplateScope scope);
  [[nodiscard]] std::optional<JsonTemplate> tree(const YamlNode& node, const std::string& path,
                                                 TemplateScope scope);

  FaultList& faults_;
  const TemplateNames& names_;
};

/// A payload as YAML that reads the same.
[[nodiscard]] std::string payload_yaml(const Payload& payload);

}  // namespace p1meter::settings
