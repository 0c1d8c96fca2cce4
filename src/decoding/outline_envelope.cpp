// SPDX-License-Identifier: Apache-2.0
// Decoding: what each octet of an envelope is.
#include <algorithm>
#include <string>

#include "p1meter/decoding/outline.hpp"
#include "p1meter/values/apdu.hpp"
#include "p1meter/values/octets.hpp"

namespace p1meter {
namespace {

using glo::authenticated;
using glo::counter_size;
using glo::encrypted;
using glo::tag_size;

/// Source    Green Book: three letters of the maker's FLAG code, then its number
std::string title_text(std::string_view title) {
  constexpr std::size_t letters = 3;
  const auto maker = title.substr(0, letters);
  const bool named = maker.size() == letters &&
                     std::ranges::all_of(maker, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!named) return "system title " + outline_hex(title);
  return "system title: maker " + std::string{maker} + ", number " +
         outline_hex(title.substr(letters));
}

std::string security_text(unsigned security) {
  const bool tagged = (security & authenticated) != 0;
  const bool ciphered = (security & encrypted) != 0;
  std::string text = "security control: ";
  text += ciphered ? (tagged ? "authenticated and encrypted" : "encrypted")
                   : (tagged ? "authenticated" : "neither authenticated nor encrypted");
  text += ", suite " + std::to_string(security & glo::suite_bits);
  if ((security & glo::broadcast_key) != 0) text += ", broadcast key";
  if ((security & glo::compressed) != 0) text += ", compressed";
  return text;
}

std::string content_text(const Deciphered& opened, std::size_t size) {
  const bool ciphered = (opened.ciphering.security & encrypted) != 0;
  std::string text = (ciphered ? "ciphertext, " : "plain content, ") + counted(size, "octet");
  if (!opened.problem) return text;
  switch (*opened.problem) {
    case ProblemCode::key_missing:
      return text + ": the decryption key is missing";
    case ProblemCode::key_wrong:
      return text + ": the decryption key makes no telegram of it";
    case ProblemCode::security_unknown:
      return text + ": this security control is not known";
    default:
      return text;
  }
}

std::string_view tag_text(const Deciphered& opened) noexcept {
  switch (opened.tag) {
    case TagCheck::right:
      return "authentication tag: right";
    case TagCheck::wrong:
      return opened.problem == ProblemCode::tag_mismatch
                 ? "authentication tag: wrong, another authentication key or damaged"
                 : "authentication tag: wrong";
    case TagCheck::unchecked:
      return "authentication tag: does not fit, and is not to be checked";
    case TagCheck::absent:
      break;
  }
  return "authentication tag: not checked";
}

std::string length_text(std::string_view length) {
  const unsigned first = octet(length.front());
  if (first < 0x80) return "length " + std::to_string(first);
  return "length " + std::to_string(big_endian(length.substr(1))) + ", in the form " +
         outline_hex(length.substr(0, 1)) + " and " + counted(length.size() - 1, "octet");
}

}  // namespace

Outline outline_envelope(std::string_view apdu, const Deciphered& opened) {
  constexpr std::size_t longest_length = 3;  // 82 and two octets
  Outline outline;
  OutlineWriter writer{apdu, outline};
  const auto next = [&] { return writer.left().empty() ? 0U : octet(writer.left().front()); };
  if (next() != 0) writer.take(1, "tag: general-glo-ciphering");  // Stoen leaves it out
  const std::size_t title_size = next();
  writer.take(1, "length of the system title: " + std::to_string(title_size));
  if (title_size > 0) writer.take(title_size, title_text(writer.left().substr(0, title_size)));
  if (!writer.left().empty()) {
    const std::size_t more = next() < 0x80 ? 0 : next() - 0x80U;
    const std::size_t size = std::min(1 + more, longest_length);
    writer.take(size, length_text(writer.left().substr(0, size)));
  }
  const unsigned security = next();
  writer.take(1, security_text(security));
  if (writer.left().size() >= counter_size) {
    const std::uint32_t counter = big_endian(writer.left().substr(0, counter_size));
    writer.take(counter_size, "invocation counter " + std::to_string(counter));
  }
  const bool has_content = opened.content == writer.at() && opened.end > opened.content;
  if (has_content) {
    const std::size_t size = opened.end - opened.content;
    const bool tagged = (security & authenticated) != 0 && size > tag_size;
    const std::size_t content = tagged ? size - tag_size : size;
    writer.take(content, content_text(opened, content));
    if (tagged) writer.take(tag_size, std::string{tag_text(opened)});
    writer.take(writer.left().size(), "behind the envelope: not looked at");
  } else {
    writer.take(writer.left().size(), "cannot be read as an envelope");
  }
  return outline;
}

}  // namespace p1meter
