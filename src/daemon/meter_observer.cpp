// SPDX-License-Identifier: Apache-2.0
// Daemon: what the statistics and the log say about one meter's telegrams.
#include "daemon/meter_observer.hpp"

#include "adapters/log/log.hpp"
#include "p1meter/mapping/meter_profile.hpp"
#include "settings/key_advice.hpp"

namespace p1meter::daemon {
namespace {

constexpr settings::KeyNames key_names{"'decryption_key'", "'authentication_key'"};

std::string checksum_name(Link link, ChecksumRule rule) {
  if (link == Link::hdlc) return "HDLC FCS";
  if (link == Link::mbus) return "M-Bus sum";
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

std::string_view link_name(Link link) {
  switch (link) {
    case Link::hdlc:
      return "HDLC";
    case Link::mbus:
      return "M-Bus";
    case Link::none:
      break;
  }
  return "none";
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

bool MeterObserver::learn(const Telegram& telegram, const MappedTelegram& mapped) {
  bool news = !detected_;
  Detected& known = detected_ ? *detected_ : detected_.emplace();
  const auto take = [&news](auto& fact, const auto& stated) {
    if (fact == stated) return;
    fact = stated;
    news = true;
  };
  const auto take_text = [&take](std::string& fact, std::string_view stated) {
    if (!stated.empty()) take(fact, stated);
  };
  take_text(known.identification, telegram.identification);
  take_text(known.version, telegram.version);
  const bool profile_known = mapped.profile != MeterProfile{}.name;
  if (profile_known || known.profile.empty()) take_text(known.profile, mapped.profile);
  take(known.protocol, telegram.protocol);
  take(known.link, telegram.link);
  take(known.encrypted, telegram.encrypted);
  take(known.checksum, telegram.checksum);
  // Not in the log's line: no news for it.
  if (!mapped.equipment_id.empty()) known.equipment_id = mapped.equipment_id;
  known.integrity = telegram.integrity;
  return news;
}

/// Whoever turns out to be another kind of meter is logged at once: lists that tell more come
/// seconds after those that tell less. What has many values is left out of the key, so that damaged
/// names do not fill the log.
void MeterObserver::log_detected(std::string_view meter) const {
  const std::string protocol = detected_->protocol == Protocol::dlms ? "DLMS" : "text";
  const std::string link{link_name(detected_->link)};
  const std::string encrypted = detected_->encrypted ? "yes" : "no";
  const std::string checksum = checksum_name(detected_->link, detected_->checksum);
  std::string key{meter};
  for (const std::string& fact :
       {std::string{"sends"}, detected_->profile, protocol, link, encrypted, checksum}) {
    key.append("/").append(fact);
  }
  if (!detected_->identification.empty()) key += "/named";
  log::write_limited(key, log::Level::info, "this meter sends",
                     {{"meter", std::string{meter}},
                      {"identification", detected_->identification},
                      {"version", detected_->version},
                      {"profile", detected_->profile},
                      {"protocol", protocol},
                      {"link", link},
                      {"encrypted", encrypted},
                      {"checksum", checksum}});
}

void MeterObserver::note_telegram(const Delivery& delivery) {
  const Telegram& telegram = *delivery.telegram;
  if (delivery.mapped->meter_changed) detected_.reset();
  if (learn(telegram, *delivery.mapped)) log_detected(delivery.meter.name());
  if (delivery.mapped->meter_changed) {
    log::write(
        log::Level::warning, "another meter is connected, its readings start afresh",
        {{"meter", std::string{delivery.meter.name()}}, {"equipment_id", detected_->equipment_id}});
  }
  const auto& time = delivery.mapped->time;
  if (time && time->certainty != TimeCertainty::zone_unknown)
    clock_offset_ = time->instant - delivery.now.wall;
  note_problems(delivery);
}

void MeterObserver::note_ciphering(const MeterPipeline& pipeline) {
  const std::string name{pipeline.name()};
  const auto fault = pipeline.cipher_fault();
  if (fault && fault != cipher_fault_) {
    const std::string problem{problem_name(*fault)};
    log::write_limited(name + "/cipher/" + problem, log::Level::warning,
                       settings::key_advice(*fault, key_names),
                       {{"meter", name}, {"problem", problem}});
  }
  cipher_fault_ = fault;
  if (pipeline.counters().counter_fell > 0 && !counter_fall_told_) {
    counter_fall_told_ = true;
    log::write(log::Level::warning,
               "the invocation counter of a ciphered telegram was not above the one before: sent "
               "again, or the meter lost its count; such telegrams are counted as counter_fell",
               {{"meter", name}});
  }
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
