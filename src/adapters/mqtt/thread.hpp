// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: a thread that nobody waits for.
#pragma once

#include <functional>

namespace p1meter::mqtt {

/// Runs `work` on a detached thread with a small stack. What it uses it must own: it may outlive
/// whoever started it, when the resolver or the library does not return.
void run_detached(std::function<void()> work);

}  // namespace p1meter::mqtt
