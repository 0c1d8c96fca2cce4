// SPDX-License-Identifier: Apache-2.0
// Daemon: which keys a meter publishes, from what is remembered of it or from its next telegram.
#include "daemon/shown_keys.hpp"

#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/meter_runner.hpp"
#include "p1meter/pipeline/sink.hpp"
#include "settings/known_keys.hpp"

namespace p1meter::daemon {
namespace {

/// Where times of their own are part of the format: M-Bus registers, and the month's peak demand.
/// What is remembered of a key does not say it.
/// Source    DSMR P1 5.0.2 sec 6.12, e-MUCS P1 1.7.1 sec 5.2
bool usually_has_time(const KeyInfo& info) {
  if (!info.obis) return false;
  const Obis& code = *info.obis;
  const bool mbus_register = code.a() == 0 && code.c() == 24 && (code.d() == 2 || code.d() == 3);
  return mbus_register || code == Obis{1, 0, 1, 6, 0};
}

/// Units and topics that earlier settings gave are not those of these.
void forget_rules(std::vector<KeyInfo>& keys, const settings::KnownKeys& known) {
  for (KeyInfo& key : keys) {
    key.topic.clear();
    for (const auto& usual : known.by_key(key.key)) {
      if (family_of(usual.unit) == family_of(key.unit)) key.unit = usual.unit;
    }
  }
}

bool has_registers(const KeyCatalogue& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[static_cast<KeyId>(i)].kind == ReadingKind::cumulative) return true;
  }
  return false;
}

class FirstTelegram final : public Sink {
 public:
  explicit FirstTelegram(std::function<void()> came) : came_{std::move(came)} {}

  void accept(const Delivery& delivery) override {
    if (delivery.mapped == nullptr || shown_) return;
    const MeterView& meter = delivery.meter;
    shown_.emplace();
    shown_->equipment_id = meter.equipment_id();
    shown_->has_registers = has_registers(meter.keys());
    for (std::size_t i = 0; i < meter.keys().size(); ++i) {
      const auto id = static_cast<KeyId>(i);
      if (meter.published(id))
        shown_->keys.push_back({meter.keys()[id], has_time(*delivery.mapped, id)});
    }
    came_();
  }
  [[nodiscard]] std::optional<ShownMeter> shown() const { return shown_; }

 private:
  /// A computed value's time is that of what it was computed from.
  static bool has_time(const MappedTelegram& mapped, KeyId id) {
    for (const Reading& reading : mapped.readings) {
      if (reading.key == id) return reading.time.has_value() && reading.obis.has_value();
    }
    return false;
  }

  std::function<void()> came_;
  std::optional<ShownMeter> shown_{};
};

}  // namespace

ShownMeter remembered_meter(const settings::Settings& settings,
                            const settings::MeterSettings& meter, MeterMemory memory) {
  const ObisTable table = settings::make_obis_table(settings.obis);
  forget_rules(memory.keys, settings::KnownKeys{table});
  const MeterPipeline pipeline{table, pipeline_options(meter, settings.readings),
                               policy_lookup(settings.readings), memory};
  ShownMeter shown{.equipment_id = memory.mapper.equipment_id,
                   .has_registers = has_registers(pipeline.keys())};
  for (std::size_t i = 0; i < pipeline.keys().size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    const KeyInfo& info = pipeline.keys()[id];
    if (pipeline.published(id)) shown.keys.push_back({info, usually_has_time(info)});
  }
  return shown;
}

std::optional<ShownMeter> first_telegram_of(const settings::Settings& settings,
                                            const settings::MeterSettings& meter,
                                            milliseconds patience) {
  boost::asio::io_context context{1};
  boost::asio::steady_timer timer{context, patience};
  const ObisTable table = settings::make_obis_table(settings.obis);
  MeterRunner runner{context, meter,        settings.readings,
                     table,   std::nullopt, make_workbench(settings)};
  const auto stop = [&] {
    timer.cancel();
    runner.stop();
  };
  // not within the call that brings the telegram, which sets timers afterwards
  FirstTelegram first{[&] { boost::asio::post(context, stop); }};
  timer.async_wait([&](const boost::system::error_code& error) {
    if (!error) stop();
  });
  runner.set_sinks({&first});
  runner.on_ended(stop);
  runner.start();
  context.run();
  return first.shown();
}

}  // namespace p1meter::daemon
