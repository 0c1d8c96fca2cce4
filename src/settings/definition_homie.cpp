// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of homie.
#include "settings/definition.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

HomieSettings& homie(const Cursor& at) { return at.settings->homie; }

std::string read_version(const Cursor& at, const Given& given) {
  homie(at).version = given.text == "4"   ? HomieVersion::v4
                      : given.text == "5" ? HomieVersion::v5
                                          : HomieVersion::off;
  return accepted();
}

std::string show_version(const Cursor& at) {
  switch (homie(at).version) {
    case HomieVersion::v4:
      return "4";
    case HomieVersion::v5:
      return "5";
    case HomieVersion::off:
      break;
  }
  return "\"off\"";
}

std::string read_domain(const Cursor& at, const Given& given) {
  constexpr const char* expected = "one level of a topic";
  if (given.text.find('/') != std::string_view::npos) return expected;
  if (auto wrong = check_topic(given.text); !wrong.empty()) return wrong;
  homie(at).domain = given.text;
  return accepted();
}

}  // namespace

std::vector<Key> homie_keys() {
  return {
      {.path = "homie.version",
       .type = choice("off|4|5"),
       .meaning = "Version of the convention: 4 for openHAB, 5 for programs that know it.",
       .example = "4",
       .read = read_version,
       .show = show_version},
      {.path = "homie.domain",
       .type = text("one level of a topic", 256, "^[^+#$/][^+#/]*$", 1),
       .meaning = "First level of the topics.",
       .example = "homie",
       .read = read_domain,
       .show = [](const Cursor& at) { return yaml_text(homie(at).domain); }},
  };
}

}  // namespace p1meter::settings
