// SPDX-License-Identifier: Apache-2.0
// Settings: where each class publishes when nothing else is said.
#include "settings/settings.hpp"
#include "settings/template_text.hpp"

namespace p1meter::settings {
namespace {

TextTemplate built_in(std::string_view text) {
  return parse_template(text, TemplateScope::key_topic).value_or(TextTemplate{});
}

}  // namespace

TopicTemplates::TopicTemplates()
    : status{built_in("{base}/status")},
      meter_status{built_in("{base}/{meter}/status")},
      state{built_in("{base}/{meter}/state")},
      keys{built_in("{base}/{meter}/{topic}")},
      raw{built_in("{base}/{meter}/raw")},
      events{built_in("{base}/{meter}/events")},
      statistics{built_in("{base}/statistics")} {}

}  // namespace p1meter::settings
