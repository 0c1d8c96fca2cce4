// SPDX-License-Identifier: Apache-2.0
// Daemon: which version of this program apt would install.
#include "daemon/candidate.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "adapters/log/log.hpp"
#include "adapters/source/descriptor.hpp"

namespace p1meter::daemon {
namespace {

constexpr std::size_t longest_version = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_version_character(char c) {
  return is_digit(c) || is_letter(c) || std::string_view{".+-~:"}.find(c) != std::string_view::npos;
}

/// Letters before all else, a tilde even before the end.
int rank(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  if (text.front() == '~') return -1;
  constexpr int behind_letters = 256;
  const int code = static_cast<unsigned char>(text.front());
  return is_letter(text.front()) ? code : code + behind_letters;
}

/// Takes a number off the front, without its leading zeros.
std::string_view take_number(std::string_view& text) {
  while (text.starts_with('0')) text.remove_prefix(1);
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const std::string_view number = text.substr(0, size);
  text.remove_prefix(size);
  return number;
}

}  // namespace

std::optional<std::string> upstream_version(std::string_view debian) {
  if (debian.size() > longest_version || !std::ranges::all_of(debian, is_version_character))
    return std::nullopt;
  debian.remove_prefix(debian.find(':') == std::string_view::npos ? 0 : debian.find(':') + 1);
  debian = debian.substr(0, debian.rfind('-'));
  if (debian.empty() || !is_digit(debian.front())) return std::nullopt;
  return std::string{debian};
}

std::optional<std::string> read_candidate(const std::filesystem::path& file) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!descriptor) return std::nullopt;
  std::array<char, longest_version + 2> buffer{};  // its line feed, and one too many
  const ssize_t size = ::read(descriptor.get(), buffer.data(), buffer.size());
  if (size <= 0) return std::nullopt;
  std::string_view line{buffer.data(), static_cast<std::size_t>(size)};
  if (line.ends_with('\n')) line.remove_suffix(1);
  return upstream_version(line);
}

std::strong_ordering compare_versions(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    while (rank(left) != 0 || rank(right) != 0) {
      if (const auto order = rank(left) <=> rank(right); std::is_neq(order)) return order;
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
    const std::string_view ours = take_number(left);
    const std::string_view theirs = take_number(right);
    if (const auto order = ours.size() <=> theirs.size(); std::is_neq(order)) return order;
    if (const auto order = ours <=> theirs; std::is_neq(order)) return order;
  }
  return std::strong_ordering::equal;
}

std::string newest_version(const std::string& installed, const std::string& candidate) {
  return std::is_gt(compare_versions(candidate, installed)) ? candidate : installed;
}

Candidate::Candidate(std::string installed, std::filesystem::path file)
    : installed_{std::move(installed)}, file_{std::move(file)}, told_{installed_} {}

std::optional<std::string> Candidate::look() {
  const auto candidate = read_candidate(file_);
  if (!candidate) return std::nullopt;
  std::string newest = newest_version(installed_, *candidate);
  if (newest != installed_ && std::exchange(told_, newest) != newest) {
    log::write(log::Level::info, "apt has a newer p1meter: apt install p1meter",
               {{"installed", installed_}, {"latest", newest}});
  }
  return newest;
}

}  // namespace p1meter::daemon
