// SPDX-License-Identifier: Apache-2.0
// CLI documents: the language of manual pages.
#include "cli/documents/roff.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "settings/yaml_text.hpp"

namespace p1meter::cli::documents {
namespace {

/// The character that a sound sequence of UTF-8 stands for.
std::uint32_t code_point(std::string_view sequence) {
  constexpr std::array<std::uint32_t, 5> lead_masks{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t code = static_cast<unsigned char>(sequence[0]) & lead_masks.at(sequence.size());
  for (const char next : sequence.substr(1)) {
    code = (code << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
  }
  return code;
}

std::string named(std::string_view sequence) {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "\\[u%04X]", static_cast<unsigned>(code_point(sequence)));
  return name.data();
}

std::string escaped(char character) {
  switch (character) {
    case '\\':
      return "\\(rs";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '"':
      return "\\(dq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {character};
  }
}

/// A line that begins with a dot is a request to roff.
std::string guarded(std::string_view line) {
  return (line.starts_with('.') ? "\\&" : "") + std::string{line};
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string roff;
  while (!text.empty()) {
    const auto length = settings::utf8_length(text);
    roff += length > 1 ? named(text.substr(0, length)) : escaped(text.front());
    text.remove_prefix(length > 1 ? length : 1);
  }
  return roff;
}

std::string roff_bold(std::string_view text) { return "\\fB" + roff_text(text) + "\\fR"; }

ManualPage::ManualPage(std::string_view title, int section, std::string_view footer,
                       std::string_view manual) {
  const std::string name{title};
  write(R"(.\" Made from the program, not written by hand: docs/testing.md says how.)");
  write(".TH " + name + ' ' + std::to_string(section) + R"( "" ")" + std::string{footer} +
        R"(" ")" + std::string{manual} + '"');
  write(".nh\n.nr HY 0");  // no word is broken, for it may be one to be typed
  write(".ad l");          // and no gaps between words: keys have long names
}

void ManualPage::section(std::string_view title) { write(".SH " + roff_text(title)); }

void ManualPage::subsection(std::string_view title) { write(".SS " + roff_text(title)); }

void ManualPage::paragraph(std::string_view roff) {
  write(".PP");
  line(roff);
}

void ManualPage::item(std::string_view tag_roff, std::string_view roff) {
  write(".TP");
  line(tag_roff);
  line(roff);
}

void ManualPage::line(std::string_view roff) { write(guarded(roff)); }

void ManualPage::new_line(std::string_view roff) {
  write(".br");
  line(roff);
}

void ManualPage::example(std::string_view text) {
  write(".PP\n.RS 4\n.EX");
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    write(guarded(roff_text(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  write(".EE\n.RE");
}

void ManualPage::see_also(std::span<const PageName> pages) {
  section("SEE ALSO");
  std::string names;
  for (const auto& page : pages) {
    names += (names.empty() ? "" : ", ") + roff_bold(page.name) + '(' +
             std::to_string(page.section) + ')';
  }
  line(names);
}

void ManualPage::write(std::string_view roff) { text_.append(roff).append(1, '\n'); }

}  // namespace p1meter::cli::documents
