// SPDX-License-Identifier: Apache-2.0
// Benchmarks: link frames, all the way from their bytes to a telegram: found, checked, deciphered,
// decoded.
//
// fcs_slice8/hdlc_list is the yardstick of decode/hdlc_list: a slice-by-8 CRC-16/X-25 of the same
// bytes. That of decode/kamstrup_gcm is gcm/kamstrup, which deciphers the same bytes. The list is
// that of decode/apdu_structures.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <optional>
#include <string>

#include "crc_slice8.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "settings/settings.hpp"
#include "simulated_frame.hpp"
#include "support/apdu_builder.hpp"
#include "support/link_frames.hpp"

namespace {

void set_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void run_yardstick(benchmark::State& state, const std::string& frame) {
  constexpr unsigned all_ones = 0xFFFF;
  constexpr std::size_t flag_size = 1;
  constexpr std::size_t check_size = 2;
  const auto tables = p1meter::bench::make_crc_tables(p1meter::bench::x25_polynomial);
  const auto covered =
      std::string_view{frame}.substr(flag_size, frame.size() - 2 * flag_size - check_size);
  const auto crc = [&] { return p1meter::bench::crc_slice8(tables, covered, all_ones); };
  if ((crc() ^ all_ones) != p1meter::test::plain_crc16_x25(covered)) {
    state.SkipWithError("the yardstick is wrong");
  }
  for (auto _ : state) benchmark::DoNotOptimize(crc());
  set_bytes(state, covered.size());
}

void run_decode(benchmark::State& state, const std::string& bytes,
                const std::optional<p1meter::DecipherKeys>& keys) {
  p1meter::Framer framer;
  p1meter::FrameReader reader{
      std::make_shared<const p1meter::ListLayouts>(p1meter::settings::make_list_layouts()), keys};
  p1meter::Telegram decoded;
  for (auto _ : state) {
    framer.push(bytes);
    const auto frame = framer.next();
    if (!frame) {
      state.SkipWithError("framing");
      break;
    }
    reader.read(*frame, decoded);
    benchmark::DoNotOptimize(decoded.objects.data());
    benchmark::ClobberMemory();
  }
  // The Danish list leaves the scale of energies open.
  const bool all_read = std::ranges::all_of(decoded.problems, [](const p1meter::Problem& problem) {
    return problem.code == p1meter::ProblemCode::scale_unknown;
  });
  if (decoded.integrity != p1meter::Integrity::ok || decoded.objects.empty() || !all_read ||
      decoded.encrypted != keys.has_value()) {
    state.SkipWithError("decoding");
  }
  set_bytes(state, bytes.size());
}

const bool registered = [] {
  namespace bench = p1meter::bench;
  namespace test = p1meter::test;
  const std::string list = test::hdlc(test::dlms::notification(test::dlms::swedish_list()));
  benchmark::RegisterBenchmark("fcs_slice8/hdlc_list", run_yardstick, list);
  benchmark::RegisterBenchmark("decode/hdlc_list", run_decode, list, std::nullopt);
  benchmark::RegisterBenchmark("decode/kamstrup_gcm", run_decode,
                               bench::simulated_frame("kamstrup-dk"),
                               bench::simulated_keys("kamstrup-dk"));
  return true;
}();

}  // namespace
