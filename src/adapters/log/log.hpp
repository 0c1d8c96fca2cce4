// SPDX-License-Identifier: Apache-2.0
// Log adapter: spdlog, to the journal with fields under systemd, else to standard error.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::log {

enum class Level : std::uint8_t { debug, info, warning, error };

struct Field {
  std::string_view name{};  // lower_snake_case; P1METER_<NAME> in the journal, name=value in text
  std::string value{};
};

/// A line as its readers get it: views that hold during the call.
struct Line {
  struct Part {
    std::string_view name{};
    std::string_view value{};
  };
  std::string_view sentence{};
  std::vector<Part> fields{};
};

/// Who reads along. Called on whichever thread writes, with the log locked: takes a copy, returns
/// at once, and writes no line itself.
using Reader = std::function<void(Level, const Line&)>;
enum class ReaderPlace : std::uint8_t { topic, udp };

/// From now on this reader gets each line of its level and above, whatever the log's own level is.
void set_reader(ReaderPlace place, Level level, Reader reader);
/// When this returns the reader is not called any more.
void remove_reader(ReaderPlace place);

/// Chooses the journal when standard error is connected to it ($JOURNAL_STREAM), else text on
/// standard error.
void open(Level level);
void set_level(Level level);

/// One line: a sentence and its fields; those without a value are left out.
void write(Level level, std::string_view sentence, std::initializer_list<Field> fields = {});

/// The same for what may repeat: of one `key` the next line comes a minute later at the earliest,
/// then four minutes, and so on up to a day (RepeatFilter). It says in `left_out` how many there
/// were in between.
void write_limited(std::string_view key, Level level, std::string_view sentence,
                   std::initializer_list<Field> fields = {});

}  // namespace p1meter::log
