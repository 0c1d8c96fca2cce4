// SPDX-License-Identifier: Apache-2.0
// Daemon: the log's lines on <base>/log and as datagrams.
#include "daemon/log_outlets.hpp"

#include <system_error>
#include <utility>

#include "adapters/log/line.hpp"
#include "adapters/log/log.hpp"
#include "daemon/clock.hpp"
#include "daemon/log_level.hpp"

namespace p1meter::daemon {
namespace {

constexpr std::size_t most_at_once = 256;  // between two turns of the read loop
constexpr std::size_t most_waiting = 64;   // for a broker

}  // namespace

LogOutlets::LogOutlets(boost::asio::io_context& context, const Parts& parts)
    : parts_{parts}, from_everywhere_{context, most_at_once, [this](std::string line) {
                                        keep(std::move(line));
                                        deliver();
                                      }} {}

LogOutlets::~LogOutlets() {
  log::remove_reader(log::ReaderPlace::topic);
  log::remove_reader(log::ReaderPlace::udp);
}

void LogOutlets::apply() {
  const settings::Settings& settings = parts_.settings;
  if (settings.mqtt.log.enabled && !settings.mqtt.brokers.empty()) {
    log::set_reader(log::ReaderPlace::topic, log_level(settings.log.topic_level),
                    [put = from_everywhere_.entrance()](log::Level level, const log::Line& line) {
                      put(log::line_json(line, level, live_now().wall));
                    });
  } else {
    log::remove_reader(log::ReaderPlace::topic);
    waiting_.clear();
  }
  apply_udp();
}

void LogOutlets::apply_udp() {
  const settings::LogSettings& settings = parts_.settings.log;
  if (settings.udp != udp_address_) {
    log::remove_reader(log::ReaderPlace::udp);
    udp_dropped_ = udp_dropped();
    udp_.reset();
    udp_address_ = settings.udp;
    try {
      if (!udp_address_.host.empty())
        udp_ = std::make_unique<log::UdpLog>(udp_address_.host, udp_address_.port);
    } catch (const std::system_error& error) {
      log::write(log::Level::warning, "no log goes to log.udp", {{"reason", error.what()}});
    }
  }
  if (!udp_) return;
  log::set_reader(log::ReaderPlace::udp, log_level(settings.udp_level),
                  [udp = udp_.get()](log::Level level, const log::Line& line) {
                    udp->send(log::line_datagram(line, level, live_now().wall));
                  });
}

void LogOutlets::keep(std::string line) {
  if (waiting_.size() == most_waiting) {
    waiting_.pop_front();
    ++topic_dropped_;
  }
  waiting_.push_back(std::move(line));
}

void LogOutlets::deliver_all() {
  from_everywhere_.take_all();
  deliver();
}

void LogOutlets::deliver() {
  if (!parts_.live || !parts_.live->connected()) return;
  for (std::string& line : std::exchange(waiting_, {})) {
    if (!parts_.live->sink().publish_log(std::move(line))) ++topic_dropped_;
  }
}

}  // namespace p1meter::daemon
