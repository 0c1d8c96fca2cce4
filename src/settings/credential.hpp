// SPDX-License-Identifier: Apache-2.0
// Settings: files that systemd passes to its service alone ("Credentials" in systemd.exec(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace p1meter::settings {

/// Grammar   credential = ( "%d/" | "$CREDENTIALS_DIRECTORY/" | "${CREDENTIALS_DIRECTORY}/" ) name
/// Output    the name; nothing when the path is that of an ordinary file
[[nodiscard]] std::optional<std::string_view> credential_name(std::string_view path) noexcept;

/// Where a path of the configuration leads: a credential to its file in $CREDENTIALS_DIRECTORY, all
/// else as resolve_path() says. A credential stays as it is written where systemd has passed none.
[[nodiscard]] std::string resolve_file(std::string_view directory, std::string_view path);

/// What makes systemd pass a credential: "'LoadCredential=mqtt:/path/of/the/file' under [Service]
/// (systemctl edit p1meter) passes it"
[[nodiscard]] std::string how_to_pass(std::string_view name);

}  // namespace p1meter::settings
