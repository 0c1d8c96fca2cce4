// SPDX-License-Identifier: Apache-2.0
// Log adapter: a log line with its fields as one string, and the forms it is shown in.
#include "adapters/log/line.hpp"

#include <algorithm>
#include <cstddef>

#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::log {
namespace {

constexpr char separator = '\x1F';

std::string_view cut(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

void append_quoted_if_needed(std::string& out, std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"=") == std::string_view::npos) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// Field names of the journal are upper case letters, digits and underscores.
std::string journal_name(std::string_view name) {
  std::string out{"P1METER_"};
  for (const char c : name) {
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
    } else {
      out += (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? c : '_';
    }
  }
  return out;
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return {};
}

}  // namespace

std::string encode_line(std::string_view sentence, const std::vector<Field>& fields) {
  std::string out;
  json::append_harmless(out, sentence);
  for (const Field& field : fields) {
    if (field.value.empty()) continue;  // nothing is known: not worth a word
    out += separator;
    json::append_harmless(out, field.name);
    out += separator;
    json::append_harmless(out, field.value);
  }
  return out;
}

Line decode_line(std::string_view encoded) {
  Line line;
  line.sentence = cut(encoded);
  while (!encoded.empty()) {
    const std::string_view name = cut(encoded);
    line.fields.push_back({name, cut(encoded)});
  }
  return line;
}

std::string line_text(const Line& line) {
  std::string out{line.sentence};
  for (const Line::Part& field : line.fields) {
    out += ' ';
    out += field.name;
    out += '=';
    append_quoted_if_needed(out, field.value);
  }
  return out;
}

std::string line_json(const Line& line, Level level, Instant time) {
  std::string out{R"({"time":)"};
  json::append_time(out, time);
  out += R"(,"level":)";
  json::append_string(out, level_name(level));
  out += R"(,"text":)";
  json::append_string(out, line.sentence);
  for (const Line::Part& field : line.fields) {
    const bool taken = field.name == "time" || field.name == "level" || field.name == "text";
    out += ',';
    json::append_name(out, std::string{field.name} + (taken ? "_" : ""));
    json::append_string(out, field.value);
  }
  return out + '}';
}

std::string line_datagram(const Line& line, Level level, Instant time) {
  TimeBuffer buffer;
  std::string out{write_time(time, buffer)};
  out.append(" ").append(level_name(level)).append(": ").append(line_text(line));
  return out + '\n';
}

std::vector<std::string> journal_fields(const Line& line, int priority) {
  std::vector<std::string> out;
  out.push_back("MESSAGE=" + line_text(line));
  out.push_back("PRIORITY=" + std::to_string(priority));
  out.emplace_back("SYSLOG_IDENTIFIER=p1meter");
  out.push_back("P1METER_EVENT=" + std::string{line.sentence});
  for (const Line::Part& field : line.fields) {
    out.push_back(journal_name(field.name) + "=" + std::string{field.value});
  }
  return out;
}

}  // namespace p1meter::log
