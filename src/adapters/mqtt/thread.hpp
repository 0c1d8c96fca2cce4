// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: a thread that nobody waits for longer than it pleases.
#pragma once

#include <functional>
#include <optional>
#include <pthread.h>

namespace p1meter::mqtt {

/// A thread with a small stack. What its work uses the work must own: it outlives the handle when
/// the resolver or the library does not return.
class Thread {
 public:
  Thread() = default;
  ~Thread() { leave(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  Thread(Thread&&) = delete;
  Thread& operator=(Thread&&) = delete;

  /// Throws std::system_error when the system gives no thread.
  void start(std::function<void()> work);
  [[nodiscard]] bool started() const noexcept { return handle_.has_value(); }
  /// Waits until all of it is gone. OpenSSL frees what it keeps per thread at the thread's very
  /// end, which must not meet the end of the process.
  void join() noexcept;
  /// Waits no more.
  void leave() noexcept;

 private:
  std::optional<pthread_t> handle_{};
};

}  // namespace p1meter::mqtt
