// SPDX-License-Identifier: Apache-2.0
// Log adapter: spdlog, to the journal with fields under systemd, else to standard error.
#include "adapters/log/log.hpp"

// The code position of this file would be the same in every entry.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <string>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "adapters/log/line.hpp"
#include "adapters/log/repeat_filter.hpp"

namespace p1meter::log {
namespace {

std::string_view view(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

int priority_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return LOG_DEBUG;
    case spdlog::level::warn:
      return LOG_WARNING;
    case spdlog::level::err:
    case spdlog::level::critical:
      return LOG_ERR;
    default:
      return LOG_INFO;
  }
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::info:
      break;
  }
  return spdlog::level::info;
}

/// Lines with their fields to journald, as sd_journal_send does it.
class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    auto fields = journal_fields(decode_line(view(message.payload)), priority_of(message.level));
    std::vector<iovec> vectors;
    vectors.reserve(fields.size());
    for (std::string& field : fields) vectors.push_back({field.data(), field.size()});
    sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
  }
  void flush_() override {}
};

/// The pattern's %*: the line with its fields as name=value.
class LineFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const std::string text = line_text(decode_line(view(message.payload)));
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LineFlag>();
  }
};

/// $JOURNAL_STREAM names the journal's socket; it counts only while standard error still is it.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
  return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::shared_ptr<spdlog::sinks::sink> make_text_sink() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = no_color != nullptr && *no_color != '\0';
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      plain ? spdlog::color_mode::never : spdlog::color_mode::automatic);
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<LineFlag>('*');
  // What collects standard error elsewhere (a container, a supervisor) notes the time itself.
  formatter->set_pattern(isatty(STDERR_FILENO) != 0 ? "%H:%M:%S %^%-7l%$ %*" : "%l: %*");
  sink->set_formatter(std::move(formatter));
  return sink;
}

std::unique_ptr<spdlog::logger> make_logger() {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (stderr_is_journal()) {
    sink = std::make_shared<JournalSink>();
  } else {
    sink = make_text_sink();
  }
  auto logger = std::make_unique<spdlog::logger>("p1meter", std::move(sink));
  // Where the log itself cannot be written there is nobody to tell.
  logger->set_error_handler([](const std::string&) {});
  logger->flush_on(spdlog::level::trace);
  return logger;
}

/// A process has one standard error; this is its log.
struct Log {
  std::mutex mutex{};
  std::unique_ptr<spdlog::logger> logger{make_logger()};
  RepeatFilter repeats{};

  struct Reading {
    Level level{};
    Reader reader{};
  };
  std::array<Reading, 2> readings{};  // by ReaderPlace
};

Log& the_log() {
  static Log log;
  return log;
}

/// Whether anybody reads lines of this level.
bool wanted(const Log& log, Level level) {
  const auto reads = [level](const Log::Reading& it) { return it.reader && level >= it.level; };
  return log.logger->should_log(spdlog_level(level)) ||
         std::any_of(log.readings.begin(), log.readings.end(), reads);
}

void hand_out(Log& log, Level level, const std::string& encoded) {
  log.logger->log(spdlog_level(level), spdlog::string_view_t{encoded});
  for (const auto& [least, reader] : log.readings) {
    if (reader && level >= least) reader(level, decode_line(encoded));
  }
}

Log::Reading& reading_at(Log& log, ReaderPlace place) {
  return log.readings.at(static_cast<std::size_t>(place));
}

}  // namespace

void set_reader(ReaderPlace place, Level level, Reader reader) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  reading_at(log, place) = {level, std::move(reader)};
}

void remove_reader(ReaderPlace place) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  reading_at(log, place) = {};
}

void open(Level level) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  log.logger = make_logger();
  log.logger->set_level(spdlog_level(level));
}

void set_level(Level level) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  log.logger->set_level(spdlog_level(level));
}

void write(Level level, std::string_view sentence, std::initializer_list<Field> fields) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  if (!wanted(log, level)) return;
  hand_out(log, level, encode_line(sentence, fields));
}

void write_limited(std::string_view key, Level level, std::string_view sentence,
                   std::initializer_list<Field> fields) {
  Log& log = the_log();
  const std::lock_guard guard{log.mutex};
  if (!wanted(log, level)) return;
  const auto left_out = log.repeats.admit(key, RepeatFilter::Clock::now());
  if (!left_out) return;
  std::vector<Field> all{fields};
  if (*left_out > 0) all.push_back({"left_out", std::to_string(*left_out)});
  hand_out(log, level, encode_line(sentence, all));
}

}  // namespace p1meter::log
