// SPDX-License-Identifier: Apache-2.0
// Daemon: what `p1meter monitor` does: a meter's readings in the terminal.
#include "daemon/monitor.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <sysexits.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/link_status.hpp"
#include "daemon/meter_runner.hpp"
#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::daemon {
namespace {

constexpr std::chrono::seconds status_interval{2};

std::string value_text(const Value& value, ReadingKind kind) {
  std::string text;
  if (const auto* words = std::get_if<std::string_view>(&value)) {
    json::append_harmless(text, *words);
  } else {
    json::append_value(text, value, kind);
  }
  return text;
}

/// One line per reading: time received, key, value, unit, the value's own time.
void append_lines(std::string& text, const Delivery& delivery) {
  TimeBuffer buffer;
  const std::string received{write_time(delivery.now.wall, buffer)};
  for (const Reading& reading : delivery.mapped->readings) {
    const KeyInfo& info = delivery.meter.keys()[reading.key];
    text += received + ' ' + info.key + ' ' + value_text(reading.value, info.kind);
    if (reading.unit != Unit::none) text.append(" ").append(unit_text(reading.unit));
    if (reading.time) text.append(" ").append(write_time(*reading.time, buffer));
    text += '\n';
  }
}

/// The same as a table of aligned columns that takes the terminal over.
void append_table(std::string& text, const Delivery& delivery) {
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const Reading& reading : delivery.mapped->readings) {
    const KeyInfo& info = delivery.meter.keys()[reading.key];
    key_width = std::max(key_width, info.key.size());
    if (std::holds_alternative<Decimal>(reading.value)) {
      value_width = std::max(value_width, value_text(reading.value, info.kind).size());
    }
  }
  TimeBuffer buffer;
  text += "\033[H\033[2J";
  text.append(delivery.meter.name()).append("  ");
  json::append_harmless(text, delivery.telegram->identification);
  text.append("  ").append(write_time(delivery.now.wall, buffer)).append("\n\n");
  for (const Reading& reading : delivery.mapped->readings) {
    const KeyInfo& info = delivery.meter.keys()[reading.key];
    const std::string value = value_text(reading.value, info.kind);
    text.append(info.key).append(key_width - info.key.size() + 2, ' ');
    if (std::holds_alternative<Decimal>(reading.value))
      text.append(value_width - value.size(), ' ');
    text.append(value).append(" ").append(unit_text(reading.unit));
    if (reading.time) text.append("  ").append(write_time(*reading.time, buffer));
    text += '\n';
  }
}

class TerminalSink final : public Sink {
 public:
  explicit TerminalSink(std::function<void()> output_failed)
      : output_failed_{std::move(output_failed)} {}

  void accept(const Delivery& delivery) override {
    if (delivery.mapped == nullptr) {
      if (delivery.availability_changed && !delivery.meter.online())
        std::fputs("no valid telegram\n", stderr);
      return;
    }
    text_.clear();
    terminal_ ? append_table(text_, delivery) : append_lines(text_, delivery);
    if (std::fwrite(text_.data(), 1, text_.size(), stdout) != text_.size() ||
        std::fflush(stdout) != 0) {
      output_failed_();
    }
  }

 private:
  bool terminal_{isatty(STDOUT_FILENO) == 1};
  std::string text_{};
  std::function<void()> output_failed_;
};

/// While no valid telegram comes: every few seconds a line on standard error about what comes
/// instead, when it has changed.
class StatusLines {
 public:
  StatusLines(boost::asio::io_context& context, const MeterRunner& runner)
      : runner_{runner}, timer_{context} {}

  void start() {
    timer_.expires_after(status_interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      show();
      start();
    });
  }
  void stop() { timer_.cancel(); }
  void show() {
    if (runner_.pipeline().online()) return;
    std::string line = link_status(runner_.link(), runner_.pipeline().counters());
    if (line == shown_) return;
    std::fprintf(stderr, "%s\n", line.c_str());
    shown_ = std::move(line);
  }

 private:
  const MeterRunner& runner_;
  boost::asio::steady_timer timer_;
  std::string shown_{};
};

}  // namespace

int monitor(const settings::Settings& settings, const settings::MeterSettings& meter) {
  int status = EX_OK;
  boost::asio::io_context context{1};
  boost::asio::signal_set signals{context, SIGINT, SIGTERM};
  const ObisTable table = settings::make_obis_table(settings.obis);
  MeterRunner runner{context, meter,        settings.readings,
                     table,   std::nullopt, make_workbench(settings)};
  StatusLines status_lines{context, runner};
  const auto stop = [&] {
    signals.cancel();
    status_lines.stop();
    runner.stop();
  };
  TerminalSink sink{[&] {
    status = EX_IOERR;
    stop();
  }};
  std::signal(SIGPIPE, SIG_IGN);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop();
  });
  runner.set_sinks({&sink});
  runner.on_ended([&] {
    status_lines.show();
    stop();
  });
  runner.start();
  status_lines.start();
  context.run();
  return status;
}

}  // namespace p1meter::daemon
