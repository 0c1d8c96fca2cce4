// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter decode.
#include "cli/decode.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <istream>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "adapters/console/telegram_text.hpp"
#include "adapters/console/terminal.hpp"
#include "cli/exit_codes.hpp"
#include "cli/explanation.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "settings/key_advice.hpp"
#include "settings/layouts_yaml.hpp"
#include "settings/settings.hpp"

namespace p1meter::cli {
namespace {

using Format = DecodeOptions::Format;

/// What can be wrong with keys; the first one that occurs decides what is advised.
constexpr std::array key_faults{ProblemCode::key_missing, ProblemCode::key_wrong,
                                ProblemCode::tag_mismatch};

bool has_problem(const Telegram& telegram, ProblemCode code) noexcept {
  return std::ranges::find(telegram.problems, code, &Problem::code) != telegram.problems.end();
}

/// Whether it costs what lies behind it in a DLMS list.
bool ends_the_list(const Problem& problem) noexcept {
  switch (problem.code) {
    case ProblemCode::apdu_unknown:
    case ProblemCode::apdu_malformed:
    case ProblemCode::data_cut:
    case ProblemCode::length_malformed:
    case ProblemCode::count_impossible:
    case ProblemCode::type_unknown:
    case ProblemCode::nested_too_deep:
      return true;
    default:
      return false;
  }
}

/// Whether there is nothing to be had from a telegram: it says nothing, or what it says breaks off
/// before anything that has a name. A whole list that no layout describes can be read.
bool is_unreadable(const Telegram& telegram) noexcept {
  if (!telegram.objects.empty()) return false;
  return telegram.items.empty() || std::ranges::any_of(telegram.problems, ends_the_list);
}

/// Frames to text on an output.
class Printer {
 public:
  Printer(const ObisTable& table, std::shared_ptr<const ListLayouts> layouts,
          const DecodeOptions& options, Output& output)
      : reader_{std::move(layouts), options.keys},
        format_{options.format},
        style_{console::style_for(STDOUT_FILENO)},
        mapper_{table, {.meter_units = options.meter_units, .number_by_channel = true}},
        output_{output} {
    if (options.explain) explanation_.emplace(options.keys, style_.colour);
  }

  /// What came before byte `end` of the input and is no telegram; only explaining says it here.
  void print_between(std::uint64_t end, Framer& framer) {
    if (!explanation_) return;
    text_.clear();
    explanation_->append_between(text_, end, framer.take_dropped());
    output_.write(text_);
  }

  void print(const Frame& frame, const std::optional<Instant>& received) {
    reader_.read(frame, telegram_);
    const bool says_nothing = telegram_.objects.empty() && telegram_.items.empty();
    const bool text = frame.kind == Frame::Kind::text;
    if (text && says_nothing && telegram_.integrity == Integrity::absent) {
      noise_ += frame.bytes.size();
      return;
    }
    const MappedTelegram mapped = mapper_.map(telegram_, received.value_or(own_time()));
    ++telegrams_;
    if (telegram_.integrity == Integrity::bad) {
      ++bad_;
    } else if (is_unreadable(telegram_)) {
      ++empty_;
    }
    note_key_fault();
    text_.clear();
    if (explanation_) {
      explanation_->append_telegram(text_, telegrams_, frame, telegram_, mapped, mapper_.keys());
    } else {
      append({telegram_, mapped, mapper_.keys()});
    }
    output_.write(text_);
  }

  [[nodiscard]] std::uint64_t telegrams() const noexcept { return telegrams_; }
  [[nodiscard]] std::uint64_t bad() const noexcept { return bad_; }
  /// Telegrams of which nothing could be read: ciphered, broken off, or no telegram at all.
  [[nodiscard]] std::uint64_t empty() const noexcept { return empty_; }
  [[nodiscard]] std::uint64_t noise() const noexcept { return noise_; }
  /// What to do about keys, in words; empty when nothing.
  [[nodiscard]] std::string advice() const {
    if (!key_fault_ || opened_ > 0) return {};  // a key that fits once is right
    return settings::key_advice(*key_fault_, {"--key", "--auth-key"});
  }

 private:
  void note_key_fault() noexcept {
    for (const ProblemCode fault : key_faults) {
      if (!has_problem(telegram_, fault)) continue;
      if (!key_fault_) key_fault_ = fault;
      return;
    }
    if (telegram_.ciphering && telegram_.integrity != Integrity::bad) ++opened_;
  }

  void append(const console::Decoded& decoded) {
    switch (format_) {
      case Format::json:
        console::append_json(text_, decoded);
        break;
      case Format::yaml:
        console::append_yaml(text_, decoded);
        break;
      case Format::csv:
        if (telegrams_ == 1) console::append_csv_header(text_);
        console::append_csv(text_, decoded, telegrams_);
        break;
      case Format::table:
        console::append_table(text_, decoded, style_);
        break;
    }
  }

  /// Where a capture has no receive times the telegram's own time stands in for them, so that the
  /// output depends on nothing but the capture.
  [[nodiscard]] Instant own_time() const {
    if (telegram_.time) return place(*telegram_.time, std::nullopt).instant;
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  }

  FrameReader reader_;
  Format format_;
  console::TableStyle style_;
  Mapper mapper_;
  Output& output_;
  std::optional<Explanation> explanation_{};
  Telegram telegram_{};
  std::string text_{};
  std::uint64_t telegrams_{};
  std::uint64_t bad_{};
  std::uint64_t empty_{};
  std::optional<ProblemCode> key_fault_{};  // the first that any telegram had
  std::uint64_t opened_{};                  // ciphered telegrams without such a fault
  std::uint64_t noise_{};                   // bytes that look like a telegram and say nothing
};

void read_all(CaptureReader& capture, Framer& framer, Printer& printer, const Output& output) {
  std::optional<Instant> received;
  std::uint64_t size = 0;
  const auto print = [&](const Frame& frame) {
    printer.print_between(frame.stream_offset, framer);
    printer.print(frame, received);
  };
  while (!output.failed()) {
    const auto chunk = capture.next();
    if (!chunk) break;
    received = chunk->received;
    size += chunk->bytes.size();
    framer.push(chunk->bytes);
    while (const auto frame = framer.next()) print(*frame);
  }
  while (const auto frame = framer.finish()) print(*frame);
  printer.print_between(size, framer);
}

std::string count(std::uint64_t number, std::string_view what) {
  return std::to_string(number) + " " + std::string{what};
}

/// What was not printed, in words; empty when everything was.
std::string left_out(const FramingCounters& counters) {
  std::string text;
  const auto add = [&text](std::uint64_t number, std::string_view what) {
    if (number == 0) return;
    if (!text.empty()) text += ", ";
    text += count(number, what);
  };
  add(counters.truncated, counters.truncated == 1 ? "truncated telegram" : "truncated telegrams");
  add(counters.oversized, counters.oversized == 1 ? "oversized telegram" : "oversized telegrams");
  add(counters.skipped_bytes, counters.skipped_bytes == 1 ? "skipped byte" : "skipped bytes");
  return text;
}

/// What began like a telegram and was dropped: the first ones with their place.
void report_dropped(Framer& framer, const std::string& name) {
  constexpr std::size_t most = 4;
  const auto all = framer.take_dropped();
  for (std::size_t i = 0; i < all.size() && i < most; ++i) {
    complain(name + ": broke off at byte " + std::to_string(all[i].stream_offset) + ": " +
             std::string{problem_name(all[i].code)});
  }
}

int report(const Printer& printer, Framer& framer, const CaptureReader& capture,
           const std::string& name) {
  report_dropped(framer, name);
  FramingCounters counters = framer.counters();
  counters.skipped_bytes += printer.noise();
  if (const auto text = left_out(counters); !text.empty()) {
    complain(name + ": not printed: " + text);
  }
  if (printer.telegrams() == 0) {
    complain(name + ": no telegram found");
    if (const auto& fault = capture.hex_fault()) complain(name + ": nearly hex text: " + *fault);
    return exit_data;
  }
  const auto complain_of = [&](std::uint64_t number, std::string_view what) {
    if (number == 0) return;
    complain(name + ": " + count(number, "of ") + count(printer.telegrams(), what));
  };
  complain_of(printer.bad(), "telegrams failed a check");
  complain_of(printer.empty(), "telegrams could not be read");
  if (const auto advice = printer.advice(); !advice.empty()) complain(name + ": " + advice);
  return printer.bad() == 0 && printer.empty() == 0 ? exit_ok : exit_data;
}

/// The reason why the input ended early, in words.
std::optional<std::string> input_fault(const InputBuffer& buffer, const CaptureReader& capture) {
  if (buffer.error() != 0) return std::generic_category().message(buffer.error());
  return capture.error();
}

/// The shipped layouts behind the user's; nothing after faults, which are said.
std::shared_ptr<const ListLayouts> read_layouts(const DecodeOptions& options) {
  const auto loaded = options.layouts.empty() ? settings::load_default_layouts()
                                              : settings::load_layouts(options.layouts);
  for (const auto& warning : loaded.warnings) complain("warning: " + to_string(warning));
  for (const auto& fault : loaded.faults) complain(to_string(fault));
  if (!loaded.faults.empty()) return nullptr;
  return std::make_shared<const ListLayouts>(settings::make_list_layouts(loaded.layouts));
}

}  // namespace

int decode(const DecodeOptions& options) {
  if (options.file.empty() && console::is_terminal(STDIN_FILENO)) {
    complain("decode needs a FILE, or telegrams in a pipe; '-' reads what you type");
    return exit_usage;
  }
  if (options.explain && options.format != Format::table) {
    complain("--explain prints text for people: leave out --format");
    return exit_usage;
  }
  const auto layouts = read_layouts(options);
  if (!layouts) return exit_configuration;
  const std::string file = options.file.empty() ? "-" : options.file;
  const std::string name = file == "-" ? "standard input" : file;
  const auto descriptor = open_input(file);
  if (!descriptor) {
    complain(name + ": " + descriptor.error());
    return exit_no_input;
  }
  InputBuffer buffer{*descriptor};
  std::istream stream{&buffer};
  CaptureReader capture{stream, options.input};
  Framer framer;
  Output output{STDOUT_FILENO};
  const ObisTable table = settings::make_obis_table();
  Printer printer{table, layouts, options, output};
  read_all(capture, framer, printer, output);
  if (output.failed()) return output.finish(exit_io);
  if (const auto fault = input_fault(buffer, capture)) {
    complain(name + ": " + *fault);
    return exit_no_input;
  }
  return report(printer, framer, capture, name);
}

}  // namespace p1meter::cli
