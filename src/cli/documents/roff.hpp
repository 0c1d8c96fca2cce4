// SPDX-License-Identifier: Apache-2.0
// CLI documents: the language of manual pages (man(7)).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace p1meter::cli::documents {

/// Text as roff shows it: every character that means something to roff is written as what it looks
/// like, minus signs stay minus signs, and what is not ASCII is named.
[[nodiscard]] std::string roff_text(std::string_view text);
/// The same in bold.
[[nodiscard]] std::string roff_bold(std::string_view text);

/// Another page: "p1meter.yaml(5)".
struct PageName {
  std::string_view name{};
  int section{};
};

/// A page while it is written. What is given as text is plain; what is given as roff has been
/// through the functions above.
class ManualPage {
 public:
  /// `footer`: the program and its version. The page has no date: it is the same on every day.
  ManualPage(std::string_view title, int section, std::string_view footer, std::string_view manual);

  void section(std::string_view title);
  void subsection(std::string_view title);
  void paragraph(std::string_view roff);
  /// A tag with its explanation.
  void item(std::string_view tag_roff, std::string_view roff);
  /// More of what was begun last.
  void line(std::string_view roff);
  /// The same, on a new line.
  void new_line(std::string_view roff);
  /// Lines that stay as they are.
  void example(std::string_view text);
  /// The last section.
  void see_also(std::span<const PageName> pages);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void write(std::string_view roff);

  std::string text_{};
};

}  // namespace p1meter::cli::documents
