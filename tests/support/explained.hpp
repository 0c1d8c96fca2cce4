// SPDX-License-Identifier: Apache-2.0
// Tests: frames out of some bytes with how they were understood.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/explain.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "settings/settings.hpp"

namespace p1meter::test {

/// One frame, explained. The lines are as `decode --explain` prints them, with less space.
struct Explained {
  bool sound{};
  std::vector<std::string> lines{};  // "0009   LLC: response"

  [[nodiscard]] bool has(std::string_view line) const {
    for (const std::string& other : lines) {
      if (other == line) return true;
    }
    return false;
  }
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }
};

inline std::string line_text(const OutlineLine& line) {
  char offset[16];
  std::snprintf(offset, sizeof offset, "%04X ", static_cast<unsigned>(line.offset));
  return offset + std::string(std::size_t{line.depth} * 2, ' ') + line.text;
}

/// Every frame of the input.
inline std::vector<Explained> explain_all(std::string_view bytes,
                                          const std::optional<DecipherKeys>& keys = std::nullopt) {
  static const ObisTable table = settings::make_obis_table();
  Framer framer;
  FrameReader reader{{}, keys};
  Explainer explainer{keys};
  Mapper mapper{table, {}};
  Telegram telegram;
  std::vector<Explained> all;
  framer.push(bytes);
  for (auto frame = framer.next(); frame || (frame = framer.finish()); frame = framer.next()) {
    reader.read(*frame, telegram);
    const auto mapped = mapper.map(telegram, Instant{});
    const Outline outline = explainer.explain(*frame, telegram, mapped, mapper.keys());
    Explained& explained = all.emplace_back();
    explained.sound = is_sound(outline, frame->bytes.size());
    for (const OutlineLine& line : outline) explained.lines.push_back(line_text(line));
  }
  return all;
}

}  // namespace p1meter::test
