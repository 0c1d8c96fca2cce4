// SPDX-License-Identifier: Apache-2.0
// Pipeline: from bytes to sinks, by example.
#include <gtest/gtest.h>

#include "recorded_meter.hpp"

namespace p1meter {
namespace {

using std::chrono::minutes;
using test::at;
using test::RecordedMeter;
using test::telegram;
using test::TelegramBuilder;
using test::Texts;

TelegramBuilder power(std::string_view digits) {
  return telegram().with("1-3:0.2.8", "(50)").with("1-0:1.7.0", "(" + std::string{digits} + "*kW)");
}

TelegramBuilder old_meter(std::string_view register_digits) {
  return telegram().without_checksum().with("1-0:1.8.1",
                                            "(" + std::string{register_digits} + "*kWh)");
}

TEST(AMeterPipeline, brings_exact_values_from_bytes_to_sinks) {
  RecordedMeter meter;
  const std::string bytes = telegram()
                                .with("1-3:0.2.8", "(50)")
                                .with("0-0:1.0.0", "(240612093021S)")
                                .with("1-0:1.8.1", "(001234.560*kWh)")
                                .with("1-0:1.8.2", "(99999999.999*kWh)")
                                .text();

  std::size_t believed = 0;
  for (const char byte : bytes) believed += meter.pipeline.feed({&byte, 1}, at(seconds{1}));

  ASSERT_EQ(believed, 1U);
  ASSERT_EQ(meter.count(), 1U);
  EXPECT_EQ(meter.last().due,
            (Texts{"p1_version=50", "energy_import_tariff1=1234.560",
                   "energy_import_tariff2=99999999.999", "energy_import_total=100001234.559"}));
  EXPECT_TRUE(meter.last().from_telegram);
  EXPECT_TRUE(meter.last().availability_changed);
  EXPECT_EQ(meter.last().state_time, "2024-06-12T09:30:21+02:00");
  EXPECT_EQ(meter.last().state_received, at(seconds{1}).wall);
  EXPECT_EQ(meter.pipeline.counters().telegrams, 1U);
  EXPECT_EQ(meter.current("energy_import_tariff1"), "1234.560");
}

/// At which seconds a power is due that comes every second and is published every ten. The wall
/// clock is set by `jump` in between.
std::vector<milliseconds> due_with_a_clock_set_by(milliseconds jump) {
  RecordedMeter meter{{.interval = seconds{10}}};
  std::vector<milliseconds> due;
  for (seconds now{0}; now < minutes{2}; ++now) {
    Moment moment = at(now);
    if (now >= seconds{35}) moment.wall += jump;
    meter.pipeline.run_timers_before(moment);
    const int watts = 100 + static_cast<int>(now.count());
    static_cast<void>(meter.pipeline.feed(power("0." + std::to_string(watts)).text(), moment));
  }
  for (const auto& delivery : meter.sink.deliveries) {
    EXPECT_TRUE(delivery.online);
    EXPECT_EQ(delivery.gone, Texts{});
    if (!delivery.due.empty()) due.push_back(delivery.now.steady);
  }
  return due;
}

TEST(AMeterPipeline, keeps_its_limits_when_the_wall_clock_is_set_by_fifty_years) {
  constexpr milliseconds fifty_years = std::chrono::hours{24 * 365 * 50};
  const auto undisturbed = due_with_a_clock_set_by(milliseconds{0});
  ASSERT_GE(undisturbed.size(), 11U);

  EXPECT_EQ(due_with_a_clock_set_by(fifty_years), undisturbed);
  EXPECT_EQ(due_with_a_clock_set_by(-fifty_years), undisturbed);
}

TEST(AMeterPipeline, gives_all_readings_beside_those_that_are_due) {
  RecordedMeter meter{{.interval = seconds{10}}};
  meter.take(power("0.100"), seconds{0});

  const auto& second = meter.take(power("0.200"), seconds{1});

  EXPECT_EQ(second.mapped, (Texts{"p1_version=50", "power_import=200", "power_net=200"}));
  EXPECT_EQ(second.due, Texts{});
  EXPECT_FALSE(second.availability_changed);
  EXPECT_EQ(meter.current("power_import"), "100");
}

TEST(AMeterPipeline, refuses_a_bad_telegram_and_goes_on) {
  RecordedMeter meter;
  std::string broken = power("0.100").text();
  broken[broken.find("0.100")] = '9';

  EXPECT_EQ(meter.pipeline.feed(broken, at(seconds{0})), 0U);
  EXPECT_EQ(meter.count(), 0U);
  EXPECT_EQ(meter.pipeline.counters().crc_errors, 1U);
  EXPECT_EQ(meter.feed(power("0.200"), seconds{1}), 1U);
}

TEST(AMeterPipeline, does_not_take_noise_for_a_telegram) {
  RecordedMeter meter;
  const std::string noise = "xx/ABC\r\n!\r\n/QxZ\r\njunk\n)!\r\n1-0:94.99.9(5)\r\n";

  EXPECT_EQ(meter.pipeline.feed(noise, at(seconds{0})), 0U);

  EXPECT_EQ(meter.count(), 0U) << "nothing is told: no meter is there";
  EXPECT_EQ(meter.pipeline.counters().telegrams, 0U);
  EXPECT_FALSE(meter.pipeline.online());
  meter.take(power("0.200"), seconds{1});
  EXPECT_EQ(meter.pipeline.counters().framing.skipped_bytes, noise.size());
}

TEST(AMeterPipeline, remembers_that_a_meter_sends_checksums) {
  RecordedMeter first;
  first.take(telegram().with_x25().with("1-0:1.7.0", "(0.1*kW)"), seconds{0});
  const MeterMemory memory = first.pipeline.memory();
  EXPECT_EQ(memory.checksum, ChecksumRule::x25);

  RecordedMeter second{LimitPolicy{}, {}, memory};

  EXPECT_EQ(second.feed(old_meter("1"), seconds{0}), 0U);
  EXPECT_EQ(second.feed(power("0.1"), seconds{1}), 0U) << "another rule than the pinned one";
  EXPECT_EQ(second.pipeline.counters().crc_errors, 2U);
}

TEST(AMeterPipeline, publishes_bad_telegrams_only_when_checking_is_off) {
  RecordedMeter meter{LimitPolicy{}, {.crc = CrcMode::off}};
  std::string broken = power("0.100").text();
  broken[broken.find("0.100")] = '9';

  EXPECT_EQ(meter.pipeline.feed(broken, at(seconds{0})), 1U);
  EXPECT_EQ(meter.pipeline.counters().unchecked, 1U);
  EXPECT_EQ(meter.current("power_import"), "9100");
}

TEST(AMeterPipeline, keeps_a_capture_bad_whose_line_ends_were_changed) {
  RecordedMeter meter;
  std::string text = power("0.100").text();
  std::erase(text, '\r');

  EXPECT_EQ(meter.pipeline.feed(text, at(seconds{0})), 0U);
  EXPECT_EQ(meter.pipeline.counters().crc_errors, 1U);
}

TEST(AMeterPipeline, uses_a_last_telegram_that_lacks_its_end) {
  RecordedMeter meter;
  std::string text = old_meter("1000.000").text();
  text.resize(text.rfind('!'));

  EXPECT_EQ(meter.pipeline.feed(text, at(seconds{0})), 0U);
  EXPECT_EQ(meter.pipeline.finish(at(seconds{0})), 1U);
  EXPECT_EQ(meter.current("energy_import_tariff1"), "1000.000");
}

TEST(AMeterPipeline, holds_back_a_register_that_fell_without_a_checksum) {
  RecordedMeter meter;
  meter.take(old_meter("1000.000"), seconds{0});

  const auto& delivered = meter.take(old_meter("0100.000"), seconds{10});

  EXPECT_EQ(delivered.mapped, Texts{});
  EXPECT_EQ(delivered.due, Texts{});
  EXPECT_EQ(delivered.problems, (Texts{"value_held_back", "value_held_back"}));
  EXPECT_EQ(meter.pipeline.counters().held_back, 2U) << "the register and the total made of it";
  EXPECT_EQ(meter.current("energy_import_total"), "1000.000");
  for (int i = 2; i < 4; ++i) meter.take(old_meter("0100.001"), seconds{10 * i});
  EXPECT_EQ(meter.current("energy_import_tariff1"), "1000.000");
  EXPECT_EQ(meter.take(old_meter("0100.002"), seconds{40}).due,
            (Texts{"energy_import_tariff1=100.002", "energy_import_total=100.002"}));
}

TEST(AMeterPipeline, goes_offline_and_comes_back_with_empty_windows) {
  RecordedMeter meter{{.interval = seconds{20}, .aggregate = Aggregate::mean}};
  for (int second = 0; second < 5; ++second) {
    EXPECT_TRUE(meter.take(power("1.000"), seconds{second}).online);
  }
  EXPECT_EQ(meter.pipeline.offline_limit(), seconds{10});
  EXPECT_EQ(meter.pipeline.next_deadline(), seconds{14});

  meter.pipeline.on_timer(at(seconds{14}));

  EXPECT_TRUE(meter.last().availability_changed);
  EXPECT_FALSE(meter.last().online);
  EXPECT_FALSE(meter.last().from_telegram);
  const auto& back = meter.take(power("3.000"), seconds{19});
  EXPECT_TRUE(back.availability_changed);
  EXPECT_TRUE(back.online);
  meter.pipeline.on_timer(at(seconds{20}));
  EXPECT_EQ(meter.last().due, (Texts{"p1_version=50", "power_import=3000", "power_net=3000"}))
      << "not the mean with what came before the silence";
}

TEST(AMeterPipeline, notices_a_silence_that_ended_before_its_timer_ran) {
  RecordedMeter meter;
  for (int second = 0; second < 5; ++second) meter.take(power("1.000"), seconds{second});

  meter.take(power("1.000"), seconds{60});

  const auto& deliveries = meter.sink.deliveries;
  ASSERT_EQ(deliveries.size(), 7U);
  EXPECT_FALSE(deliveries[5].online);
  EXPECT_EQ(deliveries[5].now, at(seconds{14}));
  EXPECT_TRUE(deliveries[6].online);
  EXPECT_TRUE(deliveries[6].availability_changed);
}

TEST(AMeterPipeline, stays_online_when_a_telegram_comes_at_the_very_limit) {
  RecordedMeter meter;
  for (int second = 0; second < 5; ++second) meter.take(power("1.000"), seconds{second});

  meter.take(power("1.000"), seconds{14});

  EXPECT_EQ(meter.count(), 6U);
  EXPECT_FALSE(meter.last().availability_changed);
}

TEST(AMeterPipeline, decides_what_was_held_at_its_own_time_before_a_telegram) {
  RecordedMeter meter{{.interval = seconds{10}, .on_change = true}};
  meter.take(power("1.000"), seconds{0});
  meter.take(power("2.000"), seconds{7});

  meter.pipeline.run_timers_before(at(seconds{12}));

  EXPECT_EQ(meter.last().now, at(seconds{10}));
  EXPECT_EQ(meter.last().due, (Texts{"power_import=2000", "power_net=2000"}));
  EXPECT_EQ(meter.last().state_received, at(seconds{7}).wall);
  EXPECT_EQ(meter.take(power("3.000"), seconds{19}).due, Texts{});
  EXPECT_EQ(meter.take(power("4.000"), seconds{20}).due,
            (Texts{"power_import=4000", "power_net=4000"}))
      << "at equal times the telegram joins first";
}

TEST(AMeterPipeline, lets_out_what_is_held_at_the_end_of_a_replay) {
  RecordedMeter meter{[](const KeyInfo& key) {
                        return LimitPolicy{.interval = seconds{key.key == "power_net" ? 20 : 10},
                                           .on_change = true};
                      },
                      {}};
  meter.take(power("1.000"), seconds{0});
  meter.take(power("2.000"), seconds{7});

  meter.pipeline.flush(at(seconds{7}));

  ASSERT_EQ(meter.count(), 4U);
  EXPECT_EQ(meter.sink.deliveries[2].due, Texts{"power_import=2000"});
  EXPECT_EQ(meter.sink.deliveries[3].due, Texts{"power_net=2000"});
  meter.pipeline.flush(at(seconds{7}));
  EXPECT_EQ(meter.count(), 4U);
}

TEST(AMeterPipeline, stamps_the_state_with_the_newest_telegram_that_has_an_output_in_it) {
  RecordedMeter meter{{.interval = seconds{10}, .on_change = true}};
  const auto stamped = [](std::string_view stamp, std::string_view digits) {
    return power(digits).with("0-0:1.0.0", "(" + std::string{stamp} + ")");
  };
  meter.take(stamped("240612093000S", "1.000"), seconds{0});
  EXPECT_EQ(meter.last().state_time, "2024-06-12T09:30:00+02:00");

  meter.take(stamped("240612093003S", "2.000"), seconds{3});
  EXPECT_EQ(meter.last().state_time, "2024-06-12T09:30:00+02:00") << "nothing of it went out";
  EXPECT_EQ(meter.last().state_received, at(seconds{0}).wall);
  meter.pipeline.on_timer(at(seconds{10}));
  EXPECT_EQ(meter.last().state_time, "2024-06-12T09:30:03+02:00");
  EXPECT_EQ(meter.last().state_received, at(seconds{3}).wall);
}

TEST(AMeterPipeline, has_no_state_time_without_a_clock) {
  RecordedMeter meter;
  EXPECT_EQ(meter.take(power("1.000"), seconds{0}).state_time, "");
  EXPECT_EQ(meter.last().state_received, at(seconds{0}).wall);
}

TEST(AMeterPipeline, makes_a_key_null_that_no_longer_comes) {
  RecordedMeter meter{{.interval = seconds{10}, .on_change = true}};
  const auto with_export = [] { return power("1.000").with("1-0:2.7.0", "(0.500*kW)"); };
  for (int second = 0; second < 5; ++second) meter.take(with_export(), seconds{second});
  for (int second = 5; second < 700; ++second) {
    meter.pipeline.run_timers_before(at(seconds{second}));
    meter.take(power("1.000"), seconds{second});
  }

  const auto tells = [](const auto& each) { return !each.gone.empty(); };
  const auto gone = std::ranges::find_if(meter.sink.deliveries, tells);
  ASSERT_NE(gone, meter.sink.deliveries.end());
  EXPECT_EQ(std::ranges::count_if(meter.sink.deliveries, tells), 1) << "once is enough";
  EXPECT_EQ(gone->gone, (Texts{"power_export", "power_net"}));
  EXPECT_EQ(gone->now, at(seconds{604}));
  EXPECT_EQ(meter.current("power_export"), "nothing");
  const auto& back = meter.take(with_export(), seconds{701});
  EXPECT_EQ(back.due, (Texts{"power_export=500", "power_net=500"}))
      << "the same value as before, for readers have seen null";
}

TEST(AMeterPipeline, starts_afresh_for_another_meter) {
  RecordedMeter meter{{.interval = minutes{5}, .on_change = true}};
  const auto of = [](std::string_view id, bool exports) {
    auto result = power("1.000").with("0-0:96.1.1", "(" + std::string{id} + ")");
    return exports ? result.with("1-0:2.7.0", "(0.500*kW)") : result;
  };
  meter.take(of("4530303031", true), seconds{0});

  const auto& delivered = meter.take(of("4530303032", false), seconds{1});

  EXPECT_EQ(delivered.due,
            (Texts{"p1_version=50", "power_import=1000", "equipment_id=E0002", "power_net=1000"}));
  EXPECT_EQ(delivered.gone, Texts{"power_export"});
}

TEST(AMeterPipeline, shows_of_a_former_meters_keys_only_what_this_one_sends_too) {
  RecordedMeter meter;
  const auto of = [](std::string_view id, bool exports) {
    auto result = power("1.000").with("0-0:96.1.1", "(" + std::string{id} + ")");
    return exports ? result.with("1-0:2.7.0", "(0.500*kW)") : result;
  };
  const auto published = [&meter](const char* key) {
    return meter.pipeline.published(*meter.pipeline.keys().find(key));
  };
  const auto remembered = [&meter](const char* key) {
    const auto keys = meter.pipeline.memory().keys;
    return std::ranges::find(keys, std::string{key}, &KeyInfo::key) != keys.end();
  };
  meter.take(of("4530303031", true), seconds{0});
  EXPECT_TRUE(published("power_export"));

  meter.take(of("4530303032", false), seconds{1});
  EXPECT_TRUE(published("power_import"));
  EXPECT_FALSE(published("power_export"));
  EXPECT_FALSE(remembered("power_export"));

  const auto version = meter.pipeline.memory_version();
  meter.take(of("4530303032", true), seconds{2});
  EXPECT_TRUE(published("power_export"));
  EXPECT_TRUE(remembered("power_export"));
  EXPECT_NE(meter.pipeline.memory_version(), version) << "worth storing";
}

TEST(AMeterPipeline, never_shows_a_fallen_register_beside_the_former_meters_id) {
  RecordedMeter meter{{.interval = minutes{5}, .on_change = true}};
  const auto of = [](std::string_view id, std::string_view total) {
    return power("1.000")
        .with("0-0:96.1.1", "(" + std::string{id} + ")")
        .with("1-0:1.8.1", "(" + std::string{total} + "*kWh)")
        .with("1-0:1.8.2", "(000001.000*kWh)");
  };
  meter.take(of("4530303031", "005000.000"), seconds{0});
  EXPECT_EQ(meter.current("energy_import_total"), "5001.000");

  const auto& delivered = meter.take(of("4530303032", "000003.000"), seconds{1});

  EXPECT_EQ(delivered.due, (Texts{"p1_version=50", "power_import=1000", "equipment_id=E0002",
                                  "energy_import_tariff1=3.000", "energy_import_tariff2=1.000",
                                  "energy_import_total=4.000", "power_net=1000"}))
      << "all of the new meter at once, whatever the interval";
}

TEST(AMeterPipeline, waits_with_a_new_meter_without_checksums_until_it_is_sure) {
  RecordedMeter meter{{.interval = minutes{5}, .on_change = true}};
  const auto of = [](std::string_view id, std::string_view total) {
    return old_meter(total).with("0-0:96.1.1", "(" + std::string{id} + ")");
  };
  meter.take(of("4530303031", "005000.000"), seconds{0});
  for (int telegram = 1; telegram <= 6; ++telegram) {
    meter.take(of("4530303032", "000003.000"), seconds{10 * telegram});
    const auto& due = meter.last().due;
    const bool fallen = std::ranges::find(due, "energy_import_tariff1=3.000") != due.end();
    if (fallen) {
      EXPECT_EQ(meter.current("equipment_id"), "E0002");
    }
  }
  EXPECT_EQ(meter.current("energy_import_tariff1"), "3.000");
  EXPECT_EQ(meter.current("equipment_id"), "E0002");
}

TEST(AMeterPipeline, never_shows_a_fallen_gas_register_beside_the_former_ones_id) {
  RecordedMeter meter{{.interval = minutes{5}, .on_change = true}};
  const auto of = [](std::string_view id, std::string_view volume) {
    return power("1.000")
        .with("0-1:24.1.0", "(003)")
        .with("0-1:96.1.0", "(" + std::string{id} + ")")
        .with("0-1:24.2.1", "(240612093000S)(" + std::string{volume} + "*m3)");
  };
  meter.take(of("4730303031", "00500.000"), seconds{0});
  for (int telegram = 1; telegram <= 2; ++telegram) {
    EXPECT_EQ(meter.take(of("4730303032", "00000.100"), seconds{telegram}).due, Texts{});
    EXPECT_EQ(meter.current("gas_volume"), "500.000");
    EXPECT_EQ(meter.current("gas_equipment_id"), "G0001");
  }
  EXPECT_EQ(meter.take(of("4730303032", "00000.100"), seconds{3}).due,
            (Texts{"mbus1_device_type=3", "gas_equipment_id=G0002", "gas_volume=0.100"}));
}

TEST(AMeterPipeline, announces_everything_current_to_one_sink) {
  RecordedMeter meter{[](const KeyInfo& key) {
                        return LimitPolicy{.publish = key.key != "p1_version",
                                           .interval = seconds{10}};
                      },
                      {}};
  test::RecordingSink newcomer;
  meter.pipeline.announce(newcomer, at(seconds{0}));
  EXPECT_EQ(newcomer.deliveries.back().due, Texts{});
  meter.take(power("1.000"), seconds{0});
  meter.take(power("2.000"), seconds{1});

  meter.pipeline.announce(newcomer, at(seconds{2}));

  EXPECT_EQ(newcomer.deliveries.back().due, (Texts{"power_import=1000", "power_net=1000"}));
  EXPECT_FALSE(newcomer.deliveries.back().from_telegram);
  EXPECT_TRUE(newcomer.deliveries.back().online);
  EXPECT_EQ(meter.count(), 2U) << "the others are not told again";
}

TEST(AMeterPipeline, keeps_last_outputs_over_a_reload) {
  RecordedMeter meter{{.interval = seconds{10}, .on_change = true}};
  meter.take(power("1.000"), seconds{0});
  meter.take(power("2.000"), seconds{5});

  meter.pipeline.reload({.frame_limit = 2000}, [](const KeyInfo&) {
    return LimitPolicy{.interval = seconds{30}, .on_change = true};
  });

  EXPECT_EQ(meter.current("power_import"), "1000");
  meter.pipeline.run_timers_before(at(seconds{12}));
  EXPECT_EQ(meter.count(), 2U) << "windows of keys whose rule changed are empty";
  EXPECT_EQ(meter.take(power("3.000"), seconds{12}).due, Texts{});
  meter.pipeline.run_timers_before(at(seconds{31}));
  const auto held = std::ranges::find_if(
      meter.sink.deliveries, [](const auto& each) { return each.now == at(seconds{30}); });
  ASSERT_NE(held, meter.sink.deliveries.end());
  EXPECT_EQ(held->due, (Texts{"power_import=3000", "power_net=3000"}));
}

TEST(AMeterPipeline, takes_an_old_number_away_when_a_reload_changes_its_unit) {
  RecordedMeter meter{{.interval = seconds{10}}};
  meter.take(power("1.000"), seconds{0});

  MapperOptions kilowatts;
  kilowatts.unit_of = [](const KeyInfo& key) {
    return key.key == "power_import" ? std::optional{Unit::kilowatt} : std::nullopt;
  };
  meter.pipeline.reload({.mapper = kilowatts},
                        [](const KeyInfo&) { return LimitPolicy{.interval = seconds{10}}; });

  EXPECT_EQ(meter.current("power_import"), "nothing");
  EXPECT_EQ(meter.current("power_net"), "1000");
  EXPECT_EQ(meter.take(power("1.500"), seconds{5}).gone, Texts{"power_import"});
  EXPECT_EQ(meter.take(power("2.000"), seconds{10}).due.at(1), "power_import=2.000");
}

TEST(AMeterPipeline, knows_remembered_keys_before_they_come) {
  RecordedMeter first;
  first.take(power("1.000"), seconds{0});

  RecordedMeter second{LimitPolicy{}, {}, first.pipeline.memory()};

  ASSERT_EQ(second.pipeline.keys().size(), 3U);
  EXPECT_EQ(second.pipeline.keys()[1].key, "power_import");
  EXPECT_EQ(second.current("power_import"), "nothing");
  EXPECT_FALSE(second.pipeline.online());
  const auto version = second.pipeline.memory_version();
  second.take(power("1.000"), seconds{0});
  EXPECT_EQ(second.pipeline.memory_version(), version) << "nothing new was learnt";
}

TEST(AMeterPipeline, counts_its_memory_up_only_when_something_is_worth_storing) {
  RecordedMeter meter;
  const auto version = [&] { return meter.pipeline.memory_version(); };
  meter.take(power("1.000"), seconds{0});
  const auto known = version();
  EXPECT_GT(known, 0U);
  for (int i = 1; i < 8; ++i) meter.take(power("1.000"), seconds{10 * i});
  EXPECT_EQ(version(), known);

  meter.take(power("1.000"), seconds{80});
  EXPECT_EQ(version(), known + 1) << "the period is settled";
  EXPECT_EQ(meter.pipeline.memory().period, seconds{10});
  for (int i = 1; i < 20; ++i) meter.take(power("1.000"), seconds{80} + i * milliseconds{10'900});
  EXPECT_EQ(version(), known + 1) << "a tenth is not another period";
  for (int i = 1; i < 20; ++i) meter.take(power("1.000"), seconds{300 + i});
  EXPECT_GT(version(), known + 1);
  const auto before = version();
  meter.take(power("1.000").with("1-0:2.7.0", "(0.000*kW)"), seconds{330});
  EXPECT_GT(version(), before) << "a new key";
}

TEST(AMeterPipeline, drops_a_half_telegram_when_the_link_is_opened_anew) {
  RecordedMeter meter;
  const std::string text = power("1.000").text();
  meter.pipeline.feed(text.substr(0, 30), at(seconds{0}));

  meter.pipeline.link_reopened();

  EXPECT_EQ(meter.pipeline.counters().framing.truncated, 1U);
  EXPECT_EQ(meter.pipeline.feed(text, at(seconds{1})), 1U);
  EXPECT_EQ(meter.pipeline.counters().framing.frames, 1U);
}

TEST(AMeterPipeline, ignores_an_aggregate_that_a_glob_gives_to_a_register) {
  RecordedMeter meter{{.interval = seconds{10}, .aggregate = Aggregate::mean}};
  const auto both = [](std::string_view digits) {
    const std::string text{digits};
    return power(digits).with("1-0:1.8.1", "(" + text + "*kWh)");
  };
  meter.take(both("1.000"), seconds{0});
  meter.take(both("2.000"), seconds{1});
  meter.take(both("4.000"), seconds{2});

  meter.pipeline.on_timer(at(seconds{10}));

  EXPECT_EQ(meter.current("energy_import_tariff1"), "4.000");
  EXPECT_EQ(meter.current("power_import"), "3000");
}

}  // namespace
}  // namespace p1meter
