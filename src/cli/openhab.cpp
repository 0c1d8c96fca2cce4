// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter openhab.
#include "cli/openhab.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "adapters/log/log.hpp"
#include "adapters/mqtt/topics.hpp"
#include "adapters/openhab/openhab.hpp"
#include "adapters/state/state_store.hpp"
#include "cli/exit_codes.hpp"
#include "daemon/compose.hpp"
#include "daemon/identity.hpp"
#include "daemon/shown_keys.hpp"
#include "json/harmless.hpp"
#include "settings/source_text.hpp"

namespace p1meter::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{15};

struct NamedFile {
  fs::path path{};
  std::string content{};
};

/// Why these settings give openHAB nothing to read; empty: they do.
std::string why_nothing(const settings::MqttSettings& mqtt) {
  if (mqtt.brokers.empty()) return "mqtt.host is not set, so nothing is published";
  if (!mqtt.keys.enabled) {
    return "mqtt.topics.keys is switched off, and openHAB reads one topic for each value";
  }
  return {};
}

/// From the state directory, else from the next telegram; nothing when none comes.
std::optional<daemon::ShownMeter> find_meter(const settings::Settings& settings,
                                             const settings::MeterSettings& meter) {
  std::string report;
  const auto stored = StateStore{state_directory()}.load(meter.name, report);
  if (!report.empty()) complain(report);
  if (stored && !stored->memory.keys.empty()) {
    return daemon::remembered_meter(settings, meter, stored->memory);
  }
  return daemon::first_telegram_of(settings, meter, patience);
}

settings::Payload::Form form_of(const settings::Settings& settings, const KeyInfo& key) {
  const auto own = settings.readings.style(key).payload;
  return own ? own->form : settings.mqtt.templates.keys_payload.form;
}

/// How many readings openHAB cannot have, by what stands in the way.
struct LeftOut {
  std::size_t not_plain{};
  std::size_t in_own_unit{};
  std::size_t without_id{};
  std::size_t unpublishable{};

  [[nodiscard]] bool any() const {
    return not_plain + in_own_unit + without_id + unpublishable > 0;
  }
};

std::string count_of(std::size_t count, std::string_view reason) {
  return std::to_string(count) + (count == 1 ? " reading is" : " readings are") +
         " left out: " + std::string{reason};
}

void tell(const std::string& meter, const LeftOut& left_out) {
  const std::pair<std::size_t, std::string_view> reasons[] = {
      {left_out.not_plain,
       "openHAB reads plain values only, and the payload (mqtt.topics.keys.payload, "
       "readings.*.payload) is none"},
      {left_out.in_own_unit,
       "the payload raw is in the meter's own unit, kW where ours is W, and openHAB must be told "
       "which"},
      {left_out.without_id,
       "the topic holds {equipment_id}, and the meter's is not known; let the service run until "
       "the meter has sent it"},
      {left_out.unpublishable, "the topic is one that MQTT forbids"}};
  for (const auto& [count, reason] : reasons) {
    if (count > 0) complain("meter " + meter + ": " + count_of(count, reason));
  }
}

openhab::Meter describe(const settings::Settings& settings, const settings::MeterSettings& meter,
                        const daemon::ShownMeter& shown, LeftOut& left_out) {
  using Form = settings::Payload::Form;
  const mqtt::BaseTopic base{
      .used = settings.mqtt.base_topic + (daemon::is_test(meter) ? "-test" : ""),
      .configured = settings.mqtt.base_topic};
  const mqtt::TopicSubject subject{.meter = meter.name, .equipment_id = shown.equipment_id};
  openhab::Meter described{.name = meter.name};
  if (settings.mqtt.status.enabled) {
    described.daemon_topic = *mqtt::daemon_topic(settings.mqtt.templates.status, base);
    const auto status = mqtt::fill_topic(settings.mqtt.templates.meter_status, base, subject);
    described.status_topic = status.value_or("");
  }
  for (const daemon::ShownKey& key : shown.keys) {
    const Form form = form_of(settings, key.info);
    const auto topic =
        mqtt::key_topic(settings.mqtt.templates.keys, base,
                        {.meter = meter.name, .equipment_id = shown.equipment_id, .key = &key.info},
                        settings.readings);
    if (form != Form::plain && form != Form::raw) {
      ++left_out.not_plain;
    } else if (form == Form::raw && key.info.unit != Unit::none) {
      ++left_out.in_own_unit;
    } else if (!topic) {
      ++left_out.without_id;
    } else if (!mqtt::publishable(*topic)) {
      ++left_out.unpublishable;
    } else {
      const bool has_time = key.has_time && form == Form::plain;
      described.scalars.push_back(
          {.key = key.info, .topic = *topic, .time_topic = has_time ? *topic + "_time" : ""});
    }
  }
  return described;
}

openhab::Broker broker_of(const settings::MqttSettings& mqtt) {
  const auto& first = mqtt.brokers.front();
  const std::uint16_t usual = mqtt.tls ? 8883 : 1883;
  return {.host = first.host,
          .port = first.port != 0 ? first.port : usual,
          .secure = mqtt.tls.has_value(),
          .username = mqtt.username};
}

std::array<NamedFile, 4> name_files(const fs::path& directory, openhab::Files files) {
  return {NamedFile{directory / "p1meter.things", std::move(files.things)},
          NamedFile{directory / "p1meter.items", std::move(files.items)},
          NamedFile{directory / "p1meter.sitemap", std::move(files.sitemap)},
          NamedFile{directory / "p1meter.yaml", std::move(files.yaml)}};
}

/// A file that somebody else wrote, or the user under our name.
bool is_anothers(const fs::path& path) {
  std::ifstream file{path};
  if (!file) return fs::exists(path);
  std::string first_line;
  std::getline(file, first_line);
  return !openhab::is_ours(first_line);
}

int write_all(const std::array<NamedFile, 4>& files, bool force) {
  for (const NamedFile& file : files) {
    if (force || !is_anothers(file.path)) continue;
    complain(file.path.string() +
             " was not written by this command and stays as it is; --force overwrites it");
    return exit_cannot_create;
  }
  for (const NamedFile& file : files) {
    std::ofstream out{file.path, std::ios::binary | std::ios::trunc};
    if (!out) {
      complain(file.path.string() + ": " + std::generic_category().message(errno));
      return exit_cannot_create;
    }
    out << file.content;
    out.close();
    if (!out) {
      complain(file.path.string() + ": " + std::generic_category().message(errno));
      return exit_io;
    }
  }
  for (const NamedFile& file : files)
    std::printf("%s\n", json::harmless(file.path.string()).c_str());
  return exit_ok;
}

}  // namespace

int openhab(const OpenhabOptions& options) {
  const auto settings = load_settings(options.configuration);
  if (!settings) return settings.error();
  if (const std::string why = why_nothing(settings->mqtt); !why.empty()) {
    complain(why);
    return exit_configuration;
  }
  const fs::path directory{options.directory};
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    complain(directory.string() + ": " + error.message());
    return exit_cannot_create;
  }
  log::open(log::Level::warning);
  openhab::Installation installation{.broker = broker_of(settings->mqtt),
                                     .online = settings->mqtt.templates.online,
                                     .offline = settings->mqtt.templates.offline};
  for (const auto& meter : settings->meters) {
    const auto shown = find_meter(*settings, meter);
    if (!shown) {
      complain("meter " + meter.name + ": nothing is remembered of it in " +
               state_directory().string() + ", and no telegram came from " +
               settings::to_string(meter.source) + " within 15 s");
      return exit_unavailable;
    }
    if (!shown->has_registers) {
      complain("meter " + meter.name +
               ": it has shown no energies or volumes yet, and some meters send them once an hour; "
               "run this command again when the service has run for an hour");
    }
    LeftOut left_out;
    installation.meters.push_back(describe(*settings, meter, *shown, left_out));
    tell(meter.name, left_out);
    if (installation.meters.back().scalars.empty()) {
      complain("meter " + meter.name + ": no reading is left for openHAB" +
               (left_out.any() ? "" : ": all have publish: false"));
      return exit_configuration;
    }
  }
  return write_all(name_files(directory, openhab::write_files(installation)), options.force);
}

void add_openhab(CLI::App& app, Context& context) {
  auto& command =
      *app.add_subcommand("openhab", "Write openHAB's Things, Items and sitemap for your meters");
  auto options = std::make_shared<OpenhabOptions>();
  command.add_option("--out", options->directory, "The folder to write to; made when missing")
      ->required()
      ->type_name("DIR");
  command.add_flag("--force", options->force, "Overwrite files that this command did not write");
  command.footer(
      "Writes p1meter.things, p1meter.items and p1meter.sitemap, and p1meter.yaml, which says the\n"
      "same as the first two in the form of openHAB 5: use one or the other.\n"
      "What a meter sends is remembered by the service; of a meter that it has not seen yet, the\n"
      "next telegram is awaited for 15 s. A meter that has shown no energies yet is named on "
      "standard\n"
      "error: let the service run for an hour, then run this again. Passwords are left out: add "
      "the broker's where it needs "
      "one.\n"
      "Exit status: 0 written, 69 no telegram came, 73 the files cannot be made, or are somebody "
      "else's,\n"
      "74 they cannot be written, 78 the configuration is bad or publishes nothing.");
  on_chosen_with_configuration(command, context, std::move(options), &openhab);
}

}  // namespace p1meter::cli
