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

#include "p1meter/mapping/meter_profile.hpp"
#include "settings/apply.hpp"
#include "settings/loading.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t longest_name = 64;
constexpr std::size_t most_layouts = 1000;
constexpr std::int64_t most_elements = 65535;
constexpr std::size_t most_files = 200;
constexpr std::array<ListForm, 4> forms{ListForm::structures, ListForm::pairs, ListForm::described,
                                        ListForm::positional};

std::string quoted(std::string_view text) { return '\'' + std::string{text} + '\''; }

/// "1-0:32/52/72.7.0" stands for three patterns; one group may have alternatives.
std::vector<CodePattern> read_codes(std::string_view text) {
  constexpr std::string_view group_ends = "-:.*";
  constexpr std::size_t longest = 128;
  if (text.size() > longest) return {};
  const auto slash = std::min(text.find('/'), text.size());
  const auto before = text.find_last_of(group_ends, slash);
  const auto begin = before == std::string_view::npos || slash == text.size() ? 0 : before + 1;
  const auto end = slash == text.size()
                       ? text.size()
                       : std::min(text.find_first_of(group_ends, slash), text.size());
  std::vector<CodePattern> patterns;
  for (std::string_view words = text.substr(begin, end - begin);;) {
    const auto next = words.find('/');
    const std::string one = std::string{text.substr(0, begin)} +
                            std::string{words.substr(0, next)} + std::string{text.substr(end)};
    const auto pattern = parse_code_pattern(one);
    if (!pattern) return {};
    patterns.push_back(*pattern);
    if (next == std::string_view::npos) return patterns;
    words.remove_prefix(next + 1);
  }
}

/// Whether every code of the second pattern fits the first.
bool covers(const CodePattern& wide, const CodePattern& narrow) noexcept {
  return (wide.mask & narrow.mask) == wide.mask && (narrow.bits & wide.mask) == wide.bits;
}

/// One layout of a file.
class LayoutReader {
 public:
  LayoutReader(const YamlNode& name, const YamlNode& map, FaultList& faults)
      : name_{name}, map_{map}, faults_{faults} {}

  std::optional<ListLayout> read() {
    const std::size_t faults_before = faults_.count();
    layout_.name = name_.text;
    check_name();
    if (!expect_kind(map_, Kind::map, name_.text, faults_)) return std::nullopt;
    read_form();
    for (std::size_t i = 0; i < map_.items.size(); ++i) read_key(map_.keys[i], map_.items[i]);
    if (form_known_) check_whole();
    if (faults_.count() != faults_before) return std::nullopt;
    return std::move(layout_);
  }

 private:
  void check_name() {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    const std::string& name = name_.text;
    if (name.empty() || name.size() > longest_name ||
        name.find_first_not_of(allowed) != std::string::npos) {
      faults_.add(name_.place, name,
                  "expected a layout's name of a-z, 0-9, -, _ and ., at most 64 characters");
    }
  }

  void read_form() {
    const YamlNode* form = map_.find("form");
    std::vector<std::string_view> words;
    for (const ListForm known : forms) {
      words.push_back(form_name(known));
      if (form == nullptr || form->kind != Kind::scalar || form->text != words.back()) continue;
      layout_.form = known;
      form_known_ = true;
    }
    if (form == nullptr) {
      faults_.add(name_.place, name_.text, "'form' is missing: " + join_words(words));
    } else if (!form_known_) {
      expected(*form, "form", join_words(words));
    }
  }

  void read_key(const YamlNode& key, const YamlNode& value) {
    struct KeyReader {
      std::string_view key{};
      void (LayoutReader::*read)(const YamlNode&){};
    };
    static constexpr std::array<KeyReader, 9> readers{{
        {"form", nullptr},  // before all others
        {"profile", &LayoutReader::read_profile},
        {"list", &LayoutReader::read_list},
        {"meter_type", &LayoutReader::read_meter_type},
        {"elements", &LayoutReader::read_elements},
        {"types", &LayoutReader::read_types},
        {"contains", &LayoutReader::read_contains},
        {"positions", &LayoutReader::read_positions},
        {"scales", &LayoutReader::read_scales},
    }};
    const auto reader = std::ranges::find(readers, key.text, &KeyReader::key);
    if (reader != readers.end()) {
      if (reader->read != nullptr) (this->*reader->read)(value);
      return;
    }
    std::array<std::string_view, readers.size()> known{};
    std::ranges::transform(readers, known.begin(), &KeyReader::key);
    faults_.add(key.place, path_of(key.text), "unknown key" + suggest(key.text, known));
  }

  void read_profile(const YamlNode& value) {
    std::vector<std::string_view> names;
    for (const MeterProfile& profile : meter_profiles()) names.push_back(profile.name);
    if (value.kind == Kind::scalar && std::ranges::find(names, value.text) != names.end()) {
      layout_.profile = value.text;
      return;
    }
    expected(value, "profile", "a meter profile like austria", suggest(value.text, names));
  }
  void read_list(const YamlNode& value) { read_glob(value, "list", layout_.list_name); }
  void read_meter_type(const YamlNode& value) {
    read_glob(value, "meter_type", layout_.meter_type);
  }
  void read_glob(const YamlNode& value, std::string_view key, std::string& glob) {
    if (value.kind != Kind::scalar || value.text.empty() || value.text.size() > longest_name) {
      return expected(value, key, "a text of at most 64 characters, * and ? for any");
    }
    glob = value.text;
  }

  void read_elements(const YamlNode& value) {
    const auto number = whole(value, most_elements);
    if (!number || *number == 0) return expected(value, "elements", "a number from 1 to 65535");
    layout_.elements = static_cast<std::uint32_t>(*number);
  }

  /// A map of positions to a type's name or several.
  void read_types(const YamlNode& map) {
    if (!expect_kind(map, Kind::map, path_of("types"), faults_)) return;
    for (std::size_t i = 0; i < map.items.size(); ++i) {
      const std::string path = "types." + map.keys[i].text;
      const auto position = read_position(map.keys[i], path);
      if (!position) continue;
      ListType type{*position, 0};
      const YamlNode& value = map.items[i];
      if (value.kind == Kind::list) {
        for (const YamlNode& name : value.items) type.tags |= read_type(name, path);
      } else {
        type.tags = read_type(value, path);
      }
      if (std::ranges::find(layout_.types, *position, &ListType::position) != layout_.types.end()) {
        add_fault(map.keys[i].place, path,
                  "position " + std::to_string(*position) + " is there already");
      }
      layout_.types.push_back(type);
    }
  }
  std::uint32_t read_type(const YamlNode& name, const std::string& path) {
    const auto tag = name.kind == Kind::scalar ? parse_dlms_type(name.text) : std::nullopt;
    if (tag) return 1U << *tag;
    const auto names = dlms_type_names();
    expected(name, path, "a type like long-unsigned or octet-string", suggest(name.text, names));
    return 0;
  }

  void read_contains(const YamlNode& list) {
    if (!expect_kind(list, Kind::list, path_of("contains"), faults_)) return;
    for (const YamlNode& item : list.items) {
      const auto codes =
          item.kind == Kind::scalar ? read_codes(item.text) : std::vector<CodePattern>{};
      if (codes.size() != 1) expected(item, "contains", code_pattern_expected);
      for (const CodePattern& code : codes) layout_.contains.push_back(code);
    }
  }

  void read_positions(const YamlNode& map) {
    if (!expect_kind(map, Kind::map, path_of("positions"), faults_)) return;
    for (std::size_t i = 0; i < map.items.size(); ++i) {
      const std::string path = "positions." + map.keys[i].text;
      const auto position = read_position(map.keys[i], path);
      if (!position) continue;
      ListPosition place{.position = *position};
      if (!read_place(map.items[i], path, place)) continue;
      if (const ListPosition* other = repeated(place)) {
        add_fault(map.keys[i].place, path,
                  other->position == place.position
                      ? "position " + std::to_string(place.position) + " is there already"
                      : "position " + std::to_string(other->position) + " is the same");
        continue;
      }
      layout_.positions.push_back(place);
    }
    std::ranges::sort(layout_.positions, {}, &ListPosition::position);
  }
  [[nodiscard]] const ListPosition* repeated(const ListPosition& place) const {
    const auto found = std::ranges::find_if(layout_.positions, [&](const ListPosition& other) {
      return other.position == place.position ||
             (other.role == place.role && other.obis == place.obis);
    });
    return found == layout_.positions.end() ? nullptr : &*found;
  }

  /// A position that the list can have.
  std::optional<std::uint16_t> read_position(const YamlNode& key, const std::string& path) {
    constexpr std::int64_t last = list_position_limit - 1;
    const auto number = whole(key, last);
    if (!number) {
      expected(key, path, "a position from 0 to " + std::to_string(last));
      return std::nullopt;
    }
    const YamlNode* elements = map_.find("elements");
    const auto count = elements == nullptr ? std::nullopt : whole(*elements, most_elements);
    if (count && *number >= *count) {
      add_fault(key.place, path,
                "the list has only " + std::to_string(*count) +
                    " elements; positions are counted from 0");
      return std::nullopt;
    }
    return static_cast<std::uint16_t>(*number);
  }

  /// A role, a code, or a map {code, unit, scaler}.
  bool read_place(const YamlNode& value, const std::string& path, ListPosition& place) {
    if (value.kind == Kind::scalar) {
      constexpr std::array<std::pair<std::string_view, ListPosition::Role>, 3> roles{
          {{"list_name", ListPosition::Role::list_name},
           {"clock_time", ListPosition::Role::clock_time},
           {"clock_date", ListPosition::Role::clock_date}}};
      for (const auto& [word, role] : roles) {
        if (value.text != word) continue;
        place.role = role;
        return true;
      }
      return read_code(value, path, place.obis);
    }
    if (value.kind != Kind::map) {
      expected(value, path, place_expected);
      return false;
    }
    const YamlNode* code = value.find("code");
    if (code == nullptr) {
      add_fault(value.place, path, "'code' is missing, like \"1-0:1.7.0\"");
      return false;
    }
    return read_code(*code, path + ".code", place.obis) &&
           read_scale(value, path, true, place.scale);
  }

  bool read_code(const YamlNode& value, const std::string& path, Obis& obis) {
    const auto code = value.kind == Kind::scalar ? parse_obis(value.text) : std::nullopt;
    if (!code) {
      expected(value, path, place_expected);
      return false;
    }
    obis = *code;
    return true;
  }

  void read_scales(const YamlNode& map) {
    if (!expect_kind(map, Kind::map, path_of("scales"), faults_)) return;
    for (std::size_t i = 0; i < map.items.size(); ++i) {
      const YamlNode& key = map.keys[i];
      const std::string path = "scales." + key.text;
      const auto codes = read_codes(key.text);
      if (codes.empty()) {
        expected(key, path, code_pattern_expected);
        continue;
      }
      CodeScale entry;
      const YamlNode& value = map.items[i];
      const bool is_unknown = value.kind == Kind::scalar && value.text == "unknown";
      if (!is_unknown && value.kind != Kind::map) {
        expected(value, path, R"({unit: Wh, scaler: 1} or unknown)");
        continue;
      }
      if (!is_unknown && !read_scale(value, path, false, entry.scale)) continue;
      for (const CodePattern& code : codes) add_scale(key, path, {code, entry.scale});
    }
  }
  void add_scale(const YamlNode& key, const std::string& path, const CodeScale& entry) {
    for (std::size_t i = 0; i < layout_.scales.size(); ++i) {
      if (!covers(layout_.scales[i].code, entry.code)) continue;
      return add_fault(key.place, path,
                       "line " + std::to_string(scale_lines_[i]) +
                           " takes these codes already: the first entry that fits counts");
    }
    layout_.scales.push_back(entry);
    scale_lines_.push_back(key.place.line);
  }

  /// unit and scaler of a map; without both there is no scale.
  bool read_scale(const YamlNode& map, const std::string& path, bool with_code,
                  std::optional<ListScale>& scale) {
    bool good = true;
    ListScale stated;
    for (std::size_t i = 0; i < map.items.size(); ++i) {
      const YamlNode& key = map.keys[i];
      const YamlNode& value = map.items[i];
      if (key.text == "unit") {
        good = read_unit(value, path + ".unit", stated.unit) && good;
      } else if (key.text == "scaler") {
        good = read_scaler(value, path + ".scaler", stated.scaler) && good;
      } else if (key.text != "code" || !with_code) {
        constexpr std::array<std::string_view, 3> known{"unit", "scaler", "code"};
        const std::size_t count = with_code ? 3 : 2;
        add_fault(key.place, path + '.' + key.text,
                  "unknown key" + suggest(key.text, {known.data(), count}));
        good = false;
      }
    }
    const bool has_scale = map.find("unit") != nullptr || map.find("scaler") != nullptr;
    if (has_scale) scale = stated;
    if (has_scale && map.find("unit") == nullptr) {
      add_fault(map.place, path, "'unit' is missing; a number without one has unit: none");
      good = false;
    }
    if (!has_scale && !with_code && good) {
      expected(map, path, R"({unit: Wh, scaler: 1} or unknown)");
      good = false;
    }
    return good;
  }
  bool read_unit(const YamlNode& value, const std::string& path, Unit& unit) {
    if (value.kind == Kind::scalar && value.text == "none") return true;
    const auto known =
        value.kind == Kind::scalar && !value.text.empty() ? parse_unit(value.text) : std::nullopt;
    if (!known) {
      expected(value, path, "a unit like W, Wh, V or A, or none");
      return false;
    }
    unit = *known;
    return true;
  }
  bool read_scaler(const YamlNode& value, const std::string& path, std::int8_t& scaler) {
    std::string_view digits = value.text;
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    const auto number = value.kind == Kind::scalar ? parse_whole(digits) : std::nullopt;
    if (!number || *number > max_exponent) {
      expected(value, path, "a power of ten from -18 to 18: -1 for tenths, 1 for tens");
      return false;
    }
    scaler = static_cast<std::int8_t>(negative ? -*number : *number);
    return true;
  }

  /// What needs more than one key.
  void check_whole() {
    const bool positional = layout_.form == ListForm::positional;
    const auto forbid = [&](std::string_view key, std::string_view why) {
      if (map_.find(key) == nullptr) return;
      add_fault(map_.find(key)->place, std::string{key}, std::string{why});
    };
    if (positional) {
      constexpr std::string_view no_codes = "a positional list has no codes";
      forbid("scales", std::string{no_codes} + "; give scaler and unit under positions");
      forbid("contains", no_codes);
      if (map_.find("elements") == nullptr) missing("elements");
      if (map_.find("positions") == nullptr) missing("positions");
      check_clock();
    } else {
      forbid("types", "only a positional list is known by its types");
      if (map_.find("scales") == nullptr && map_.find("positions") == nullptr) missing("scales");
      for (const ListPosition& place : layout_.positions) {
        if (place.role == ListPosition::Role::object) continue;
        add_fault(map_.find("positions")->place, "positions",
                  "only a positional list has list_name, clock_time and clock_date");
        break;
      }
    }
  }
  void check_clock() {
    const auto has = [&](ListPosition::Role role) {
      return std::ranges::find(layout_.positions, role, &ListPosition::role) !=
             layout_.positions.end();
    };
    if (has(ListPosition::Role::clock_time) != has(ListPosition::Role::clock_date)) {
      add_fault(map_.find("positions")->place, "positions",
                "clock_time and clock_date go together");
    }
  }
  void missing(std::string_view key) {
    faults_.add(name_.place, name_.text, quoted(key) + " is missing");
  }

  static std::optional<std::int64_t> whole(const YamlNode& node, std::int64_t most) {
    const auto number = node.kind == Kind::scalar ? parse_whole(node.text) : std::nullopt;
    return number && *number <= most ? number : std::nullopt;
  }

  static constexpr std::string_view code_pattern_expected =
      R"(an OBIS code or pattern like "1-0:1.8.0" or "1-1:32/52/72.7.0")";
  static constexpr std::string_view place_expected =
      R"(a code like "1-0:1.7.0", {code: "1-0:1.7.0", unit: W}, list_name, clock_time or clock_date)";

  [[nodiscard]] std::string path_of(const std::string& key) const {
    return join_path(name_.text, key);
  }
  void add_fault(Place place, const std::string& key, std::string message) {
    faults_.add(place, path_of(key), std::move(message));
  }
  void expected(const YamlNode& found, std::string_view key, std::string_view what,
                const std::string& hint = {}) {
    add_fault(found.place, std::string{key},
              "found " + show_found(found) + ", expected " + std::string{what} + hint);
  }

  const YamlNode& name_;
  const YamlNode& map_;
  FaultList& faults_;
  ListLayout layout_{};
  bool form_known_{};
  std::vector<int> scale_lines_{};  // of layout_.scales
};

LayoutsLoaded read_file_of_layouts(const std::string& path) {
  const auto file = read_file(path, yaml_size_limit, false);
  if (file.error.empty()) return load_layouts_text(file.text, path);
  LayoutsLoaded loaded;
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
