// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter simulate.
#include "cli/simulate.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/exit_codes.hpp"
#include "cli/outlet.hpp"
#include "cli/stop_signal.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"

namespace p1meter::cli {
namespace {

/// 2024-01-01 00:00 where the simulated meters stand: one hour east.
constexpr Instant first_of_2024 =
    std::chrono::sys_days{std::chrono::year{2024} / 1 / 1} - std::chrono::hours{1};

Instant start_of(const SimulateOptions& options) {
  if (options.start) return *options.start;
  if (!options.speed) return first_of_2024;
  return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

const SimulatorProfile* find_profile(std::string_view name) {
  const auto profiles = simulator_profiles();
  const auto found = std::ranges::find(profiles, name, &SimulatorProfile::name);
  return found == profiles.end() ? nullptr : &*found;
}

std::vector<std::string_view> profile_names() {
  std::vector<std::string_view> names;
  for (const auto& profile : simulator_profiles()) names.push_back(profile.name);
  return names;
}

int refuse_profile(const std::string& name) {
  complain("unknown profile '" + name + "'" +
           settings::did_you_mean(settings::nearest(name, profile_names())));
  complain("'p1meter show profiles' lists them");
  return exit_usage;
}

/// Sends one telegram after the other, each at its time.
Flow send_all(Simulator& simulator, Outlet& outlet, const SimulateOptions& options,
              const StopSignal& stop) {
  const bool paced = options.speed.has_value();
  const auto gap = std::chrono::nanoseconds{simulator.period()} /
                   static_cast<std::int64_t>(options.speed.value_or(1));
  const auto send = [&](auto& place) { return place.send(simulator.next(), paced, stop); };
  auto due = Clock::now();
  for (std::uint64_t sent = 0; !options.count || sent < *options.count; ++sent) {
    const auto wait = [&](auto& place) { return place.wait_until(due, stop); };
    if (paced && sent > 0) {
      due = std::max(due + gap, Clock::now());
      if (const Flow flow = std::visit(wait, outlet); flow != Flow::go_on) return flow;
    }
    if (const Flow flow = std::visit(send, outlet); flow != Flow::go_on) return flow;
  }
  return std::visit([&](auto& place) { return place.finish(stop); }, outlet);
}

Flow run(Outlet& outlet, const SimulateOptions& options) {
  const StopSignal stop;
  const auto wait = [&](auto& place) { return place.wait_for_reader(stop); };
  if (const Flow flow = std::visit(wait, outlet); flow != Flow::go_on) return flow;
  Simulator simulator{{.profile = options.profile,
                       .seed = options.seed,
                       .start = start_of(options),
                       .period = options.period,
                       .fault = options.fault}};
  return send_all(simulator, outlet, options, stop);
}

/// Nothing would ever end what fills the disk.
bool fills_the_disk(const SimulateOptions& options) {
  const bool file = !options.to.empty() && options.to != "-" && options.to != "pty" &&
                    !options.to.starts_with("tcp:") && !options.to.starts_with("serial:") &&
                    !options.to.starts_with("/dev/");
  return file && !options.speed && !options.count;
}

// ---- reading the command line
// --------------------------------------------------------------------
CLI::Validator reads_as(const char* what, bool (*reads)(const std::string&)) {
  return CLI::Validator{[what, reads](const std::string& given) -> std::string {
                          if (reads(given)) return {};
                          return "'" + given + "' is no " + what;
                        },
                        ""};
}

std::optional<std::uint64_t> parse_positive(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (error != std::errc{} || end != text.data() + text.size() || number == 0 || number > most) {
    return std::nullopt;
  }
  return number;
}

/// A date stands for its midnight where the simulated meters are.
std::optional<Instant> parse_start(const std::string& text) {
  constexpr std::size_t date_size = 10;
  return parse_instant(text.size() == date_size ? text + "T00:00:00+01:00" : text);
}

std::optional<milliseconds> parse_period(const std::string& text) {
  const auto period = settings::parse_duration(text);
  return period && period->count() > 0 ? period : std::nullopt;
}

std::vector<std::string_view> fault_names() {
  return {"none", "crc", "truncate", "noise", "no_crc", "power_failure", "gas_unset"};
}

void add_timing(CLI::App& command, const std::shared_ptr<SimulateOptions>& options) {
  command
      .add_option_function<std::string>(
          "--count", [options](const std::string& text) { options->count = parse_positive(text); },
          "End after so many telegrams")
      ->check(reads_as("number of telegrams (1 or more)",
                       [](const std::string& text) { return parse_positive(text).has_value(); }))
      ->type_name("N");
  command
      .add_option_function<std::string>(
          "--period", [options](const std::string& text) { options->period = parse_period(text); },
          "Time between telegrams instead of the profile's: 1s, 500ms, 10s")
      ->check(reads_as("time such as 10s or 500ms",
                       [](const std::string& text) { return parse_period(text).has_value(); }))
      ->type_name("TIME");
  command
      .add_option_function<std::string>(
          "--speed",
          [options](const std::string& text) {
            options->speed = text == "max" ? std::nullopt : parse_positive(text);
          },
          "Times real time, or max: as fast as it is read")
      ->check(such_as({"max"}))
      ->check(reads_as("speed: 1, 10, ... or max",
                       [](const std::string& text) {
                         return text == "max" || parse_positive(text).has_value();
                       }))
      ->type_name("N|max");
  command
      .add_option_function<std::string>(
          "--start",
          [options](const std::string& text) {
            if (text != "now") {
              options->start = parse_start(text);
            } else {
              options->start = std::chrono::floor<seconds>(std::chrono::system_clock::now());
            }
          },
          "The first telegram's time: now, 2024-10-27 or 2024-10-27T02:00:00+02:00\n"
          "(default: now; 2024-01-01 with --speed max)")
      ->check(such_as({"now"}))
      ->check(reads_as(
          "time: now, 2024-10-27 or 2024-10-27T02:00:00+02:00",
          [](const std::string& text) { return text == "now" || parse_start(text).has_value(); }))
      ->type_name("TIME");
}

}  // namespace

int simulate(const SimulateOptions& options) {
  const SimulatorProfile* profile = find_profile(options.profile);
  if (profile == nullptr) return refuse_profile(options.profile);
  if (const auto reason = why_refused(options.profile, options.fault); !reason.empty()) {
    complain("no fault of this kind for '" + options.profile + "': " + reason);
    return exit_usage;
  }
  if (fills_the_disk(options)) {
    complain("--speed max into a file needs --count");
    return exit_usage;
  }
  auto outlet = open_outlet(options.to, profile->line);
  if (!outlet) {
    complain(outlet.error().reason);
    return outlet.error().exit_code;
  }
  if (run(*outlet, options) != Flow::failed) return exit_ok;
  complain("output failed: " + std::generic_category().message(errno));
  return exit_io;
}

void add_simulate(CLI::App& app, Context& context) {
  auto options = std::make_shared<SimulateOptions>();
  auto& command = *app.add_subcommand("simulate", "Send valid telegrams of a simulated meter");
  command.add_option("PROFILE", options->profile, "The meter: 'p1meter show profiles' lists them")
      ->required()
      ->check(such_as(profile_names()))
      ->type_name("");
  command
      .add_option("--to", options->to,
                  "Where to: standard output (default), pty (its name is printed),\n"
                  "tcp://:PORT, serial:/dev/ttyUSB0, or a file")
      ->check(such_as({"pty"}))
      ->type_name("TARGET");
  add_timing(command, options);
  command.add_option("--seed", options->seed, "Another number gives another household (default 1)")
      ->type_name("N");
  command
      .add_option_function<std::string>(
          "--fault",
          [options](const std::string& name) {
            options->fault = parse_simulator_fault(name).value_or(SimulatorFault::none);
          },
          "Break about one telegram in ten:\ncrc, truncate, noise, no_crc, power_failure, "
          "gas_unset")
      ->check(one_of(fault_names()))
      ->type_name("NAME");
  command.footer(
      "Examples:\n"
      "  p1meter simulate dsmr5 --to pty\n"
      "  p1meter simulate fluvius --count 1000 --speed max --to capture.txt\n"
      "Encrypted meters have test keys, no secrets: 'p1meter show profiles' names them.\n"
      "Exit status: 0 all sent, stopped by a signal, or nobody reads any more,\n"
      "73 the target cannot be opened, 74 the output cannot be written.");
  on_chosen(command, context, std::move(options), &simulate);
}

}  // namespace p1meter::cli
