// SPDX-License-Identifier: Apache-2.0
// CLI documents: p1meter.yaml(5).
#include <array>
#include <utility>

#include "cli/documents/manual_pages.hpp"
#include "cli/documents/roff.hpp"
#include "settings/definition.hpp"
#include "settings/docs.hpp"

namespace p1meter::cli::documents {
namespace {

constexpr std::string_view what_it_is =
    "p1meter reads one YAML file: /etc/p1meter.yaml, or the one that --config names. A file that "
    "is empty, holds only comments or is not there is complete: one meter named home on the only "
    "serial port that is found, and no connection to anywhere. Most people set mqtt.host and "
    "nothing else.";

constexpr std::string_view how_it_is_checked =
    "An unknown key is a fault, and so is one that is written twice. 'p1meter check' shows all "
    "faults with line and column, 'p1meter show config' what is in force. A reload (systemctl "
    "reload p1meter) with faults changes nothing.";

constexpr std::string_view example =
    "meters:\n"
    "  - name: house\n"
    "    source: serial:/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00\n"
    "mqtt:\n"
    "  host: homeassistant.local\n"
    "  username: p1meter\n"
    "  password_file: \"%d/mqtt\"    # LoadCredential=mqtt:/path\n"
    "readings:\n"
    "  default: {interval: 30s}\n"
    "  power_import: {interval: 1s}\n"
    "  \"*_equipment_id\": {publish: false}\n";

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array<Row, 5> spellings{{
    {"time", "500ms, 10s, 5min, 1h; 0 needs no unit."},
    {"size", "16384, 16KiB, 64kB, 1MiB."},
    {"yes or no", "true or false."},
    {"text", "In quotes when it begins with one of * & ! % @ { [ or holds ': ' or ' #'."},
    {"path", "Relative ones begin at the directory of the file that names them."},
}};

constexpr std::array<Row, 3> files{{
    {"/etc/p1meter.yaml", "The configuration."},
    {"/usr/share/doc/p1meter/p1meter.reference.yaml", "Every key with its default, to copy from."},
    {"/usr/share/p1meter/p1meter.schema.json", "A schema for editors."},
}};

constexpr std::array<PageName, 3> others{{{"p1meter", 1}, {"p1meter", 7}, {"systemd.exec", 5}}};

void write_key(const settings::Key& key, ManualPage& page) {
  page.item(roff_bold(settings::name_of(key.path)), roff_text(key.meaning));
  std::string facts = roff_text("Takes " + settings::describe(key.type) + '.');
  if (const auto value = settings::default_of(key); !value.empty() && value != "\"\"") {
    facts += " Default: " + roff_bold(value) + '.';
  }
  page.new_line(facts + " Example: " + roff_bold(key.example));
}

void write_section(std::string_view path, ManualPage& page) {
  const auto& section = *settings::find_section(path);
  page.subsection(path.empty() ? "Top level" : path);
  if (!section.meaning.empty()) page.paragraph(roff_text(section.meaning));
  for (const auto child : settings::children_of(path)) {
    if (const auto* key = settings::find_key(child)) write_key(*key, page);
  }
  for (const auto child : settings::children_of(path)) {
    if (settings::find_section(child) != nullptr) write_section(child, page);
  }
}

void write_rows(std::span<const Row> rows, ManualPage& page) {
  for (const auto& [name, meaning] : rows) page.item(roff_bold(name), roff_text(meaning));
}

}  // namespace

std::string configuration_page(std::string_view version) {
  ManualPage page{"P1METER.YAML", 5, "p1meter " + std::string{version}, "File Formats"};
  page.section("NAME");
  page.line("p1meter.yaml \\- configuration of p1meter");
  page.section("SYNOPSIS");
  page.line(roff_bold("/etc/p1meter.yaml"));
  page.section("DESCRIPTION");
  page.line(roff_text(what_it_is));
  page.paragraph(roff_text(how_it_is_checked));
  page.section("HOW VALUES ARE WRITTEN");
  write_rows(spellings, page);
  page.section("KEYS");
  page.line(roff_text(
      "[] stands for each entry of a list, * for any name. Examples are written as YAML."));
  write_section("", page);
  page.section("EXAMPLE");
  page.example(example);
  page.section("FILES");
  write_rows(files, page);
  page.see_also(others);
  return page.text();
}

}  // namespace p1meter::cli::documents
