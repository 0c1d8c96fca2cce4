// SPDX-License-Identifier: Apache-2.0
// Tests: a program that a test starts, watches and is sure to end.
#pragma once

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace p1meter::test {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A child process with its standard streams on pipes. Killed at the end of its scope, also when
/// the test dies.
class Process {
 public:
  struct Setup {
    std::vector<std::string> command{};                // program and arguments
    std::map<std::string, std::string> environment{};  // set or replaced
    std::string input{};  // given on standard input, which is then closed
  };

  explicit Process(const Setup& setup) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0 ||
        pipe2(err.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error{"pipe2"};
    }
    // Made before the fork: another thread of ours may just hold the allocator's lock, and in the
    // child nobody would ever give it back.
    const std::vector<std::string> environment = environment_with(setup.environment);
    const std::vector<char*> variables = pointers_to(environment);
    const std::vector<char*> arguments = pointers_to(setup.command);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      dup2(err[1], STDERR_FILENO);
      execvpe(arguments[0], arguments.data(), variables.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
    for (const int descriptor : {out_, err_}) fcntl(descriptor, F_SETFL, O_NONBLOCK);
    feed(in[1], setup.input);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  ~Process() {
    if (!status_) {
      kill(pid_, SIGCONT);
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(out_);
    close(err_);
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const std::string& out() {
    drain();
    return output_;
  }
  [[nodiscard]] const std::string& err() {
    drain();
    return errors_;
  }
  void send(int signal) const { kill(pid_, signal); }

  /// Exit status, or -signal. Nothing when it still runs at the deadline.
  std::optional<int> wait(Clock::duration patience) {
    const auto deadline = Clock::now() + patience;
    while (!status_) {
      drain();
      int status = 0;
      if (waitpid(pid_, &status, WNOHANG) == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        drain();
        break;
      }
      if (Clock::now() >= deadline) return std::nullopt;
      wait_for_output(5ms);
    }
    return status_;
  }

  /// True once standard output or standard error holds the text.
  bool shows(std::string_view text, Clock::duration patience) {
    const auto deadline = Clock::now() + patience;
    while (true) {
      drain();
      if (output_.find(text) != std::string::npos || errors_.find(text) != std::string::npos)
        return true;
      if (Clock::now() >= deadline) return false;
      wait_for_output(20ms);
    }
  }

 private:
  /// Ours, with what is set or replaced.
  static std::vector<std::string> environment_with(const std::map<std::string, std::string>& set) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string text = *variable;
      if (!set.contains(text.substr(0, text.find('=')))) variables.push_back(text);
    }
    for (const auto& [name, value] : set) variables.push_back(name + '=' + value);
    return variables;
  }
  static std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
  }

  void feed(int descriptor, const std::string& input) const {
    // Larger inputs than a pipe holds are written by a process of their own.
    if (input.size() > 60'000) {
      if (fork() == 0) {
        write_all(descriptor, input);
        _exit(0);
      }
    } else {
      write_all(descriptor, input);
    }
    close(descriptor);
  }
  static void write_all(int descriptor, std::string_view bytes) {
    signal(SIGPIPE, SIG_IGN);
    while (!bytes.empty()) {
      const ssize_t count = write(descriptor, bytes.data(), bytes.size());
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void wait_for_output(std::chrono::milliseconds patience) const {
    std::array<pollfd, 2> both{pollfd{out_open_ ? out_ : -1, POLLIN, 0},
                               pollfd{err_open_ ? err_ : -1, POLLIN, 0}};
    poll(both.data(), both.size(), static_cast<int>(patience.count()));
  }
  void drain() {
    drain(out_, output_, out_open_);
    drain(err_, errors_, err_open_);
  }
  static void drain(int descriptor, std::string& text, bool& open) {
    std::array<char, 65536> buffer{};
    while (open) {
      const ssize_t count = read(descriptor, buffer.data(), buffer.size());
      if (count == 0) open = false;
      if (count <= 0) return;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  pid_t pid_{-1};
  int out_{-1};
  int err_{-1};
  bool out_open_{true};
  bool err_open_{true};
  std::string output_{};
  std::string errors_{};
  std::optional<int> status_{};
};

/// Polls a condition until it holds or the patience ends.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, Clock::duration patience) {
  const auto deadline = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace p1meter::test
