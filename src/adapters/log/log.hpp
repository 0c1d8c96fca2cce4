// SPDX-License-Identifier: Apache-2.0
// Log adapter: spdlog, to the journal with fields under systemd, else to standard error.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace p1meter::log {

enum class Level : std::uint8_t { debug, info, warning, error };

struct Field {
  std::string_view name{};  // lower_snake_case; P1METER_<NAME> in the journal, name=value in text
  std::string value{};
};

/// Chooses the journal when standard error is connected to it ($JOURNAL_STREAM), else text on
/// standard error.
void open(Level level);
void set_level(Level level);

/// One line: a sentence and its fields; those without a value are left out.
void write(Level level, std::string_view sentence, std::initializer_list<Field> fields = {});

/// The same, at most once a minute per `key`; the next line that gets through says how many were
/// left out.
void write_limited(std::string_view key, Level level, std::string_view sentence,
                   std::initializer_list<Field> fields = {});

}  // namespace p1meter::log
