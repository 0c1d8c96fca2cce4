// SPDX-License-Identifier: Apache-2.0
// Daemon: how far a long replay has come.
#include "daemon/progress_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <unistd.h>

#include "daemon/clock.hpp"

namespace p1meter::daemon {
namespace {

constexpr milliseconds redraw_interval{200};
constexpr std::size_t bar_width = 30;

}  // namespace

ProgressBar::ProgressBar()
    : terminal_{isatty(STDERR_FILENO) == 1}, begun_{live_now().steady}, last_{begun_} {}

void ProgressBar::show(std::uint64_t bytes, std::uint64_t telegrams) {
  if (!terminal_) return;
  const milliseconds now = live_now().steady;
  if (now - last_ < redraw_interval) return;
  last_ = now;
  drawn_ = true;
  const auto elapsed =
      static_cast<std::uint64_t>(std::max<std::int64_t>((now - begun_).count(), 1));
  const std::uint64_t rate = telegrams * 1000 / elapsed;
  std::string bar;
  if (total_ > 0) {
    // A loop goes over the file again and again: the bar shows the present pass.
    const std::uint64_t done = bytes % (total_ + 1);
    const auto filled = static_cast<std::size_t>(done * bar_width / total_);
    bar = "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "] " +
          std::to_string(done * 100 / total_) + " % ";
  }
  std::fprintf(stderr, "\r%s%llu telegrams, %llu/s\033[K", bar.c_str(),
               static_cast<unsigned long long>(telegrams), static_cast<unsigned long long>(rate));
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (!drawn_) return;
  std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

}  // namespace p1meter::daemon
