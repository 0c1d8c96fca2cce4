// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: templates become texts.
#pragma once

#include <functional>
#include <string>

#include "settings/templates.hpp"

namespace p1meter::mqtt {

/// What a placeholder stands for at this moment.
struct Answer {
  enum class Kind : std::uint8_t {
    absent,  // there is no such thing here: a member of JSON is left out
    null,    // there is one, without a value
    number,
    text,
    json,  // a list
  };
  Kind kind{};
  std::string text{};  // digits, characters, or JSON

  [[nodiscard]] static Answer of_text(std::string text) { return {Kind::text, std::move(text)}; }
  [[nodiscard]] static Answer of_number(std::string digits) {
    return {Kind::number, std::move(digits)};
  }
};

using Lookup = std::function<Answer(const settings::TemplatePiece&)>;

/// Both append. False when there are placeholders and none of them has a value: then there is
/// nothing to say.
[[nodiscard]] bool render_text(const settings::TextTemplate& text, const Lookup& lookup,
                               std::string& out);
[[nodiscard]] bool render_json(const settings::JsonTemplate& json, const Lookup& lookup,
                               std::string& out);

/// A text or a tree; false for the other forms too.
[[nodiscard]] bool render(const settings::Payload& payload, const Lookup& lookup, std::string& out);

}  // namespace p1meter::mqtt
