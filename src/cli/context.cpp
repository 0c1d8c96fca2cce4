// SPDX-License-Identifier: Apache-2.0
// CLI: what the commands share while the command line is read.
#include "cli/context.hpp"

#include <cstdio>

#include "json/harmless.hpp"
#include "settings/nearest.hpp"

namespace p1meter::cli {
namespace {

void print_line(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

std::string joined(const std::vector<std::string_view>& words, std::string_view between) {
  std::string out;
  for (const auto word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

}  // namespace

Result<settings::Settings, ExitCode> load_settings(const daemon::Configuration& configuration) {
  settings::Loaded loaded = daemon::load(configuration);
  for (const auto& warning : loaded.warnings) print_line("warning: " + to_string(warning));
  for (const auto& fault : loaded.faults) print_line(to_string(fault));
  if (loaded.forbidden) return tl::unexpected(exit_forbidden);
  if (!loaded.faults.empty()) return tl::unexpected(exit_configuration);
  return std::move(loaded.settings);
}

CLI::Validator one_of(std::vector<std::string_view> words) {
  const std::string name = joined(words, "|");
  return CLI::Validator{[words = std::move(words)](const std::string& given) -> std::string {
                          for (const auto word : words) {
                            if (word == given) return {};
                          }
                          return "'" + given + "' is none of " + joined(words, ", ") +
                                 settings::did_you_mean(settings::nearest(given, words));
                        },
                        "", name};
}

CLI::Validator such_as(const std::vector<std::string_view>& words) {
  return CLI::Validator{[](const std::string& /*given*/) { return std::string{}; }, "",
                        joined(words, "|")};
}

void complain(std::string_view sentence) {
  std::fprintf(stderr, "p1meter: %s\n", json::harmless(sentence).c_str());
}

}  // namespace p1meter::cli
