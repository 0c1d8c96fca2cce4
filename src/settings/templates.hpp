// SPDX-License-Identifier: Apache-2.0
// Settings: templates of topics and payloads, parsed. Plain data; adapters/mqtt renders it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::settings {

/// What a placeholder stands for.
enum class Word : std::uint8_t {
  base,
  meter,
  equipment_id,
  // of one reading
  key,
  topic,
  device,
  obis,
  value,
  raw,
  unit,
  name,
  tail,
  time,
  field,  // one of the names under `fields`
  // of one message
  received,
  timestamp,
  reading,  // in a state: the last output of the key that the placeholder names
  figure,   // in statistics
};

/// What of it is meant: `{time:unix}`, `{power_import:raw}`.
enum class WordForm : std::uint8_t { plain, raw, unit, raw_unit, time, unix_time, dsmr, ascii };

/// A placeholder, or the text between two.
struct TemplatePiece {
  std::optional<Word> word{};  // none: text stands for itself
  WordForm form{};
  std::string text{};  // of a placeholder: its name as written

  friend bool operator==(const TemplatePiece&, const TemplatePiece&) = default;
};

/// A text with placeholders. `{{` and `}}` are braces already.
struct TextTemplate {
  std::vector<TemplatePiece> pieces{};
  std::string written{};  // as the user wrote it, for showing it

  [[nodiscard]] bool uses(Word word) const noexcept {
    for (const auto& piece : pieces) {
      if (piece.word == word) return true;
    }
    return false;
  }
  [[nodiscard]] bool begins_with(Word word) const noexcept {
    return !pieces.empty() && pieces.front().word == word;
  }
  /// It is one placeholder and nothing else: in JSON it keeps the type of what it stands for.
  [[nodiscard]] bool is_one_word() const noexcept {
    return pieces.size() == 1 && pieces.front().word.has_value();
  }

  /// It asks for the meter's own digits: {raw}, {value:raw}.
  [[nodiscard]] bool asks_for_digits() const noexcept {
    for (const auto& piece : pieces) {
      if (piece.word == Word::raw && piece.form == WordForm::plain) return true;
      if (piece.word == Word::value && piece.form == WordForm::raw) return true;
    }
    return false;
  }

  friend bool operator==(const TextTemplate&, const TextTemplate&) = default;
};

/// JSON whose texts are templates.
struct JsonTemplate {
  enum class Kind : std::uint8_t { leaf, literal, list, object };
  Kind kind{};
  TextTemplate leaf{};               // of a literal only what was written: 5, true, null
  std::vector<std::string> names{};  // of an object: names[i] belongs to items[i]
  std::vector<JsonTemplate> items{};

  /// Every text in it.
  template <class Function>
  void for_each_leaf(const Function& function) const {
    if (kind == Kind::leaf) function(leaf);
    for (const auto& item : items) item.for_each_leaf(function);
  }

  friend bool operator==(const JsonTemplate&, const JsonTemplate&) = default;
};

/// What a message says.
struct Payload {
  enum class Form : std::uint8_t {
    plain,   // the value and nothing else
    raw,     // the meter's own digits
    json,    // keys: {"value","unit","time"}; state and statistics: the whole object
    influx,  // line protocol
    text,
    tree,  // JSON from a YAML mapping or list
  };
  Form form{Form::plain};
  TextTemplate text{};
  JsonTemplate tree{};

  /// A list in a message about the state: its one element is repeated for each reading that is due.
  [[nodiscard]] bool lists_readings() const noexcept {
    return form == Form::tree && tree.kind == JsonTemplate::Kind::list;
  }

  friend bool operator==(const Payload&, const Payload&) = default;
};

}  // namespace p1meter::settings
