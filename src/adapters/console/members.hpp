// SPDX-License-Identifier: Apache-2.0
// Console adapter: the members of a telegram's JSON object.
#pragma once

#include <string>
#include <string_view>

#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/problem.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter::console {

/// {"key":...,"obis":...,"value":...,"unit":...,"time":...,"device":...,"channel":...,"computed":true}
void append_reading(std::string& out, const Reading& reading, const KeyInfo& info);
/// {"obis":...,"text":...}
void append_unknown(std::string& out, const UnknownObject& object);
/// {"position":3,"type":"long-unsigned","value":"231"}; inside another element "position":"4.1".
void append_item(std::string& out, const ListItem& item);
/// {"code":...,"offset":...,"obis":...,"text":...}
void append_problem(std::string& out, const Problem& problem);

}  // namespace p1meter::console
