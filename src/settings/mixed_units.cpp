// SPDX-License-Identifier: Apache-2.0
// Settings: payloads that show the meter's digits beside another unit than the meter's.
#include "settings/mixed_units.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace p1meter::settings {
namespace {

/// What a payload asks for of one reading.
struct DigitsAndUnit {
  bool digits{};
  bool unit{};
  bool own_unit{};
  bool value{};
};

void note(const TemplatePiece& piece, std::map<std::string_view, DigitsAndUnit>& asked) {
  if (piece.word == Word::reading) {
    DigitsAndUnit& found = asked[piece.text];
    found.digits |= piece.form == WordForm::raw;
    found.unit |= piece.form == WordForm::unit;
    found.own_unit |= piece.form == WordForm::raw_unit;
    found.value |= piece.form == WordForm::plain;
  } else if (piece.word == Word::raw) {
    DigitsAndUnit& found = asked[{}];
    (piece.form == WordForm::raw_unit ? found.own_unit : found.digits) = true;
  } else if (piece.word == Word::unit) {
    asked[{}].unit = true;
  } else if (piece.word == Word::value) {
    asked[{}].value = true;
  }
}

}  // namespace

std::vector<std::string> mixed_units(const Payload& payload) {
  std::map<std::string_view, DigitsAndUnit> asked;  // by key; of one reading by ""
  const auto look = [&asked](const TextTemplate& text) {
    for (const auto& piece : text.pieces) note(piece, asked);
  };
  look(payload.text);
  payload.tree.for_each_leaf(look);
  std::vector<std::string> doubts;
  for (const auto& [key, found] : asked) {
    if (!found.digits || !found.unit || found.value || found.own_unit) continue;
    std::string doubt = key.empty() ? "{raw}" : '{' + std::string{key} + ":raw}";
    doubt.append(" is in the meter's own unit, which may be another than the one beside it; ")
        .append(key.empty() ? "{raw:unit}" : '{' + std::string{key} + ":raw_unit}")
        .append(" is that one");
    doubts.push_back(std::move(doubt));
  }
  return doubts;
}

}  // namespace p1meter::settings
