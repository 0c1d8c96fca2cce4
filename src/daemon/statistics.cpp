// SPDX-License-Identifier: Apache-2.0
// Daemon: what it says about itself.
#include "daemon/statistics.hpp"

#include <charconv>

#include "adapters/console/names.hpp"
#include "daemon/machine.hpp"
#include "daemon/turn.hpp"
#include "json/json_text.hpp"

namespace p1meter::daemon {
namespace {

Decimal in_seconds(milliseconds duration) { return {duration.count(), -3}; }

std::optional<Decimal> whole(const std::optional<std::uint64_t>& value) {
  return value ? std::optional{Decimal{static_cast<std::int64_t>(*value), 0}} : std::nullopt;
}

/// Writes the members of one JSON object; nested objects are opened and closed around them.
class ObjectWriter {
 public:
  void open(std::string_view name = {}) {
    if (!name.empty()) key(name);
    text_ += '{';
    first_ = true;
  }
  void close() {
    text_ += '}';
    first_ = false;
  }
  void add(std::string_view name, std::string_view value) {
    key(name);
    json::append_string(text_, value);
  }
  void add(std::string_view name, std::uint64_t value) {
    key(name);
    text_ += std::to_string(value);
  }
  void add(std::string_view name, bool value) {
    key(name);
    text_ += value ? "true" : "false";
  }
  void add(std::string_view name, const std::optional<Decimal>& value) {
    key(name);
    if (value) {
      json::append_number(text_, *value);
    } else {
      text_ += "null";
    }
  }
  void add(std::string_view name, const std::optional<Instant>& value) {
    if (value) {
      add(name, std::string_view{to_string(*value)});
    } else {
      key(name);
      text_ += "null";
    }
  }
  void add_list(std::string_view name, const std::vector<std::string>& values) {
    key(name);
    text_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text_ += ',';
      json::append_string(text_, values[i]);
    }
    text_ += ']';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void key(std::string_view name) {
    if (!first_) text_ += ',';
    first_ = false;
    json::append_string(text_, name);
    text_ += ':';
  }

  std::string text_{};
  bool first_{true};
};

std::string_view checksum_name(Link link, ChecksumRule rule) {
  if (link == Link::hdlc) return "fcs";
  if (link == Link::mbus) return "sum";
  switch (rule) {
    case ChecksumRule::arc:
      return "arc";
    case ChecksumRule::x25:
      return "x25";
    case ChecksumRule::none:
      break;
  }
  return "none";
}

void add_detected(ObjectWriter& json, const MeterRunner& meter) {
  json.open("detected");
  if (const auto line = meter.line()) json.add("line", std::string_view{link::to_string(*line)});
  if (const auto& detected = meter.observer().detected()) {
    json.add("identification", std::string_view{detected->identification});
    json.add("version", std::string_view{detected->version});
    json.add("profile", std::string_view{detected->profile});
    json.add("protocol", console::protocol_name(detected->protocol));
    json.add("link", console::link_name(detected->link));
    json.add("encrypted", detected->encrypted);
    json.add("checksum", checksum_name(detected->link, detected->checksum));
  }
  json.close();
}

/// null where nobody counts: no serial line, or a driver without counters.
void add_line_errors(ObjectWriter& json, const std::optional<LineErrors>& errors) {
  const auto add = [&](std::string_view name, std::uint64_t count) {
    json.add(name, errors ? whole(count) : std::nullopt);
  };
  const LineErrors known = errors.value_or(LineErrors{});
  json.open("line_errors");
  add("total", known.total());
  add("framing", known.framing);
  add("parity", known.parity);
  add("breaks", known.breaks);
  add("overruns", known.overruns);
  json.close();
}

std::vector<std::string> findings(const Broker& broker, const MeterRunner& meter) {
  std::vector<std::string> found;
  if (broker.base_topic_shared()) found.emplace_back("base_topic_shared");
  if (!meter.pipeline().online()) found.emplace_back("meter_offline");
  if (const auto fault = meter.pipeline().cipher_fault()) {
    found.emplace_back(problem_name(*fault));
  }
  return found;
}

void add_meter(ObjectWriter& json, const Broker& broker, const MeterRunner& meter) {
  const MeterPipeline& pipeline = meter.pipeline();
  const MeterCounters counters = pipeline.counters();
  json.open(pipeline.name());
  json.add("telegrams", counters.telegrams);
  json.add("crc_errors", counters.crc_errors);
  json.add("unchecked", counters.unchecked);
  json.add("held_back", counters.held_back);
  json.add("undeciphered", counters.undeciphered);
  json.add("counter_fell", counters.counter_fell);
  json.add("problems", counters.problems);
  json.add("unknown_objects", counters.unknown_objects);
  json.add("truncated", counters.framing.truncated);
  json.add("oversized", counters.framing.oversized);
  json.add("skipped_bytes", counters.framing.skipped_bytes);
  json.add("reopened", meter.reopened());
  add_line_errors(json, meter.line_errors());
  const milliseconds period = pipeline.memory().period;
  json.add("period", period.count() > 0 ? std::optional{in_seconds(period)} : std::nullopt);
  const auto last = pipeline.last_telegram();
  json.add("last", last ? std::optional{last->wall} : std::nullopt);
  add_detected(json, meter);
  const auto offset = meter.observer().clock_offset();
  json.add("clock_offset", offset ? std::optional{in_seconds(*offset)} : std::nullopt);
  json.add_list("findings", findings(broker, meter));
  json.close();
}

void add_mqtt(ObjectWriter& json, const mqtt::Statistics& statistics,
              const ProgramCounters& program) {
  json.open("mqtt");
  json.add("connected", statistics.connected);
  json.add("reconnects", statistics.reconnects);
  json.add("queue", statistics.queue);
  json.add("dropped", statistics.dropped);
  json.add("refused", statistics.refused);
  json.add("published", statistics.published);
  json.add("commands_refused", program.commands_refused);
  json.add("unread", statistics.unread);
  json.add("insecure", statistics.insecure);
  json.close();
  json.open("log");
  json.add("topic_dropped", program.log_topic_dropped);
  json.add("udp_dropped", program.log_udp_dropped);
  json.close();
}

Decimal count(std::uint64_t value) { return {static_cast<std::int64_t>(value), 0}; }

mqtt::FigureValue if_any(const std::optional<Decimal>& value) {
  return value ? mqtt::FigureValue{*value} : mqtt::FigureValue{};
}

std::uint64_t uptime(Moment started, Moment now) {
  return static_cast<std::uint64_t>((now.steady - started.steady).count() / 1000);
}

/// The last output of a key, as text.
std::string output_text(const MeterPipeline& pipeline, std::string_view key) {
  const auto id = pipeline.keys().find(key);
  const auto current = id ? pipeline.current(*id) : std::nullopt;
  const auto* text = current ? std::get_if<std::string_view>(&current->value) : nullptr;
  return text == nullptr ? std::string{} : std::string{*text};
}

mqtt::FigureMap meter_figures(const MeterRunner& meter) {
  const MeterPipeline& pipeline = meter.pipeline();
  const MeterCounters counters = pipeline.counters();
  mqtt::FigureMap figures;
  figures["telegrams"] = count(counters.telegrams);
  figures["crc_errors"] = count(counters.crc_errors);
  figures["equipment_id"] = output_text(pipeline, "equipment_id");
  const milliseconds period = pipeline.memory().period;
  if (period.count() > 0) figures["period"] = in_seconds(period);
  if (const auto& detected = meter.observer().detected()) {
    figures["identification"] = detected->identification;
    figures["meter_version"] = detected->version;
  }
  return figures;
}

}  // namespace

Moment start_by_todays_clock(Moment started, Moment now) {
  constexpr milliseconds correction = std::chrono::minutes{1};
  const milliseconds set_by = (now.wall - started.wall) - (now.steady - started.steady);
  if (std::chrono::abs(set_by) > correction) started.wall += set_by;
  return started;
}

mqtt::Figures statistics_figures(const Broker& broker,
                                 const std::vector<const MeterRunner*>& meters, Moment started,
                                 Moment now) {
  const mqtt::Statistics mqtt = broker.statistics();
  mqtt::Figures figures;
  figures.daemon["version"] = std::string{P1METER_VERSION};
  figures.daemon["client_id"] = broker.identity().client_id;
  figures.daemon["started"] = started.wall;
  figures.daemon["now"] = now.wall;
  figures.daemon["uptime"] = count(uptime(started, now));
  figures.daemon["rss"] = if_any(whole(resident_memory()));
  figures.daemon["memory_free"] = if_any(whole(available_memory()));
  figures.daemon["cpu_temperature"] = if_any(cpu_temperature());
  figures.daemon["hostname"] = host_name();
  figures.daemon["address"] = own_address();
  figures.daemon["published"] = count(mqtt.published);
  figures.daemon["reconnects"] = count(mqtt.reconnects);
  figures.daemon["dropped"] = count(mqtt.dropped);
  for (const MeterRunner* meter : meters) {
    figures.meters.emplace_back(meter->pipeline().name(), meter_figures(*meter));
  }
  return figures;
}

std::string statistics_json(const Broker& broker, const std::vector<const MeterRunner*>& meters,
                            const ProgramCounters& program, Moment started, Moment now) {
  ObjectWriter json;
  json.open();
  json.add("version", std::string_view{P1METER_VERSION});
  if (program.latest_version) json.add("latest_version", std::string_view{*program.latest_version});
  json.add("client_id", std::string_view{broker.identity().client_id});
  json.add("started", std::optional{started.wall});
  json.add("uptime", uptime(started, now));
  json.add("rss", whole(resident_memory()));
  json.add("memory_free", whole(available_memory()));
  json.add("cpu_temperature", cpu_temperature());
  json.add("longest_turn",
           std::optional{in_seconds(std::chrono::ceil<milliseconds>(Turn::longest()))});
  add_mqtt(json, broker.statistics(), program);
  json.open("state");
  json.add("saved", program.state_saved);
  json.add("failed", program.saves_failed);
  json.close();
  json.open("meters");
  for (const MeterRunner* meter : meters) add_meter(json, broker, *meter);
  json.close();
  json.close();
  return json.take();
}

}  // namespace p1meter::daemon
