// SPDX-License-Identifier: Apache-2.0
// Settings: texts with placeholders.
#include "settings/template_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "settings/nearest.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

struct NamedWord {
  std::string_view name{};
  Word word{};
};

constexpr std::array topic_words{NamedWord{"base", Word::base},
                                 NamedWord{"meter", Word::meter},
                                 NamedWord{"equipment_id", Word::equipment_id},
                                 NamedWord{"key", Word::key},
                                 NamedWord{"device", Word::device},
                                 NamedWord{"obis", Word::obis},
                                 NamedWord{"topic", Word::topic}};
constexpr std::array reading_words{
    NamedWord{"value", Word::value},      NamedWord{"raw", Word::raw},
    NamedWord{"unit", Word::unit},        NamedWord{"name", Word::name},
    NamedWord{"tail", Word::tail},        NamedWord{"time", Word::time},
    NamedWord{"received", Word::received}};
constexpr std::array state_words{NamedWord{"base", Word::base}, NamedWord{"meter", Word::meter},
                                 NamedWord{"equipment_id", Word::equipment_id},
                                 NamedWord{"timestamp", Word::timestamp},
                                 NamedWord{"received", Word::received}};
constexpr std::array<std::string_view, 19> figures{
    "version",    "client_id", "started",         "uptime",        "rss",          "memory_free",
    "hostname",   "address",   "cpu_temperature", "telegrams",     "crc_errors",   "published",
    "reconnects", "dropped",   "identification",  "meter_version", "equipment_id", "period",
    "now"};

/// The placeholders of one scope by name.
using Words = std::vector<NamedWord>;

template <class Some>
void append(Words& words, const Some& more) {
  words.insert(words.end(), more.begin(), more.end());
}

void append_figures(Words& words) {
  words.insert(words.end(), {{"base", Word::base}, {"meter", Word::meter}});
  for (const auto name : figures) words.push_back({name, Word::figure});
}

/// Without the names that the configuration adds.
Words fixed_words(TemplateScope scope) {
  Words words;
  switch (scope) {
    case TemplateScope::daemon_topic:
      words.assign(topic_words.begin(), topic_words.begin() + 1);
      break;
    case TemplateScope::meter_topic:
      words.assign(topic_words.begin(), topic_words.begin() + 3);
      break;
    case TemplateScope::own_topic:
      words.assign(topic_words.begin(), topic_words.end() - 1);
      break;
    case TemplateScope::key_topic:
      append(words, topic_words);
      break;
    case TemplateScope::statistics_topic:
      words = {{"base", Word::base},
               {"meter", Word::meter},
               {"hostname", Word::figure},
               {"client_id", Word::figure}};
      break;
    case TemplateScope::reading:
      append(words, topic_words);
      append(words, reading_words);
      break;
    case TemplateScope::state:
      append(words, state_words);
      break;
    case TemplateScope::statistics:
      append_figures(words);
      break;
  }
  return words;
}

/// With the names that the configuration adds: fields, or keys.
Words all_words(TemplateScope scope, const TemplateNames& names) {
  Words words = fixed_words(scope);
  if (scope == TemplateScope::reading) {
    for (const auto& field : names.fields) words.push_back({field, Word::field});
  }
  if (scope == TemplateScope::state) {
    for (const auto key : names.keys()) words.push_back({key, Word::reading});
  }
  return words;
}

std::optional<Word> find_word(std::string_view name, const Words& words) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const NamedWord& word) { return word.name == name; });
  return found == words.end() ? std::nullopt : std::optional{found->word};
}

struct NamedForm {
  std::string_view name{};
  WordForm form{};
};

std::vector<NamedForm> forms_of(Word word, std::string_view name) {
  switch (word) {
    case Word::time:
    case Word::timestamp:
      return {{"unix", WordForm::unix_time}, {"dsmr", WordForm::dsmr}};
    case Word::received:
      return {{"unix", WordForm::unix_time}};
    case Word::unit:
      return {{"ascii", WordForm::ascii}};
    case Word::value:
      return {{"raw", WordForm::raw}};
    case Word::raw:
      return {{"unit", WordForm::raw_unit}};
    case Word::reading:
      return {{"raw", WordForm::raw},
              {"unit", WordForm::unit},
              {"raw_unit", WordForm::raw_unit},
              {"time", WordForm::time},
              {"unix", WordForm::unix_time}};
    case Word::figure:
      if (name == "started" || name == "now") return {{"unix", WordForm::unix_time}};
      return {};
    default:
      return {};
  }
}

/// Splits one text into pieces.
class TemplateParser {
 public:
  TemplateParser(std::string_view text, TemplateScope scope, const TemplateNames& names)
      : text_{text}, scope_{scope}, names_{names}, fixed_{fixed_words(scope)} {}

  Result<TextTemplate, TemplateFault> parse() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("{{") || rest.starts_with("}}")) {
        literal(rest.substr(0, 1), 2);
      } else if (rest.front() == '{') {
        if (auto fault = placeholder(rest)) return tl::unexpected{std::move(*fault)};
      } else if (rest.front() == '}') {
        return tl::unexpected{
            TemplateFault{at_, "found '}' without '{' before it; a brace itself is written }}"}};
      } else {
        const auto length = std::min(rest.find_first_of("{}"), rest.size());
        literal(rest.substr(0, length), length);
      }
    }
    result_.written = text_;
    return std::move(result_);
  }

 private:
  void literal(std::string_view text, std::size_t length) {
    if (result_.pieces.empty() || result_.pieces.back().word) result_.pieces.emplace_back();
    result_.pieces.back().text += text;
    at_ += length;
  }

  std::optional<TemplateFault> placeholder(std::string_view rest) {
    constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";
    const auto end = std::min(rest.find_first_not_of(letters, 1), rest.size());
    if (end == rest.size() || rest[end] != '}' || end == 1) {
      return TemplateFault{at_,
                           "found '{' without a placeholder like {base}; a brace itself is "
                           "written {{"};
    }
    const std::string_view inside = rest.substr(1, end - 1);
    const std::string_view name = inside.substr(0, inside.find(':'));
    const auto word = find(name);
    if (!word) return unknown(name);
    TemplatePiece piece{.word = word, .text = std::string{name}};
    if (name.size() < inside.size()) {
      const std::string_view form = inside.substr(name.size() + 1);
      const auto forms = forms_of(*word, name);
      const auto found = std::find_if(forms.begin(), forms.end(),
                                      [&](const NamedForm& known) { return known.name == form; });
      if (found == forms.end()) return unknown_form(name, form, forms);
      piece.form = found->form;
    }
    result_.pieces.push_back(std::move(piece));
    at_ += end + 1;
    return std::nullopt;
  }

  /// Most placeholders are fixed ones: the keys that there are, are made only when they are needed.
  [[nodiscard]] std::optional<Word> find(std::string_view name) const {
    if (const auto word = find_word(name, fixed_)) return word;
    return find_word(name, all_words(scope_, names_));
  }

  [[nodiscard]] std::optional<TemplateFault> unknown(std::string_view name) const {
    std::vector<std::string_view> all;
    for (const auto& word : all_words(scope_, names_)) all.push_back(word.name);
    return TemplateFault{at_,
                         "unknown placeholder {" + std::string{name} + "}" + suggest(name, all)};
  }

  [[nodiscard]] std::optional<TemplateFault> unknown_form(
      std::string_view name, std::string_view form, const std::vector<NamedForm>& forms) const {
    std::string message = "{" + std::string{name} + "} has no form '" + std::string{form} + "'";
    std::vector<std::string_view> all;
    all.reserve(forms.size());
    for (const auto& known : forms) all.push_back(known.name);
    return TemplateFault{at_, message + suggest(form, all)};
  }

  std::string_view text_;
  TemplateScope scope_;
  const TemplateNames& names_;
  Words fixed_;
  std::size_t at_{};
  TextTemplate result_{};
};

}  // namespace

Result<TextTemplate, TemplateFault> parse_template(std::string_view text, TemplateScope scope,
                                                   const TemplateNames& names) {
  return TemplateParser{text, scope, names}.parse();
}

TextTemplate own_topic_template(std::string_view option) {
  if (auto parsed = parse_template(option, TemplateScope::own_topic)) return *std::move(parsed);
  TextTemplate literal;
  literal.pieces.push_back({.text = std::string{option}});
  return literal;
}

bool is_placeholder_of_readings(std::string_view name) {
  return find_word(name, fixed_words(TemplateScope::reading)).has_value();
}

std::string check_topic_template(const TextTemplate& topic) {
  std::string sample;
  for (const auto& piece : topic.pieces) sample += piece.word ? "x" : piece.text;
  return check_topic(sample);
}

}  // namespace p1meter::settings
