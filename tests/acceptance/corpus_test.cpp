// SPDX-License-Identifier: Apache-2.0
// Every telegram of the corpus against its expected values, by the rules of the corpus' README.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "p1meter/values/cipher_key.hpp"
#include "settings/settings.hpp"
#include "support/link_frames.hpp"

namespace p1meter::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path corpus_folder() {
  const char* const given = std::getenv("P1METER_CORPUS");
  return given != nullptr ? fs::path{given} : fs::path{P1METER_SOURCE_DIR} / "../shared/corpus";
}

struct CorpusFile {
  std::string path{};
  std::string kind{};
  std::string key{};  // "-", hex, or hex+hex
};

std::vector<CorpusFile> manifest(const fs::path& folder) {
  std::ifstream file{folder / "MANIFEST.tsv"};
  std::vector<CorpusFile> files;
  std::string line;
  std::getline(file, line);  // the head
  while (std::getline(file, line)) {
    std::istringstream columns{line};
    CorpusFile entry;
    std::getline(columns, entry.path, '\t');
    std::getline(columns, entry.kind, '\t');
    for (int skipped = 0; skipped < 3; ++skipped) std::getline(columns, entry.key, '\t');
    files.push_back(entry);
  }
  return files;
}

std::optional<DecipherKeys> keys_of(const CorpusFile& file) {
  const auto plus = file.key.find('+');
  auto encryption = parse_cipher_key(file.key.substr(0, plus));
  if (!encryption) return std::nullopt;
  DecipherKeys keys{.encryption = *encryption};
  if (plus == std::string::npos) return keys;
  if (auto own = parse_cipher_key(file.key.substr(plus + 1))) keys.authentication = *own;
  return keys;
}

std::string whole_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The bytes of a file as they were on the wire; .hex files are hex text.
std::string wire_bytes(const fs::path& path) {
  const auto text = whole_file(path);
  return path.extension() == ".hex" ? hex_octets(text) : text;
}

std::vector<json> expected_telegrams(const fs::path& path) {
  std::ifstream file{path};
  std::vector<json> telegrams;
  for (std::string line; std::getline(file, line);) telegrams.push_back(json::parse(line));
  return telegrams;
}

std::string without_end_spaces(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string text_of(const json& object, const char* member) {
  const auto found = object.find(member);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}
bool flag(const json& object, const char* member) {
  return object.contains(member) && object[member].is_boolean() && object[member].get<bool>();
}

/// With an offset on both sides the instants are compared, else what the clock on the wall showed.
bool same_time(const std::string& expected, const std::optional<MeterTime>& time) {
  constexpr std::size_t wall = 19;  // 2024-10-27T02:30:05
  if (!time) return false;
  const std::string ours = to_string(*time);
  if (expected.size() <= wall || ours.size() <= wall) {
    return expected.substr(0, wall) == ours.substr(0, wall);
  }
  return ours == expected;
}

/// Two exact numbers in one unit.
bool same_number(const Decimal& ours, Unit our_unit, const std::string& expected,
                 const std::string& expected_unit) {
  const auto number = parse_decimal(expected);
  const auto unit = parse_unit(expected_unit);
  if (!number || !unit || family_of(*unit) != family_of(our_unit)) return false;
  return shift_point(*number, power_of_ten(*unit) - power_of_ten(our_unit)) == ours;
}

/// Versions: "02.21" is written 2.21 in the expected values.
bool same_number(const std::string& ours, const std::string& expected) {
  const auto number = parse_decimal(ours);
  return number && number == parse_decimal(expected);
}

bool means_not_limited(const std::string& value) {
  return value.size() >= 3 && value.find_first_not_of("9.") == std::string::npos;
}

/// Compares one telegram. What differs goes to `differences`.
class Comparison {
 public:
  Comparison(const json& expected, const Telegram& telegram, const MappedTelegram& mapped,
             const KeyCatalogue& keys)
      : expected_{expected}, telegram_{telegram}, mapped_{mapped}, keys_{keys} {}

  std::vector<std::string> differences() {
    if (damaged_link()) return {};
    check("identification", text_of(expected_, "identification"),
          std::string{telegram_.identification});
    check("version", text_of(expected_, "version"), std::string{telegram_.version});
    check("integrity", text_of(expected_, "integrity"),
          std::string{integrity_name(telegram_.integrity)});
    compare_telegram_time();
    for (const json& object : expected_["objects"]) compare_object(object);
    for (const Reading& reading : mapped_.readings) {
      if (reading.obis) look_for_source(reading);
    }
    return std::move(differences_);
  }
  /// Codes that no key fits, kept with their characters.
  [[nodiscard]] const std::vector<std::string>& kept_unknown() const { return kept_unknown_; }

 private:
  void check(const std::string& what, const std::string& expected, const std::string& ours) {
    if (without_end_spaces(expected) == without_end_spaces(ours)) return;
    differences_.push_back(what + ": expected '" + expected + "', got '" + ours + "'");
  }

  /// What a damaged link frame holds may be shown or not, but never as sound.
  [[nodiscard]] bool damaged_link() const {
    return text_of(expected_, "integrity") == "bad" && text_of(expected_, "protocol") == "dlms" &&
           telegram_.integrity == Integrity::bad;
  }

  void compare_telegram_time() {
    const std::string time = text_of(expected_, "time");
    const bool same = time.empty() ? !mapped_.time
                                   : same_time(time, mapped_.time) ||
                                         same_time(text_of(expected_, "time_also"), mapped_.time);
    if (!same) {
      check("time", time, mapped_.time ? to_string(*mapped_.time) : "none");
    }
  }

  void compare_object(const json& object) {
    const std::string code = text_of(object, "obis");
    std::vector<const Reading*> readings;
    for (const Reading& reading : mapped_.readings) {
      if (reading.obis && to_string(*reading.obis) == code) readings.push_back(&reading);
    }
    if (readings.empty()) {
      if (flag(object, "optional") || text_of(object, "value").empty()) return;
      if (flag(object, "uncertain") && is_in_unknown(code)) return;
      if (is_kept_unknown(object, code)) {
        kept_unknown_.push_back(code);
      } else {
        differences_.push_back(code + ": missing, expected " + object.dump());
      }
      return;
    }
    if (flag(object, "uncertain")) return;
    if (object.contains("rows")) {
      compare_rows(object, code, readings);
    } else {
      compare_value(object, code, *readings.front());
    }
  }

  bool is_in_unknown(const std::string& code) const {
    return std::ranges::any_of(mapped_.unknown, [&](const UnknownObject& unknown) {
      return to_string(unknown.obis) == code;
    });
  }

  /// An object that no key fits is kept with its characters.
  bool is_kept_unknown(const json& object, const std::string& code) const {
    const auto found = std::ranges::find_if(mapped_.unknown, [&](const UnknownObject& unknown) {
      return to_string(unknown.obis) == code;
    });
    if (found == mapped_.unknown.end()) return false;
    const auto holds = [&found](const json& value) {
      return found->text.find(text_of(value, "value")) != std::string_view::npos;
    };
    return object.contains("rows") ? std::ranges::all_of(object["rows"], holds) : holds(object);
  }

  void compare_value(const json& object, const std::string& code, const Reading& reading) {
    const std::string value = text_of(object, "value");
    bool same = false;
    if (const auto* number = std::get_if<Decimal>(&reading.value)) {
      const std::string unit = text_of(object, "unit");
      const bool as_sent = telegram_.protocol == Protocol::dsmr;
      const auto ours = as_sent ? parse_decimal(reading.raw) : std::optional{*number};
      same = unit.empty() ? ours == parse_decimal(value) && ours.has_value()
                          : same_number(*number, reading.unit, value, unit);
    } else if (const auto* text = std::get_if<std::string_view>(&reading.value)) {
      const auto ours = without_end_spaces(std::string{*text});
      same = ours == without_end_spaces(value) || same_number(ours, value) ||
             (object.contains("text") && ours == without_end_spaces(text_of(object, "text")));
    } else {
      same = std::holds_alternative<std::monostate>(reading.value) && means_not_limited(value);
    }
    if (!same) {
      differences_.push_back(code + ": expected " + object.dump() + ", got '" +
                             std::string{reading.raw} + "'");
    }
    const std::string time = text_of(object, "time");
    if (!time.empty() && !same_time(time, reading.time)) {
      differences_.push_back(code + ": expected time " + time + ", got " +
                             (reading.time ? to_string(*reading.time) : "none"));
    }
    const int channel = object.value("channel", 0);
    const bool device = keys_[reading.key].device != Device::electricity;
    if (device && channel != reading.channel) {
      differences_.push_back(code + ": expected channel " + std::to_string(channel) + ", got " +
                             std::to_string(reading.channel));
    }
  }

  void compare_rows(const json& object, const std::string& code,
                    const std::vector<const Reading*>& readings) {
    for (const json& row : object["rows"]) {
      const bool found = std::ranges::any_of(
          readings, [&row](const Reading* reading) { return has_row(*reading, row); });
      if (!found && !flag(row, "optional")) {
        differences_.push_back(code + ": no row " + row.dump());
      }
    }
  }

  static bool has_row(const Reading& reading, const json& row) {
    const std::string value = text_of(row, "value");
    const std::string unit = text_of(row, "unit");
    if (const auto* number = std::get_if<Decimal>(&reading.value)) {
      return same_number(*number, reading.unit, value, unit);
    }
    const auto* rows = std::get_if<std::span<const ListRow>>(&reading.value);
    if (rows == nullptr) return false;
    const std::string time = text_of(row, "time");
    const std::string month = text_of(row, "month");
    return std::ranges::any_of(*rows, [&](const ListRow& ours) {
      return ours.value && same_number(*ours.value, reading.unit, value, unit) &&
             (time.empty() || same_time(time, ours.time)) &&
             (month.empty() || (ours.stamp && to_string(*ours.stamp).starts_with(month)));
    });
  }

  /// Nothing may be made up.
  void look_for_source(const Reading& reading) {
    const std::string code = to_string(*reading.obis);
    // The reference leaves out what positional lists say about the meter's number.
    if (telegram_.layout == "landis-gyr-burgenland" && code == "0-0:96.1.0") return;
    const bool known = std::ranges::any_of(expected_["objects"], [&code](const json& object) {
      return text_of(object, "obis") == code;
    });
    if (!known) differences_.push_back(code + ": is not in the telegram");
  }

  const json& expected_;
  const Telegram& telegram_;
  const MappedTelegram& mapped_;
  const KeyCatalogue& keys_;
  std::vector<std::string> differences_{};
  std::vector<std::string> kept_unknown_{};
};

/// Decodes one file and compares it, telegram by telegram.
class FileCheck {
 public:
  FileCheck(const ObisTable& table, std::shared_ptr<const ListLayouts> layouts,
            std::optional<DecipherKeys> keys, std::vector<json> expected)
      : mapper_{table, {.number_by_channel = true}},
        reader_{std::move(layouts), std::move(keys)},
        expected_(std::move(expected)) {}

  void run(const std::string& bytes) {
    Framer framer;
    framer.push(bytes);
    while (const auto frame = framer.next()) take(*frame);
    while (const auto frame = framer.finish()) take(*frame);
    // A damaged link frame may also be reported without a telegram.
    const bool only_damaged = std::ranges::all_of(expected_, [](const json& telegram) {
      return text_of(telegram, "integrity") == "bad" && text_of(telegram, "protocol") == "dlms";
    });
    const auto dropped = framer.take_dropped();
    if (count_ == 0 && only_damaged && !dropped.empty()) return;
    EXPECT_EQ(count_, expected_.size()) << "telegrams";
  }
  [[nodiscard]] std::size_t telegrams() const { return count_; }
  [[nodiscard]] std::size_t objects() const { return objects_; }
  [[nodiscard]] const std::set<std::string>& unknown() const { return unknown_; }

 private:
  void take(const Frame& frame) {
    // receipt lies after every telegram, so that only the telegrams' own times count
    const Instant now = parse_instant("2030-01-01T00:00:00Z").value();
    reader_.read(frame, telegram_);
    if (count_ < expected_.size()) {
      const auto mapped = mapper_.map(telegram_, now);
      const json& expected = expected_[count_];
      objects_ += expected["objects"].size();
      Comparison comparison{expected, telegram_, mapped, mapper_.keys()};
      for (const auto& difference : comparison.differences()) {
        ADD_FAILURE() << "telegram " << count_ + 1 << ": " << difference;
      }
      unknown_.insert(comparison.kept_unknown().begin(), comparison.kept_unknown().end());
    }
    ++count_;
  }

  Mapper mapper_;
  FrameReader reader_;
  std::vector<json> expected_;
  Telegram telegram_{};
  std::size_t count_{};
  std::size_t objects_{};
  std::set<std::string> unknown_{};
};

struct Count {
  std::size_t files{};
  std::size_t telegrams{};
  std::size_t objects{};
};

std::shared_ptr<const ListLayouts> shipped_layouts() {
  return std::make_shared<const ListLayouts>(settings::make_list_layouts());
}

TEST(TheCorpus, decodes_every_telegram_to_its_expected_values) {
  const fs::path folder = corpus_folder();
  if (!fs::exists(folder / "MANIFEST.tsv")) {
    GTEST_SKIP() << "no corpus at " << folder << " (set P1METER_CORPUS)";
  }
  const ObisTable table = settings::make_obis_table();
  const auto layouts = shipped_layouts();
  std::map<std::string, Count> counts;
  for (const CorpusFile& file : manifest(folder)) {
    const fs::path expected = folder / (file.path + ".expected.json");
    if (!fs::exists(expected)) continue;
    SCOPED_TRACE(file.path);
    FileCheck check{table, layouts, keys_of(file), expected_telegrams(expected)};
    check.run(wire_bytes(folder / file.path));
    Count& count = counts[file.kind];
    ++count.files;
    count.telegrams += check.telegrams();
    count.objects += check.objects();
    if (!check.unknown().empty()) {
      std::cout << file.path << ": kept without a key:";
      for (const auto& code : check.unknown()) std::cout << ' ' << code;
      std::cout << '\n';
    }
  }
  for (const auto* kind : {"p1-text", "p1-stream", "hdlc", "mbus", "glo"}) {
    EXPECT_GT(counts[kind].files, 0U) << kind;
    std::cout << kind << ": " << counts[kind].files << " files, " << counts[kind].telegrams
              << " telegrams, " << counts[kind].objects << " objects compared\n";
  }
}

/// A file whose key nobody has published says so; a malformed one says what is wrong with it.
TEST(TheCorpus, names_what_is_wrong_with_everything_else) {
  const fs::path folder = corpus_folder();
  if (!fs::exists(folder / "MANIFEST.tsv")) {
    GTEST_SKIP() << "no corpus at " << folder << " (set P1METER_CORPUS)";
  }
  const ObisTable table = settings::make_obis_table();
  const auto layouts = shipped_layouts();
  std::size_t files = 0;
  for (const CorpusFile& file : manifest(folder)) {
    if (fs::exists(folder / (file.path + ".expected.json"))) continue;
    SCOPED_TRACE(file.path);
    ++files;
    Framer framer;
    FrameReader reader{layouts, keys_of(file)};
    Mapper mapper{table, {.number_by_channel = true}};
    Telegram telegram;
    std::size_t telegrams = 0;
    std::set<std::string> named;
    const auto take = [&](const Frame& frame) {
      reader.read(frame, telegram);
      ++telegrams;
      for (const Problem& problem : telegram.problems) {
        named.emplace(problem_name(problem.code));
        EXPECT_LE(problem.offset, frame.bytes.size());
      }
      const auto mapped = mapper.map(telegram, Instant{});
      for (const Problem& problem : mapped.problems) named.emplace(problem_name(problem.code));
      if (!mapped.unknown.empty()) named.emplace("unknown objects");
    };
    framer.push(wire_bytes(folder / file.path));
    while (const auto frame = framer.next()) take(*frame);
    while (const auto frame = framer.finish()) take(*frame);
    for (const Dropped& dropped : framer.take_dropped()) named.emplace(problem_name(dropped.code));
    if (framer.counters().oversized > 0) named.emplace("oversized");
    if (framer.counters().skipped_bytes > 0) named.emplace("skipped bytes");
    if (telegrams == 0) named.emplace("no telegram found");
    EXPECT_FALSE(named.empty());
    std::cout << file.kind << ' ' << file.path << ':';
    for (const auto& name : named) std::cout << ' ' << name;
    std::cout << '\n';
  }
  std::cout << files << " files without expected values\n";
}

}  // namespace
}  // namespace p1meter::test
