// SPDX-License-Identifier: Apache-2.0
// Daemon: which version of this program apt would install.
#pragma once

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter::daemon {

/// Kept up to date by units of the Debian package: one line, "1.0.1-1~deb12". Not there where apt
/// knows no such package.
inline constexpr const char* candidate_file = "/run/p1meter-candidate/version";

/// A Debian version as this program writes its own: "1:1.0.1-1~deb12" is "1.0.1".
///
/// Input     one version, at most 128 bytes of letters, digits and . + - ~ :
/// Output    nothing when it is none
/// Source    Debian Policy, section 5.6.12
[[nodiscard]] std::optional<std::string> upstream_version(std::string_view debian);

/// The upstream version in the file. Nothing when it cannot be read or holds no version.
[[nodiscard]] std::optional<std::string> read_candidate(const std::filesystem::path& file);

/// Debian's order of upstream versions: 1.10 after 1.9, 2.0~rc1 before 2.0.
/// Source    Debian Policy, section 5.6.12
[[nodiscard]] std::strong_ordering compare_versions(std::string_view left, std::string_view right);

/// What to offer to those who have `installed`: never an older one.
[[nodiscard]] std::string newest_version(const std::string& installed,
                                         const std::string& candidate);

/// The candidate as it is now and again, and what the log says when it becomes a newer one.
class Candidate {
 public:
  explicit Candidate(std::string installed, std::filesystem::path file = candidate_file);

  /// Reads the file. Gives the newest version, which may be the installed one; nothing when apt's
  /// is not known.
  [[nodiscard]] std::optional<std::string> look();

 private:
  std::string installed_;
  std::filesystem::path file_;
  std::string told_;  // the log knows of it
};

}  // namespace p1meter::daemon
