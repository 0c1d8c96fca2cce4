// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter decode.
#include "cli/decode.hpp"

#include <array>
#include <chrono>
#include <istream>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "adapters/console/telegram_text.hpp"
#include "adapters/console/terminal.hpp"
#include "cli/exit_codes.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/read_frame.hpp"
#include "settings/settings.hpp"

namespace p1meter::cli {
namespace {

using Format = DecodeOptions::Format;

/// Frames to text on an output.
class Printer {
 public:
  Printer(const ObisTable& table, const DecodeOptions& options, Output& output)
      : format_{options.format},
        style_{console::style_for(STDOUT_FILENO)},
        mapper_{table, {.meter_units = options.meter_units, .number_by_channel = true}},
        output_{output} {}

  void print(const Frame& frame, const std::optional<Instant>& received) {
    read_frame(frame, telegram_);
    if (telegram_.integrity == Integrity::absent && telegram_.objects.empty()) {
      noise_ += frame.bytes.size();
      return;
    }
    const MappedTelegram mapped = mapper_.map(telegram_, received.value_or(own_time()));
    ++telegrams_;
    if (telegram_.integrity == Integrity::bad) ++bad_;
    text_.clear();
    append({telegram_, mapped, mapper_.keys()});
    output_.write(text_);
  }

  [[nodiscard]] std::uint64_t telegrams() const noexcept { return telegrams_; }
  [[nodiscard]] std::uint64_t bad() const noexcept { return bad_; }
  [[nodiscard]] std::uint64_t noise() const noexcept { return noise_; }

 private:
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

  Format format_;
  console::TableStyle style_;
  Mapper mapper_;
  Output& output_;
  Telegram telegram_{};
  std::string text_{};
  std::uint64_t telegrams_{};
  std::uint64_t bad_{};
  std::uint64_t noise_{};  // bytes that look like a telegram and say nothing
};

void read_all(CaptureReader& capture, Framer& framer, Printer& printer, const Output& output) {
  std::optional<Instant> received;
  while (!output.failed()) {
    const auto chunk = capture.next();
    if (!chunk) break;
    received = chunk->received;
    framer.push(chunk->bytes);
    while (const auto frame = framer.next()) printer.print(*frame, received);
  }
  while (const auto frame = framer.finish()) printer.print(*frame, received);
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

int report(const Printer& printer, const Framer& framer, const std::string& name) {
  FramingCounters counters = framer.counters();
  counters.skipped_bytes += printer.noise();
  if (const auto text = left_out(counters); !text.empty()) {
    complain(name + ": not printed: " + text);
  }
  if (printer.telegrams() == 0) {
    complain(name + ": no telegram found");
    return exit_data;
  }
  if (printer.bad() == 0) return exit_ok;
  complain(name + ": " + count(printer.bad(), "of ") +
           count(printer.telegrams(), "telegrams failed the checksum"));
  return exit_data;
}

/// The reason why the input ended early, in words.
std::optional<std::string> input_fault(const InputBuffer& buffer, const CaptureReader& capture) {
  if (buffer.error() != 0) return std::generic_category().message(buffer.error());
  return capture.error();
}

}  // namespace

int decode(const DecodeOptions& options) {
  if (options.file.empty() && console::is_terminal(STDIN_FILENO)) {
    complain("decode needs a FILE, or telegrams in a pipe; '-' reads what you type");
    return exit_usage;
  }
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
  Printer printer{table, options, output};
  read_all(capture, framer, printer, output);
  if (output.failed()) return output.finish(exit_io);
  if (const auto fault = input_fault(buffer, capture)) {
    complain(name + ": " + *fault);
    return exit_no_input;
  }
  return report(printer, framer, name);
}

void add_decode(CLI::App& app, Context& context) {
  auto options = std::make_shared<DecodeOptions>();
  auto& command = *app.add_subcommand("decode", "Print the telegrams of a capture");
  command.add_option("FILE", options->file, "The capture; '-' or nothing: standard input")
      ->type_name("");
  command
      .add_option_function<std::string>(
          "--format",
          [options](const std::string& name) {
            options->format = name == "json"   ? Format::json
                              : name == "yaml" ? Format::yaml
                              : name == "csv"  ? Format::csv
                                               : Format::table;
          },
          "table (default), json (an object a line), yaml or csv")
      ->check(one_of({"table", "json", "yaml", "csv"}))
      ->type_name("NAME");
  command
      .add_option_function<std::string>(
          "--units", [options](const std::string& name) { options->meter_units = name == "meter"; },
          "default (W, kWh, m³ ...), or meter: keep the units the meter sends")
      ->check(one_of({"default", "meter"}))
      ->type_name("NAME");
  command
      .add_option_function<std::string>(
          "--input",
          [options](const std::string& name) {
            options->input = name == "raw"      ? CaptureFormat::raw
                             : name == "hex"    ? CaptureFormat::hex
                             : name == "record" ? CaptureFormat::record
                                                : CaptureFormat::automatic;
          },
          "What the capture is: auto (told by content), raw, hex or record")
      ->check(one_of({"auto", "raw", "hex", "record"}))
      ->type_name("NAME");
  command.footer(
      "Exit status: 0 all telegrams ok or without checksum, 65 a bad one or none found,\n"
      "66 the capture cannot be read, 74 the output cannot be written.");
  on_chosen(command, context, std::move(options), &decode);
}

}  // namespace p1meter::cli
