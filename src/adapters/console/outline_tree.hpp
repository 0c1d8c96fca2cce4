// SPDX-License-Identifier: Apache-2.0
// Console adapter: how the bytes of a frame were understood, for people.
#pragma once

#include <string>

#include "p1meter/values/outline.hpp"

namespace p1meter::console {

/// One line each: the offset in hex, up to eight octets in hex, and the text, indented by depth.
///
///     0000  7E                         HDLC frame, 58 bytes
///     0001  A0 38                        format: type 3, not segmented or the last, length 56
///
/// colour    problems in red
void append_outline(std::string& out, const Outline& outline, bool colour);

}  // namespace p1meter::console
