// SPDX-License-Identifier: Apache-2.0
// Settings: JSON text, indented.
#include "settings/json_writer.hpp"

namespace p1meter::settings {

void JsonWriter::begin_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) json_ += ',';
  if (depth_ > 0) json_.append(1, '\n').append(depth_ * 2, ' ');
  first_ = false;
}

void JsonWriter::open(char bracket) {
  begin_value();
  json_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!first_) json_.append(1, '\n').append(depth_ * 2, ' ');
  json_ += bracket;
  first_ = false;
  if (depth_ == 0) json_ += '\n';
}

void JsonWriter::key(std::string_view name) {
  begin_value();
  json_ += json_text(name) + ": ";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) { raw(json_text(value)); }

void JsonWriter::raw(std::string_view json) {
  begin_value();
  json_ += json;
}

std::string json_text(std::string_view text) {
  std::string quoted{'"'};
  for (const char character : text) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + '"';
}

}  // namespace p1meter::settings
