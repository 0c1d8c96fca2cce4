// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter replay.
#include "cli/replay.hpp"

#include <memory>

#include "adapters/log/log.hpp"
#include "cli/exit_codes.hpp"

namespace p1meter::cli {
namespace {

/// "1", "10" or "max"; anything else is refused with a hint.
CLI::Validator speed_text() {
  return CLI::Validator{
      [](const std::string& text) -> std::string {
        const bool number = !text.empty() && text.size() <= 6 && text.front() != '0' &&
                            text.find_first_not_of("0123456789") == std::string::npos;
        return number || text == "max" ? "" : "'" + text + "' is neither a whole number nor max";
      },
      ""};
}

}  // namespace

int replay(const ReplayOptions& options) {
  auto settings = load_settings(options.configuration);
  if (!settings) return settings.error();
  log::open(log::Level::warning);
  return daemon::replay(options.configuration, std::move(*settings), options.replay);
}

void add_replay(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand(
      "replay", "Feed a capture through the configured pipeline, MQTT included");
  auto options = std::make_shared<ReplayOptions>();
  auto& replay_options = options->replay;
  command
      .add_option("file", replay_options.file,
                  "Capture: raw bytes, hex text (dumps and logs, too) or a record file; - is "
                  "standard input")
      ->required()
      ->type_name("FILE");
  command
      .add_option_function<std::string>(
          "--speed",
          [&replay_options](const std::string& text) {
            replay_options.speed =
                text == "max" ? std::nullopt
                              : std::optional<unsigned>{static_cast<unsigned>(std::stoul(text))};
          },
          "Times real time (1, 10, ...), or max")
      ->type_name("N|max")
      ->check(such_as({"max"}))
      ->check(speed_text());
  command.add_flag("--loop", replay_options.loop, "Begin again at the end, until interrupted");
  command.add_flag("--follow-time", replay_options.follow_time,
                   "Use the capture's times in place of now in everything published");
  command.add_flag(
      "--live", replay_options.live,
      "Publish under the real topics, not <base_topic>-test; no daemon may be running");
  command
      .add_option("--meter", replay_options.meter,
                  "Whose settings to use; the first meter if not given")
      ->type_name("NAME");
  command.footer(
      "The clock of the rate limits is the capture's, at any speed: the record's receive times,\n"
      "else the telegrams' times, else 10 s from telegram to telegram.\n"
      "Exit status: 0 all published, or stopped by a signal, 65 no telegram found or all refused,\n"
      "66 the capture cannot be read, 69 the broker does not answer, 75 a daemon is running\n"
      "(--live), 78 the configuration is bad.");
  on_chosen_with_configuration(command, context, std::move(options), &replay);
}

}  // namespace p1meter::cli
