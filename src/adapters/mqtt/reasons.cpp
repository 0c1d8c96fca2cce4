// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: reason codes in words.
#include "adapters/mqtt/reasons.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace p1meter::mqtt {
namespace {

struct Reason {
  int code;
  std::string_view text;
};

constexpr std::array reasons{
    Reason{0x00, "the connection ended"},
    Reason{0x01, "the broker does not speak this MQTT version"},
    Reason{0x02, "the broker refuses the client id"},
    Reason{0x03, "the broker is not available"},
    Reason{0x04, "user name or password is wrong"},
    Reason{0x05, "not authorised: check user name, password and the broker's access list"},
    Reason{0x80, "the broker gives no reason"},
    Reason{0x81, "the broker calls a packet malformed"},
    Reason{0x82, "protocol error"},
    Reason{0x83, "the broker cannot do this"},
    Reason{0x84, "the broker does not speak this MQTT version"},
    Reason{0x85, "the broker refuses the client id"},
    Reason{0x86, "user name or password is wrong"},
    Reason{0x87, "not authorised: check user name, password and the broker's access list"},
    Reason{0x88, "the broker is not available"},
    Reason{0x89, "the broker is busy"},
    Reason{0x8A, "the broker has banned this client"},
    Reason{0x8B, "the broker is shutting down"},
    Reason{0x8C, "the broker wants another way of authentication"},
    Reason{0x8D, "the broker did not hear from us in time"},
    Reason{0x8E, "another client with the same client id has connected"},
    Reason{0x90, "the broker refuses the topic name"},
    Reason{0x93, "more messages on their way than the broker takes"},
    Reason{0x95, "the message is too large for the broker"},
    Reason{0x96, "too many messages for the broker"},
    Reason{0x97, "the broker's quota is exceeded"},
    Reason{0x98, "the broker's administrator ended the connection"},
    Reason{0x99, "the broker refuses the format of the payload"},
    Reason{0x9A, "the broker does not take retained messages"},
    Reason{0x9B, "the broker does not take this QoS"},
    Reason{0x9C, "the broker sends us to another server"},
    Reason{0x9D, "the broker has moved"},
    Reason{0x9F, "too many connections for the broker"},
};

}  // namespace

bool refuses_version(int code) noexcept { return code == 0x01 || code == 0x84; }

std::string reason_text(int code) {
  const auto* const found = std::find_if(reasons.begin(), reasons.end(),
                                         [&](const Reason& reason) { return reason.code == code; });
  if (found != reasons.end()) return std::string{found->text};
  return "reason code " + std::to_string(code);
}

}  // namespace p1meter::mqtt
