// SPDX-License-Identifier: Apache-2.0
// Settings: a whole configuration.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "settings/apply.hpp"
#include "settings/check_consumers.hpp"
#include "settings/check_readings.hpp"
#include "settings/check_topics.hpp"
#include "settings/file_version.hpp"
#include "settings/known_keys.hpp"
#include "settings/loading.hpp"
#include "settings/presets.hpp"
#include "settings/sample_topics.hpp"
#include "settings/topic_book.hpp"

namespace p1meter::settings {
namespace {

/// One section of a document that waits until the keys of the OBIS table are known.
struct PendingSection {
  std::string section{};
  const YamlNode* value{};
  std::string path{};
};

/// One file of a configuration: the user's, or a preset.
struct Document {
  std::string_view yaml{};
  const YamlNode* root{};
  FaultList* faults{};
  int preset{};
  bool shipped{};
  std::vector<PendingSection> sections{};
  std::vector<ReadingRule> rules{};
  std::vector<SharedTopic> shared_topics{};
};

/// Makes a document the one in hand while it lives.
class InHand {
 public:
  InHand(Document& document, Loading& loading) : document_{document}, loading_{loading} { swap(); }
  ~InHand() { swap(); }
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;
  InHand(InHand&&) = delete;
  InHand& operator=(InHand&&) = delete;

 private:
  void swap() {
    std::swap(loading_.faults, *document_.faults);
    std::swap(loading_.rules, document_.rules);
    std::swap(loading_.preset, document_.preset);
    std::swap(loading_.shared_topics, document_.shared_topics);
  }

  Document& document_;
  Loading& loading_;
};

/// What does not depend on the OBIS table, and the table's own entries.
void load_beginning(Document& document, Loading& loading) {
  const InHand in_hand{document, loading};
  // a preset names no file of entries, and the user's is read with the user's document
  const std::string users_file = std::exchange(loading.rest.obis, {});
  apply_section(*document.root, "", "", loading.cursor(), loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& path) {
                  document.sections.push_back({std::string{section}, &value, path});
                });
  load_obis(document.yaml, *document.root, loading);
  if (loading.preset != 0) loading.rest.obis = users_file;
}

void load_sections(Document& document, Loading& loading) {
  const InHand in_hand{document, loading};
  for (const auto& [section, value, path] : document.sections) {
    if (section == "meters[]") load_meters(*value, loading);
    if (section == "mqtt") load_mqtt(*value, loading);
    if (section == "readings.*") load_readings(*value, loading);
    if (section == "home_assistant" || section == "homie" || section == "log")
      apply_section(*value, section, path, loading.cursor(), loading.faults);
  }
}

/// The names under `fields`, which are placeholders wherever they were written.
void note_fields(const YamlNode& root, TemplateNames& names) {
  const YamlNode* const readings = root.find("readings");
  if (readings == nullptr) return;
  for (const auto& entry : readings->items) {
    const YamlNode* const fields = entry.find("fields");
    if (fields == nullptr) continue;
    for (const auto& name : fields->keys) {
      if (std::find(names.fields.begin(), names.fields.end(), name.text) == names.fields.end())
        names.fields.push_back(name.text);
    }
  }
}

/// The nearest to the user first, without those whose name was refused.
std::vector<ReadingRule> join_rules(const std::vector<Document>& documents) {
  std::vector<ReadingRule> rules;
  for (const auto& document : documents) {
    std::copy_if(document.rules.begin(), document.rules.end(), std::back_inserter(rules),
                 [](const ReadingRule& rule) { return !rule.pattern.empty(); });
  }
  return rules;
}

/// Checks that need the OBIS table with the user's entries in it.
void check_against_table(std::vector<Document>& documents, const KnownKeys& known,
                         TopicBook& topics, Loading& loading) {
  free_topics(join_rules(documents), known, topics);
  for (auto& document : documents) {
    const YamlNode* const readings = document.root->find("readings");
    const InHand in_hand{document, loading};
    if (readings != nullptr) check_readings(*readings, known, topics, loading);
  }
}

/// "'a', 'b', 'c' and 4 more topics"
std::string list_some(const std::vector<std::string>& topics) {
  constexpr std::size_t most = 3;
  const std::size_t named = std::min(topics.size(), most);
  const std::size_t others = topics.size() - named;
  std::string list;
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) list += i + 1 == topics.size() ? " and " : ", ";
    list += "'" + topics[i] + "'";
  }
  if (others > 0) list += " and " + std::to_string(others) + " more topics";
  return list;
}

/// Topics that all meters would share: of a shipped preset, in which the user can change nothing,
/// one fault where he names it.
void tell_of_shared_topics(std::vector<Document>& documents, const Settings& settings) {
  for (std::size_t i = 0; i < documents.size(); ++i) {
    Document& user = documents[i];
    for (auto& shared : user.shared_topics) user.faults->add(std::move(shared.fault));
    std::vector<std::string> topics;
    for (; i + 1 < documents.size() && documents[i + 1].shipped; ++i) {
      for (const auto& shared : documents[i + 1].shared_topics) topics.push_back(shared.topic);
    }
    if (topics.empty()) continue;
    const YamlNode& named = *user.root->find("preset");
    user.faults->add(named.place, "preset",
                     "found " + show_found(named) + ", which is made for one meter: " +
                         all_meters(settings) + " would share " + list_some(topics) +
                         "; expected a copy of it in a file of your own with {meter} in " +
                         (topics.size() == 1 ? "this topic" : "these topics") +
                         " (preset: ./mine.yaml), or for each meter a configuration, a base_topic "
                         "and a state directory (STATE_DIRECTORY) of its own");
  }
}

/// `documents`: the nearest to the user first; their settings hold the other way round.
void load_documents(std::vector<Document>& documents, Loading& loading) {
  for (auto& document : documents) {
    note_fields(*document.root, loading.names);
    load_beginning(document, loading);
  }
  std::optional<KnownKeys> known;
  const auto known_keys = [&]() -> const KnownKeys& {
    if (!known) known.emplace(make_obis_table(loading.settings.obis));
    return *known;
  };
  loading.names.keys_known = [&] { return known_keys().names(); };
  std::for_each(documents.rbegin(), documents.rend(),
                [&](Document& document) { load_sections(document, loading); });
  for (auto& document : documents) {
    const YamlNode* const mqtt = document.root->find("mqtt");
    const InHand in_hand{document, loading};
    if (mqtt != nullptr) check_class_topics(*mqtt, loading);
  }
  const bool any_rules = std::any_of(documents.begin(), documents.end(),
                                     [](const Document& one) { return !one.rules.empty(); });
  std::vector<TopicDocument> written;
  written.reserve(documents.size());
  for (auto& document : documents) written.push_back({document.root, document.faults});
  std::optional<TopicBook> topics;
  if (any_rules || std::any_of(written.begin(), written.end(), names_topics))
    topics.emplace(loading.settings, known_keys());
  if (any_rules) check_against_table(documents, known_keys(), *topics, loading);
  check_topics(written, loading.settings, topics ? &*topics : nullptr);
  tell_of_shared_topics(documents, loading.settings);
  loading.names.keys_known = {};
}

/// The user's faults and warnings first.
Loaded collect(Settings settings, FaultList& users, std::vector<PresetDocument>& presets) {
  Loaded loaded{std::move(settings), users.take_faults(), users.take_warnings()};
  for (auto& preset : presets) {
    for (auto& fault : preset.faults.take_faults()) loaded.faults.push_back(std::move(fault));
    for (auto& warning : preset.faults.take_warnings()) {
      loaded.warnings.push_back(std::move(warning));
    }
  }
  return loaded;
}

/// Whether all files are of a form that this program knows.
bool is_of_known_form(const YamlNode& root, FaultList& users,
                      std::vector<PresetDocument>& presets) {
  bool newer = is_newer_than_program(root, users);
  for (auto& preset : presets) newer |= is_newer_than_program(preset.root, preset.faults);
  return !newer;
}

Loaded load(std::string_view yaml, const std::string& file, bool readable_by_all,
            Credentials credentials) {
  Loading loading{.directory = std::filesystem::path{file}.parent_path().string(),
                  .readable_by_all = readable_by_all,
                  .credentials = credentials,
                  .faults = FaultList{file}};
  FaultList users{file};
  const YamlNode root = parse_yaml(yaml, users);
  auto presets = load_presets(root, loading.directory, users, loading.settings.preset);
  if (!is_of_known_form(root, users, presets)) return collect({}, users, presets);
  std::vector<Document> documents{{.yaml = yaml, .root = &root, .faults = &users}};
  for (auto& preset : presets) {
    const int distance = static_cast<int>(documents.size());
    documents.push_back({.yaml = preset.yaml,
                         .root = &preset.root,
                         .faults = &preset.faults,
                         .preset = distance,
                         .shipped = preset.shipped});
  }
  load_documents(documents, loading);
  {
    const InHand in_hand{documents.front(), loading};
    load_user_layouts(root, loading);
  }
  warn_of_consumers(root, loading.settings, users);
  loading.settings.readings = ReadingRules{join_rules(documents)};
  return collect(std::move(loading.settings), users, presets);
}

}  // namespace

Loaded load_text(std::string_view yaml, const std::string& file) {
  return load(yaml, file, false, Credentials::optional);
}

Loaded load_file(const std::filesystem::path& path, Credentials credentials) {
  auto file = read_file(path.string(), yaml_size_limit, true);
  if (!file.error.empty()) {
    Loaded loaded;
    std::string message = "cannot be read: " + file.error;
    // The package makes it readable for its group only; an editor that writes files anew forgets
    // that.
    if (file.forbidden) {
      message += advice_on_forbidden(path.string()) + "; by hand: sudo -u p1meter p1meter ...";
    }
    loaded.faults.push_back({path.string(), 0, 0, "", std::move(message)});
    loaded.forbidden = file.forbidden;
    return loaded;
  }
  return load(file.text, path.string(), file.readable_by_all, credentials);
}

}  // namespace p1meter::settings
