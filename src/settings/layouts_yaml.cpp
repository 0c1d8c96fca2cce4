// SPDX-License-Identifier: Apache-2.0
// Settings: layouts of DLMS lists in YAML, the shipped ones and the user's.
#include "settings/layouts_yaml.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "settings/apply.hpp"
#include "settings/layout_text.hpp"
#include "settings/layout_units.hpp"
#include "settings/loading.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t most_layouts = 1000;
constexpr std::size_t most_files = 200;
constexpr std::array<ListForm, 4> forms{ListForm::structures, ListForm::pairs, ListForm::described,
                                        ListForm::positional};

/// One layout of a file.
class LayoutReader {
 public:
  LayoutReader(const YamlNode& name, const YamlNode& map, FaultList& faults)
      : text_{name, map, faults} {}

  std::optional<ListLayout> read() {
    const std::size_t faults_before = text_.fault_count();
    const YamlNode& map = text_.map();
    layout_.name = text_.name().text;
    check_name();
    if (!text_.expect_map()) return std::nullopt;
    read_form();
    for (std::size_t i = 0; i < map.items.size(); ++i) read_key(map.keys[i], map.items[i]);
    if (form_known_) check_whole();
    if (text_.fault_count() != faults_before) return std::nullopt;
    return std::move(layout_);
  }

 private:
  void check_name() {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    const std::string& name = layout_.name;
    if (name.empty() || name.size() > longest_layout_word ||
        name.find_first_not_of(allowed) != std::string::npos) {
      text_.add_fault("expected a layout's name of a-z, 0-9, -, _ and ., at most 64 characters");
    }
  }

  void read_form() {
    const YamlNode* form = text_.map().find("form");
    std::vector<std::string_view> words;
    words.reserve(forms.size());
    for (const ListForm known : forms) {
      words.push_back(form_name(known));
      if (form == nullptr || form->kind != Kind::scalar || form->text != words.back()) continue;
      layout_.form = known;
      form_known_ = true;
    }
    if (form == nullptr) {
      text_.add_fault("'form' is missing: " + join_words(words));
    } else if (!form_known_) {
      text_.expected(*form, "form", join_words(words));
    }
  }

  void read_key(const YamlNode& key, const YamlNode& value) {
    struct KeyReader {
      std::string_view key{};
      void (*read)(const YamlNode&, ListLayout&, LayoutText&){};
    };
    static constexpr std::array<KeyReader, 9> readers{{
        {"form", nullptr},  // before all others
        {"profile", read_profile},
        {"list", read_list_name},
        {"meter_type", read_meter_type},
        {"elements", read_elements},
        {"types", read_types},
        {"contains", read_contains},
        {"positions", read_positions},
        {"scales", read_scales},
    }};
    const auto reader = std::ranges::find(readers, key.text, &KeyReader::key);
    if (reader != readers.end()) {
      if (reader->read != nullptr) reader->read(value, layout_, text_);
      return;
    }
    std::array<std::string_view, readers.size()> known{};
    std::ranges::transform(readers, known.begin(), &KeyReader::key);
    text_.add_fault(key.place, key.text, "unknown key" + suggest(key.text, known));
  }

  /// What needs more than one key.
  void check_whole() {
    if (layout_.form == ListForm::positional) {
      check_positional();
    } else {
      check_named();
    }
  }
  void check_positional() {
    constexpr std::string_view no_codes = "a positional list has no codes";
    forbid("scales", std::string{no_codes} + "; give scaler and unit under positions");
    forbid("contains", std::string{no_codes});
    if (text_.map().find("elements") == nullptr) text_.missing("elements");
    if (text_.map().find("positions") == nullptr) text_.missing("positions");
    if (has(ListPosition::Role::clock_time) != has(ListPosition::Role::clock_date)) {
      text_.add_fault(text_.map().find("positions")->place, "positions",
                      "clock_time and clock_date go together");
    }
  }
  void check_named() {
    const YamlNode* const positions = text_.map().find("positions");
    forbid("types", "only a positional list is known by its types");
    if (text_.map().find("scales") == nullptr && positions == nullptr) text_.missing("scales");
    const bool only_objects = std::ranges::all_of(layout_.positions, [](const auto& place) {
      return place.role == ListPosition::Role::object;
    });
    if (!only_objects) {
      text_.add_fault(positions->place, "positions",
                      "only a positional list has list_name, clock_time and clock_date");
    }
  }
  void forbid(std::string_view key, std::string why) {
    const YamlNode* const found = text_.map().find(key);
    if (found != nullptr) text_.add_fault(found->place, std::string{key}, std::move(why));
  }
  [[nodiscard]] bool has(ListPosition::Role role) const {
    return std::ranges::find(layout_.positions, role, &ListPosition::role) !=
           layout_.positions.end();
  }

  LayoutText text_;
  ListLayout layout_{};
  bool form_known_{};
};

LayoutsLoaded read_file_of_layouts(const std::string& path) {
  const auto file = read_file(path, yaml_size_limit, false);
  LayoutsLoaded loaded;
  if (file.error.empty()) {
    loaded = load_layouts_text(file.text, path);
    if (loaded.faults.empty()) loaded.warnings = doubtful_layout_units(file.text, path);
    return loaded;
  }
  loaded.faults.push_back({path, 0, 0, "", "cannot be read: " + file.error});
  return loaded;
}

/// The files of a directory that hold layouts, by name. Output    an error, if there is one
std::error_code list_files(const std::string& directory, std::vector<std::string>& files) {
  std::error_code error;
  for (std::filesystem::directory_iterator at{directory, error}, end; !error && at != end;
       at.increment(error)) {
    const auto extension = at->path().extension();
    if (extension == ".yaml" || extension == ".yml") files.push_back(at->path().string());
  }
  std::ranges::sort(files);
  return error;
}

}  // namespace

LayoutsLoaded load_layouts_text(std::string_view yaml, const std::string& file) {
  LayoutsLoaded loaded;
  FaultList faults{file};
  const YamlNode root = parse_yaml(yaml, faults);
  if (expect_kind(root, Kind::map, "", faults)) {
    if (root.items.size() > most_layouts) faults.add(root.place, "", "more than 1000 layouts");
    for (std::size_t i = 0; i < std::min(root.items.size(), most_layouts); ++i) {
      auto layout = LayoutReader{root.keys[i], root.items[i], faults}.read();
      if (layout) loaded.layouts.push_back(std::move(*layout));
    }
  }
  loaded.faults = faults.take_faults();
  return loaded;
}

LayoutsLoaded load_layouts(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return read_file_of_layouts(path);
  LayoutsLoaded all;
  std::vector<std::string> files;
  if (const auto cause = list_files(path, files)) {
    all.faults.push_back({path, 0, 0, "", "cannot be read: " + cause.message()});
  }
  if (files.size() > most_files) {
    all.faults.push_back({path, 0, 0, "", "holds more than 200 files of layouts"});
    return all;
  }
  for (const std::string& file : files) {
    LayoutsLoaded one = read_file_of_layouts(file);
    std::ranges::move(one.layouts, std::back_inserter(all.layouts));
    std::ranges::move(one.faults, std::back_inserter(all.faults));
    std::ranges::move(one.warnings, std::back_inserter(all.warnings));
  }
  return all;
}

LayoutsLoaded load_default_layouts() {
  const std::string directory{default_layouts_directory};
  std::error_code error;
  return std::filesystem::exists(directory, error) ? load_layouts(directory) : LayoutsLoaded{};
}

ListLayouts make_list_layouts(const std::vector<ListLayout>& user_layouts) {
  ListLayouts all;
  for (const ListLayout& layout : user_layouts) all.add(layout);
  for (const EmbeddedText& file : shipped_layouts()) {
    LayoutsLoaded shipped = load_layouts_text(file.text, std::string{file.name});
    assert(shipped.faults.empty());  // the text is built in, and a test reads it
    for (ListLayout& layout : shipped.layouts) all.add(std::move(layout));
  }
  return all;
}

}  // namespace p1meter::settings
