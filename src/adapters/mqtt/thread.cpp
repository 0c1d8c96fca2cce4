// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: a thread that nobody waits for longer than it pleases.
#include "adapters/mqtt/thread.hpp"

#include <algorithm>
#include <climits>
#include <csignal>
#include <memory>
#include <pthread.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace p1meter::mqtt {
namespace {

// The resolver and OpenSSL need some 60 kB; sanitizers several times that.
constexpr std::size_t stack_size = std::size_t{512} * 1024;

void* run(void* given) {
  const std::unique_ptr<std::function<void()>> work{static_cast<std::function<void()>*>(given)};
  (*work)();
  return nullptr;
}

}  // namespace

void Thread::start(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes,
                            std::max(stack_size, static_cast<std::size_t>(PTHREAD_STACK_MIN)));

  // Signals belong to the read loop.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  auto given = std::make_unique<std::function<void()>>(std::move(work));
  pthread_t thread{};
  const int error = pthread_create(&thread, &attributes, run, given.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error{error, std::generic_category(), "publisher thread"};
  static_cast<void>(given.release());
  handle_ = thread;
}

void Thread::join() noexcept {
  if (const auto handle = std::exchange(handle_, std::nullopt)) pthread_join(*handle, nullptr);
}

void Thread::leave() noexcept {
  if (const auto handle = std::exchange(handle_, std::nullopt)) pthread_detach(*handle);
}

}  // namespace p1meter::mqtt
