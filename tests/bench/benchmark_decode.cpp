// SPDX-License-Identifier: Apache-2.0
// Benchmarks: integrity and full decode of a telegram, beside a checksum of the same bytes.
//
// crc_slice8/T is the yardstick: a slice-by-8 CRC-16 of our own, because absolute times wander
// between machines. decode/T is judged by its ratio to crc_slice8/T in the same run.
#include <benchmark/benchmark.h>
#include <cstdint>
#include <string>

#include "crc_slice8.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/crc16.hpp"
#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"

namespace {

using p1meter::bench::crc_slice8;

void set_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void run_yardstick(benchmark::State& state, const std::string& telegram) {
  const auto tables = p1meter::bench::make_crc_tables(p1meter::bench::arc_polynomial);
  const auto body = std::string_view{telegram}.substr(0, telegram.rfind('!') + 1);
  if (crc_slice8(tables, body) != p1meter::test::plain_crc16_arc(body)) {
    state.SkipWithError("the yardstick is wrong");
  }
  for (auto _ : state) benchmark::DoNotOptimize(crc_slice8(tables, body));
  set_bytes(state, body.size());
}

/// What a telegram costs from the complete frame on: its checksum and all of its objects.
void run_decode(benchmark::State& state, const std::string& telegram) {
  const auto body = std::string_view{telegram}.substr(0, telegram.rfind('!') + 1);
  const auto sent = p1meter::test::plain_crc16_arc(body);
  p1meter::Telegram decoded;
  for (auto _ : state) {
    if (p1meter::crc16_arc(body) != sent) state.SkipWithError("checksum");
    p1meter::decode_text(body, decoded);
    benchmark::DoNotOptimize(decoded.objects.data());
    benchmark::ClobberMemory();
  }
  if (decoded.objects.empty() || !decoded.problems.empty()) state.SkipWithError("decoding");
  set_bytes(state, body.size());
}

/// Registers of all kinds with codes that differ, up to the size.
std::string long_telegram(std::size_t size) {
  auto builder = p1meter::test::telegram().with("1-3:0.2.8", "(50)");
  for (int i = 0; builder.body().size() + 30 < size; ++i) {
    const auto group = [&](int divisor) { return std::to_string(1 + i / divisor % 200); };
    const std::string value = std::to_string(100'000 + i) + '.' + std::to_string(100 + i % 900);
    builder.with("1-0:" + group(1) + ".8." + group(200), '(' + value + "*kWh)");
  }
  return builder.text();
}

const bool registered = [] {
  for (const std::string name : {"dsmr5", "fluvius"}) {
    const auto telegram = p1meter::test::data_file(name + ".telegram");
    benchmark::RegisterBenchmark(("crc_slice8/" + name).c_str(), run_yardstick, telegram);
    benchmark::RegisterBenchmark(("decode/" + name).c_str(), run_decode, telegram);
  }
  benchmark::RegisterBenchmark("decode/text_1k", run_decode, long_telegram(1'000));
  benchmark::RegisterBenchmark("decode/text_64k", run_decode, long_telegram(64'000));
  return true;
}();

}  // namespace
