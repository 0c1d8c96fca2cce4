// SPDX-License-Identifier: Apache-2.0
// Source adapters: performs what the link machine says.
#include "adapters/source/source.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "adapters/source/source_impl.hpp"

namespace p1meter {
namespace {

constexpr std::size_t live_chunk = 1024;     // about a telegram
constexpr std::size_t stream_chunk = 65536;  // a file is read as fast as it comes

link::LinkSettings complete(link::LinkSettings settings, const SourceTarget& target) {
  if (const auto* serial = std::get_if<SerialTarget>(&target)) {
    settings.probe = serial->probe;
    settings.silence.reset();
  } else {
    settings.probe.clear();
  }
  settings.once = std::holds_alternative<StreamTarget>(target);
  if (settings.once) settings.silence.reset();
  return settings;
}

LineErrorCounter::Reader counters_of(const SourceTarget& target) {
  const auto* serial = std::get_if<SerialTarget>(&target);
  return serial != nullptr ? serial->counters : LineErrorCounter::Reader{};
}

}  // namespace

std::string name_of(const SourceTarget& target) {
  if (const auto* serial = std::get_if<SerialTarget>(&target)) {
    return serial->device.empty() ? "auto" : serial->device;
  }
  if (const auto* tcp = std::get_if<TcpTarget>(&target)) return tcp_name(tcp->host, tcp->port);
  const auto& path = std::get<StreamTarget>(target).path;
  return path == "-" ? "standard input" : path;
}

Source::Impl::Impl(asio::io_context& io_context, SourceTarget source_target,
                   link::LinkSettings link_settings, SourceHandlers source_handlers)
    : context{io_context},
      target{std::move(source_target)},
      handlers{std::move(source_handlers)},
      machine{complete(std::move(link_settings), target)},
      descriptor{io_context},
      timer{io_context},
      lookup_timer{io_context},
      line_errors{counters_of(target)},
      where{name_of(target)},
      buffer(std::holds_alternative<StreamTarget>(target) ? stream_chunk : live_chunk) {}

asio::awaitable<void> Source::Impl::drive(std::shared_ptr<Impl> self) {
  for (link::Event event = link::Started{};;) {
    if (self->stopping) event = link::StopRequested{};
    const link::Step step = self->machine.resume(event);
    if (std::holds_alternative<link::Opened>(event)) self->opened();
    self->tell(step);
    if (std::holds_alternative<link::Finish>(step.action)) break;
    event = co_await self->perform(step.action);
  }
  self->close();
  if (!self->stopping && self->handlers.ended) self->handlers.ended();
}

asio::awaitable<link::Event> Source::Impl::perform(link::Action action) {
  if (const auto* to_open = std::get_if<link::Open>(&action))
    co_return co_await open(to_open->line);
  if (const auto* to_read = std::get_if<link::Read>(&action)) {
    co_return co_await read(to_read->deadline);
  }
  co_return co_await wait(std::get<link::Wait>(action).delay);
}

asio::awaitable<link::Event> Source::Impl::wait(milliseconds delay) {
  close();
  waited = true;
  timer.expires_after(delay);
  while (!stopping && !has_expired(timer)) {
    ErrorCode cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return link::TimerFired{};
}

void Source::Impl::arm(milliseconds deadline) {
  timed_out = false;
  timer.expires_after(deadline);
  const auto round = ++timer_round;
  timer.async_wait([owner = self.lock(), round](const ErrorCode& error) {
    if (error || round != owner->timer_round) return;
    owner->timed_out = true;
    ErrorCode ignored;
    owner->descriptor.cancel(ignored);
  });
}

void Source::Impl::disarm() {
  ++timer_round;
  timer.cancel();
}

void Source::Impl::opened() {
  if (was_open && waited) ++reopened;
  was_open = true;
  open_now = true;
  waited = false;
  telegram = false;
  if (handlers.reopened) handlers.reopened();
}

void Source::Impl::look_for_line_errors() {
  if (std::holds_alternative<SerialTarget>(target) && descriptor.is_open()) {
    line_errors.look(descriptor.native_handle());
  }
}

void Source::Impl::close() {
  look_for_line_errors();
  open_now = false;
  ErrorCode ignored;
  if (stream) {
    if (descriptor.is_open()) descriptor.release();  // the stream closes it
    stream.reset();
  } else if (descriptor.is_open()) {
    descriptor.close(ignored);
  }
}

void Source::Impl::stop() {
  stopping = true;
  ErrorCode ignored;
  timer.cancel(ignored);
  lookup_timer.cancel(ignored);
  descriptor.cancel(ignored);
}

void Source::Impl::tell(const link::Step& step) const {
  if (step.change != link::Change::none && !stopping && handlers.changed) {
    handlers.changed(step, where);
  }
}

Source::Source(asio::io_context& context, SourceTarget target, link::LinkSettings settings,
               SourceHandlers handlers)
    : impl_{std::make_shared<Impl>(context, std::move(target), std::move(settings),
                                   std::move(handlers))} {
  impl_->self = impl_;
}

Source::~Source() { stop(); }

void Source::start() {
  asio::co_spawn(impl_->context, Impl::drive(impl_), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
}

void Source::stop() { impl_->stop(); }

void Source::telegram_seen() { impl_->telegram = true; }

void Source::set_silence(milliseconds silence) {
  if (std::holds_alternative<TcpTarget>(impl_->target)) impl_->machine.set_silence(silence);
}

std::optional<link::LineSettings> Source::settled() const { return impl_->machine.settled(); }

const std::string& Source::where() const noexcept { return impl_->where; }

bool Source::is_open() const noexcept { return impl_->open_now; }

std::uint64_t Source::reopened_count() const noexcept { return impl_->reopened; }

std::optional<LineErrors> Source::line_errors() {
  impl_->look_for_line_errors();
  return impl_->line_errors.errors();
}

}  // namespace p1meter
