// SPDX-License-Identifier: Apache-2.0
// Decoding: what each line of a text telegram is.
#include <algorithm>
#include <string>

#include "p1meter/decoding/decode.hpp"
#include "p1meter/decoding/outline.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter {
namespace {

/// Goes through a text line by line, with what the decoder made of it at hand.
class TextLines {
 public:
  TextLines(std::string_view text, bool ended) : body_{text} {
    decode_text(text, telegram_);
    if (ended) body_.remove_suffix(1);
  }

  Outline describe() {
    const std::size_t header = body_.starts_with('/') ? line_size(body_) : 0;
    Outline outline;
    OutlineWriter writer{body_, outline};
    writer.pass(header);
    while (!writer.left().empty()) {
      const std::size_t at = writer.at();
      const std::size_t size = size_at(at);
      writer.take(size, text_of(body_.substr(at, size), at));
    }
    return outline;
  }

 private:
  [[nodiscard]] const CosemObject* object_at(std::size_t at) const {
    const auto found = std::ranges::find(telegram_.objects, at, &CosemObject::offset);
    return found == telegram_.objects.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool has_problem_at(std::size_t at) const {
    return std::ranges::find(telegram_.problems, at, &Problem::offset) != telegram_.problems.end();
  }

  /// Of what begins at a line's beginning, with the last line end.
  [[nodiscard]] std::size_t size_at(std::size_t at) const {
    std::size_t end = at;
    if (const CosemObject* const object = object_at(at)) {
      end = std::min(body_.find('(', at), body_.size()) + object->raw.size();
      end = std::min(end, body_.size());
    }
    end += line_size(body_.substr(end));
    // What begins with '(' belongs to the line before.
    while (end < body_.size() && body_[end] == '(') end += line_size(body_.substr(end));
    return end - at;
  }

  [[nodiscard]] std::string text_of(std::string_view line, std::size_t at) const {
    const std::size_t last = line.find_last_not_of("\r\n");
    if (last == std::string_view::npos) return "empty line";
    const auto seen = line.substr(0, last + 1);
    std::string text = outline_text(seen);
    if (object_at(at) != nullptr || has_problem_at(at)) return text;
    const bool has_code = scan::take_obis(seen.data(), seen.data() + seen.size()).behind != nullptr;
    return text + (has_code ? "  (this code stands more than once: one of them counts)"
                            : "  (belongs to what stands before it)");
  }

  std::string_view body_;
  Telegram telegram_{};
};

}  // namespace

Outline outline_text_lines(std::string_view text, bool ended) {
  return TextLines{text, ended}.describe();
}

}  // namespace p1meter
