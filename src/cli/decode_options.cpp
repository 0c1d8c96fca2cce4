// SPDX-License-Identifier: Apache-2.0
// CLI: the command line of p1meter decode.
#include <memory>
#include <utility>

#include "cli/cipher_keys.hpp"
#include "cli/decode.hpp"
#include "cli/exit_codes.hpp"

namespace p1meter::cli {
namespace {

using Format = DecodeOptions::Format;
using Options = std::shared_ptr<DecodeOptions>;

Format format_named(std::string_view name) {
  if (name == "json") return Format::json;
  if (name == "yaml") return Format::yaml;
  return name == "csv" ? Format::csv : Format::table;
}

CaptureFormat capture_format_named(std::string_view name) {
  if (name == "raw") return CaptureFormat::raw;
  if (name == "hex") return CaptureFormat::hex;
  return name == "record" ? CaptureFormat::record : CaptureFormat::automatic;
}

void add_capture(CLI::App& command, const Options& options) {
  command.add_option("FILE", options->file, "The capture; '-' or nothing: standard input")
      ->type_name("");
  command
      .add_option_function<std::string>(
          "--input",
          [options](const std::string& name) { options->input = capture_format_named(name); },
          "What the capture is: auto (told by content), raw, hex (also C arrays, logs, xxd and "
          "hexdump -C), or record")
      ->check(one_of({"auto", "raw", "hex", "record"}))
      ->type_name("NAME");
}

void add_output(CLI::App& command, const Options& options) {
  command
      .add_option_function<std::string>(
          "--format", [options](const std::string& name) { options->format = format_named(name); },
          "Form of the output: table (default), json (an object a line), yaml or csv")
      ->check(one_of({"table", "json", "yaml", "csv"}))
      ->type_name("NAME");
  command.add_flag("--explain", options->explain,
                   "Show how each byte was understood, in place of the table");
  command
      .add_option_function<std::string>(
          "--units", [options](const std::string& name) { options->meter_units = name == "meter"; },
          "Whose units: default (W, kWh, m³ ...), or meter: those that the meter sends")
      ->check(one_of({"default", "meter"}))
      ->type_name("NAME");
}

/// Their values are in Context already: take_keys().
void add_keys(CLI::App& command) {
  const auto ignore = [](const std::string& /*stars*/) {};
  command
      .add_option_function<std::string>(
          "--key", ignore, "Decryption key (GUEK, EK, GPK60): 32 hex digits, or @FILE with them")
      ->type_name("KEY");
  command
      .add_option_function<std::string>(
          "--auth-key", ignore,
          "Authentication key (GAK, AK, GPK61), where the meter has its own; as --key")
      ->type_name("KEY");
}

void add_layouts(CLI::App& command, const Options& options) {
  command
      .add_option("--layouts", options->layouts,
                  "File or directory of your own DLMS list layouts (default: /etc/p1meter/layouts)")
      ->type_name("PATH");
}

int read_keys_and_decode(DecodeOptions& options, GivenKeys& given) {
  auto keys = read_keys(given);
  if (!keys) {
    complain(keys.error());
    return exit_usage;
  }
  options.keys = std::move(*keys);
  return decode(options);
}

}  // namespace

void add_decode(CLI::App& app, Context& context) {
  auto options = std::make_shared<DecodeOptions>();
  auto& command = *app.add_subcommand("decode", "Print the telegrams of a capture");
  add_capture(command, options);
  add_output(command, options);
  add_keys(command);
  add_layouts(command, options);
  command.footer(
      "Exit status: 0 all telegrams ok or without checksum, 65 a bad or unreadable one or none,\n"
      "66 the capture cannot be read, 74 the output cannot be written.");
  command.callback([&context, options] {
    context.command = [&context, options] { return read_keys_and_decode(*options, context.keys); };
  });
}

}  // namespace p1meter::cli
