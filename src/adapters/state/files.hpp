// SPDX-License-Identifier: Apache-2.0
// State adapter: small files, read whole and written atomically.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "p1meter/values/result.hpp"

namespace p1meter::state {

enum class ReadFault : unsigned char { missing, unreadable, too_long };
struct ReadError {
  ReadFault fault{};
  std::string reason{};  // in the system's words
};

inline constexpr std::size_t largest_file = std::size_t{4} * 1024 * 1024;

[[nodiscard]] Result<std::string, ReadError> read_file(const std::filesystem::path& path);

/// Replaces a file: after a crash or a power cut at any moment there is the old content or the new.
/// Makes missing directories. Empty on success, else the reason.
[[nodiscard]] std::string write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace p1meter::state
