// SPDX-License-Identifier: Apache-2.0
// Daemon: where a meter's bytes come from, and what the log says of that.
#include "daemon/meter_source.hpp"

#include <algorithm>
#include <variant>

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

using settings::MeterSettings;

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

std::optional<SourceTarget> make_target(const MeterSettings& settings,
                                        const std::optional<link::LineSettings>& settled) {
  using Target = std::optional<SourceTarget>;
  return std::visit(
      Overloaded{
          [&](const settings::AutoSource&) -> Target {
            return SerialTarget{{}, lines_to_probe(settings.serial, settled)};
          },
          [&](const settings::SerialSource& source) -> Target {
            return SerialTarget{source.device, lines_to_probe(settings.serial, settled)};
          },
          [](const settings::TcpSource& source) -> Target {
            return TcpTarget{source.host, source.port};
          },
          [](const settings::FileSource& source) -> Target { return StreamTarget{source.path}; },
          [](const settings::SimulatorSource&) -> Target { return std::nullopt; },
      },
      settings.source);
}

link::LinkSettings make_link_settings(const SourceTarget& target, milliseconds offline_limit) {
  link::LinkSettings link;
  if (const auto* serial = std::get_if<SerialTarget>(&target)) {
    link.probe = serial->probe;
    // DSMR 2 to 4 meters send every 10 s: two telegrams fit.
    link.probe_time = std::chrono::seconds{21};
  } else if (std::holds_alternative<TcpTarget>(target)) {
    link.silence = offline_limit;
  }
  return link;
}

void log_link_change(const std::string& meter, const link::Step& step, const std::string& where) {
  using link::Change;
  switch (step.change) {
    case Change::connected:
      log::write(log::Level::info, "reading", {{"meter", meter}, {"source", where}});
      break;
    case Change::lost:
      log::write(log::Level::warning, "source lost, trying to open it again",
                 {{"meter", meter}, {"source", where}, {"reason", step.reason}});
      break;
    case Change::absent:
      log::write(log::Level::warning, "source cannot be opened, trying again until it can",
                 {{"meter", meter}, {"source", where}, {"reason", step.reason}});
      break;
    case Change::probing:
      log::write(log::Level::info, "no telegram yet, trying other line settings",
                 {{"meter", meter}, {"source", where}});
      break;
    case Change::settled:
      log::write(log::Level::info, "line settings found", {{"meter", meter}, {"source", where}});
      break;
    case Change::none:
      break;
  }
}

std::vector<link::LineSettings> lines_to_probe(const settings::SerialSettings& serial,
                                               const std::optional<link::LineSettings>& settled) {
  using link::Parity;
  std::vector<link::LineSettings> usual{{115200, 8, Parity::none, 1}, {9600, 7, Parity::even, 1},
                                        {115200, 7, Parity::even, 1}, {115200, 8, Parity::even, 1},
                                        {9600, 8, Parity::none, 1},   {2400, 8, Parity::none, 1},
                                        {2400, 8, Parity::even, 1}};
  if (settled) usual.insert(usual.begin(), *settled);
  std::vector<link::LineSettings> lines;
  for (link::LineSettings line : usual) {
    line.baud = serial.baud.value_or(line.baud);
    line.parity = serial.parity.value_or(line.parity);
    line.data_bits = serial.data_bits.value_or(line.data_bits);
    line.stop_bits = serial.stop_bits.value_or(line.stop_bits);
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  }
  return lines;
}

}  // namespace p1meter::daemon
