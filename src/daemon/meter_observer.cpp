// SPDX-License-Identifier: Apache-2.0
// Daemon: what the statistics and the log say about one meter's telegrams.
#include "daemon/meter_observer.hpp"

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

std::string checksum_name(ChecksumRule rule) {
  switch (rule) {
    case ChecksumRule::arc:
      return "CRC-16/ARC";
    case ChecksumRule::x25:
      return "CRC-16/X-25";
    case ChecksumRule::none:
      break;
  }
  return "none";
}

/// What a problem means for the reader of the log.
std::string_view sentence_for(ProblemCode code) {
  switch (code) {
    case ProblemCode::zone_unknown:
      return "times of this meter have no zone and are published without one, set its 'zone'";
    case ProblemCode::time_implausible:
      return "a value's own time lies over a day ahead, publishing it with the time of receipt";
    case ProblemCode::value_held_back:
      return "a register without checksum makes an impossible step, holding it back until "
             "confirmed";
    default:
      return "part of a telegram was not understood, ignoring it";
  }
}

void log_problem(std::string_view meter, const Problem& problem) {
  const std::string name{problem_name(problem.code)};
  log::write_limited(std::string{meter} + "/" + name, log::Level::warning,
                     sentence_for(problem.code),
                     {{"meter", std::string{meter}},
                      {"problem", name},
                      {"obis", problem.obis ? to_string(*problem.obis) : std::string{}},
                      {"offset", std::to_string(problem.offset)},
                      {"text", std::string{problem.text}}});
}

}  // namespace

void MeterObserver::accept(const Delivery& delivery) {
  const std::string name{delivery.meter.name()};
  if (delivery.telegram != nullptr && delivery.mapped != nullptr) note_telegram(delivery);
  if (!delivery.availability_changed) return;
  if (delivery.meter.online()) {
    log::write(log::Level::info, "telegrams arrive", {{"meter", name}});
  } else {
    log::write(log::Level::warning, "no valid telegram any more, the meter is offline",
               {{"meter", name}});
  }
}

void MeterObserver::note_telegram(const Delivery& delivery) {
  const Telegram& telegram = *delivery.telegram;
  const bool same = detected_ && detected_->identification == telegram.identification &&
                    detected_->version == telegram.version &&
                    detected_->checksum == telegram.checksum &&
                    detected_->integrity == telegram.integrity &&
                    detected_->equipment_id == delivery.mapped->equipment_id;
  if (!same) {
    detected_ = Detected{.identification = std::string{telegram.identification},
                         .version = std::string{telegram.version},
                         .equipment_id = std::string{delivery.mapped->equipment_id},
                         .integrity = telegram.integrity,
                         .checksum = telegram.checksum};
    log::write_limited(std::string{delivery.meter.name()} + "/sends", log::Level::info,
                       "this meter sends",
                       {{"meter", std::string{delivery.meter.name()}},
                        {"identification", detected_->identification},
                        {"version", detected_->version},
                        {"checksum", checksum_name(detected_->checksum)}});
  }
  const auto& time = delivery.mapped->time;
  if (time && time->certainty != TimeCertainty::zone_unknown)
    clock_offset_ = time->instant - delivery.now.wall;
  note_problems(delivery);
}

void MeterObserver::note_problems(const Delivery& delivery) const {
  // Unset stamps are an everyday fact of empty M-Bus channels, not news.
  for (const auto problems :
       {std::span<const Problem>{delivery.telegram->problems}, delivery.mapped->problems}) {
    for (const Problem& problem : problems) {
      if (problem.code != ProblemCode::time_unset) log_problem(delivery.meter.name(), problem);
    }
  }
}

}  // namespace p1meter::daemon
