// SPDX-License-Identifier: Apache-2.0
// Benchmarks: DLMS push lists, from the data-notification on.
//
// decode/apdu_structures is a list that says everything itself (Aidon, Sweden, 27 objects);
// decode/apdu_positional one that needs a layout (Kaifa, Norway, 18 elements). With the frame
// around the first: decode/hdlc_list.
#include <benchmark/benchmark.h>
#include <string>

#include "p1meter/decoding/decode.hpp"
#include "settings/settings.hpp"
#include "support/apdu_builder.hpp"

namespace {

namespace dlms = p1meter::test::dlms;

void run_list(benchmark::State& state, const std::string& apdu, std::size_t objects) {
  const auto layouts = p1meter::settings::make_list_layouts();
  p1meter::Telegram decoded;
  for (auto _ : state) {
    decoded.clear();
    p1meter::decode_notification(apdu, layouts, decoded);
    benchmark::DoNotOptimize(decoded.objects.data());
    benchmark::ClobberMemory();
  }
  if (decoded.objects.size() != objects || !decoded.problems.empty()) {
    state.SkipWithError("decoding");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(apdu.size()));
}

std::string positional_list() {
  using namespace dlms;
  return notification(structure(
      {octet_string("KFM_001"), octet_string("6970631400000017"), octet_string("MA304H3E"),
       u32(1234), u32(0), u32(0), u32(62), u32(7405), u32(512), u32(1999), u32(2231), u32(0),
       u32(2246), octet_string(some_clock()), u32(10'789'103), u32(0), u32(4411), u32(2'104'910)}));
}

std::string pair_list() {
  using namespace dlms;
  std::string content = visible_string("Kamstrup_V0001");
  std::size_t count = 1;
  for (const char* c : {"1.7", "2.7", "3.7", "4.7", "31.7", "51.7", "71.7", "32.7", "52.7", "72.7",
                        "1.8", "2.8", "3.8", "4.8"}) {
    content += obis("1-1:" + std::string{c} + ".0") + u32(1234);
    count += 2;
  }
  return notification(tagged(0x02, length(count) + content));
}

const bool registered = [] {
  benchmark::RegisterBenchmark("decode/apdu_structures", run_list,
                               dlms::notification(dlms::swedish_list()), 27U);
  benchmark::RegisterBenchmark("decode/apdu_positional", run_list, positional_list(), 17U);
  benchmark::RegisterBenchmark("decode/apdu_pairs", run_list, pair_list(), 14U);
  return true;
}();

}  // namespace
