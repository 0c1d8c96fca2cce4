// SPDX-License-Identifier: Apache-2.0
// Log adapter: a log line with its fields as one string, and the forms it is shown in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/log/log.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter::log {

/// A line as it travels through spdlog, which knows only text: the sentence, then each name and
/// value, divided by separators that cannot occur in them because control characters are escaped.
[[nodiscard]] std::string encode_line(std::string_view sentence, const std::vector<Field>& fields);

/// An encoded line taken apart: views into it.
[[nodiscard]] Line decode_line(std::string_view encoded);

/// "sentence name=value name="a value with spaces""
[[nodiscard]] std::string line_text(const Line& line);

/// {"time":...,"level":"info","text":sentence,"name":"value",...}, one line. A field named like one
/// of these three has '_' behind its name.
[[nodiscard]] std::string line_json(const Line& line, Level level, Instant time);

/// "2024-10-27T00:30:05.123Z info: sentence name=value", as datagrams carry it.
[[nodiscard]] std::string line_datagram(const Line& line, Level level, Instant time);

/// What the journal stores: "MESSAGE=...", "PRIORITY=6", "SYSLOG_IDENTIFIER=p1meter",
/// "P1METER_EVENT=" with the sentence alone, which is the same whatever the fields say, and
/// "P1METER_METER=home" for each field. Source    systemd.journal-fields(7); priorities of
/// syslog(3)
[[nodiscard]] std::vector<std::string> journal_fields(const Line& line, int priority);

}  // namespace p1meter::log
