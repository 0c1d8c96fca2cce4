// SPDX-License-Identifier: Apache-2.0
// Benchmark: 64-byte chunks through framing, decoding, mapping and limiting by the built-in rules,
// one telegram a second, no sink. Time per telegram.

#include <benchmark/benchmark.h>
#include <string>
#include <string_view>

#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

constexpr std::size_t chunk_size = 64;  // what a serial driver hands over at once

void to_due_readings(benchmark::State& state, std::string_view file) {
  const std::string text = test::data_file(file);
  const ObisTable table = settings::make_obis_table();
  const settings::ReadingRules rules = settings::load_text("", "built-in rules").settings.readings;
  MeterPipeline pipeline{table, {}, [&](const KeyInfo& key) { return rules.policy(key); }};
  Moment now{};
  for (auto _ : state) {
    now.steady += seconds{1};
    now.wall += seconds{1};
    for (std::size_t at = 0; at < text.size(); at += chunk_size) {
      benchmark::DoNotOptimize(pipeline.feed(std::string_view{text}.substr(at, chunk_size), now));
    }
  }
  if (pipeline.counters().telegrams != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every telegram was believed");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

BENCHMARK_CAPTURE(to_due_readings, dsmr5, "dsmr5.telegram");
BENCHMARK_CAPTURE(to_due_readings, fluvius, "fluvius.telegram");

}  // namespace
}  // namespace p1meter
