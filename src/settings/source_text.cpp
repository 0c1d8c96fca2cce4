// SPDX-License-Identifier: Apache-2.0
// Settings: addresses of meters and brokers as users write them.
#include "settings/source_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "settings/definition.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"
#include "settings/yaml_text.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<std::string_view, 40> profiles{"dsmr22",
                                                    "dsmr30",
                                                    "dsmr40",
                                                    "dsmr42",
                                                    "dsmr5",
                                                    "fluvius",
                                                    "fluvius-50213",
                                                    "fluvius-50221",
                                                    "luxembourg",
                                                    "sweden",
                                                    "sweden-sagemcom",
                                                    "sweden-landis",
                                                    "sweden-ct",
                                                    "finland",
                                                    "denmark",
                                                    "hungary",
                                                    "hungary-holley",
                                                    "lithuania-standard",
                                                    "lithuania-extended",
                                                    "lithuania-maximal",
                                                    "austria-steiermark",
                                                    "switzerland",
                                                    "slovenia-text",
                                                    "poland",
                                                    "germany-q3d",
                                                    "aidon-no",
                                                    "aidon-no-segmented",
                                                    "aidon-se",
                                                    "kaifa-no",
                                                    "kaifa-se",
                                                    "kamstrup-no",
                                                    "kamstrup-se",
                                                    "kamstrup-dk",
                                                    "iskra-si",
                                                    "iskra-hr",
                                                    "landis-ch",
                                                    "landis-burgenland",
                                                    "netz-noe",
                                                    "tinetz",
                                                    "sagemcom-at"};
constexpr std::string_view source_forms =
    "auto, serial:/dev/..., tcp://host:port, file:PATH, - (standard input) or simulator:PROFILE";

struct HostPort {
  std::string host;
  std::uint16_t port{};  // 0: none given
};

bool is_host(std::string_view host) {
  constexpr std::size_t longest = 253;  // RFC 1035
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return !host.empty() && host.size() <= longest && host.front() != '-' &&
         host.find_first_not_of(allowed) == std::string_view::npos;
}

/// Near enough to tell an address from a slip; the resolver knows the rest.
bool is_ipv6(std::string_view host) {
  const auto address = host.substr(0, host.find('%'));
  return std::count(address.begin(), address.end(), ':') >= 2 &&
         address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
         host.size() <= 64 &&
         (address.size() == host.size() || is_host(host.substr(address.size() + 1)));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto number = parse_whole(text);
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

/// host, host:port, [v6], [v6]:port, v6
std::optional<HostPort> parse_host_port(std::string_view text) {
  if (is_ipv6(text)) return HostPort{std::string{text}, 0};
  std::string_view host = text.substr(0, text.rfind(':'));
  std::string_view rest = text.substr(host.size());
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_ipv6(host)) return std::nullopt;
  } else if (!is_host(host)) {
    return std::nullopt;
  }
  if (rest.empty()) return HostPort{std::string{host}, 0};
  const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  return HostPort{std::string{host}, *port};
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

/// The text behind a prefix, if it is there.
std::optional<std::string_view> behind(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

Result<Source, std::string> parse_tcp(std::string_view text) {
  const auto address = parse_host_port(text);
  if (!address || address->port == 0) {
    return tl::unexpected<std::string>{
        "tcp://host:port with a port from 1 to 65535, like tcp://192.168.1.20:2000 or "
        "tcp://[fe80::1]:2000"};
  }
  return Source{TcpSource{address->host, address->port}};
}

Result<Source, std::string> parse_device(std::string_view path) {
  if (!path.starts_with("/dev/") || path.size() == 5 ||
      path.find("/..") != std::string_view::npos) {
    return tl::unexpected<std::string>{"the path of a serial port, like serial:/dev/ttyUSB0"};
  }
  return Source{SerialSource{std::string{path}}};
}

Result<Source, std::string> parse_simulator(std::string_view profile) {
  if (std::find(profiles.begin(), profiles.end(), profile) == profiles.end()) {
    return tl::unexpected{"simulator:PROFILE ('p1meter show profiles' lists them)" +
                          did_you_mean(nearest(profile, profiles))};
  }
  return Source{SimulatorSource{std::string{profile}}};
}

}  // namespace

std::span<const std::string_view> known_profiles() noexcept { return profiles; }

Result<Source, std::string> parse_source(std::string_view text, std::string_view directory) {
  if (text == "auto") return Source{AutoSource{}};
  if (text == "-") return Source{FileSource{"-"}};
  if (text.starts_with("/dev/")) return parse_device(text);
  if (const auto path = behind(text, "serial:")) return parse_device(*path);
  if (const auto address = behind(text, "tcp://")) return parse_tcp(*address);
  if (const auto profile = behind(text, "simulator:")) return parse_simulator(*profile);
  if (const auto path = behind(text, "file:"); path && !path->empty()) {
    return Source{FileSource{*path == "-" ? "-" : resolve_path(directory, *path)}};
  }
  return tl::unexpected<std::string>{std::string{source_forms}};
}

std::string to_string(const Source& source) {
  struct Writer {
    std::string operator()(const AutoSource& /*source*/) const { return "auto"; }
    std::string operator()(const SerialSource& serial) const { return "serial:" + serial.device; }
    std::string operator()(const TcpSource& tcp) const {
      return "tcp://" + bracketed(tcp.host) + ':' + std::to_string(tcp.port);
    }
    std::string operator()(const FileSource& file) const {
      return file.path == "-" ? "-" : "file:" + file.path;
    }
    std::string operator()(const SimulatorSource& simulator) const {
      return "simulator:" + simulator.profile;
    }
  };
  return std::visit(Writer{}, source);
}

Result<BrokerAddress, std::string> parse_broker(std::string_view text) {
  if (text.find("://") != std::string_view::npos) {
    return tl::unexpected<std::string>{
        "a host name or address alone, without mqtt:// (port, username and tls are keys of their "
        "own)"};
  }
  const auto address = parse_host_port(text);
  if (!address) {
    return tl::unexpected<std::string>{
        "a host name or address, with a port where it differs: homeassistant.local, "
        "192.168.1.2:1883, [::1]:1883"};
  }
  return BrokerAddress{address->host, address->port};
}

std::string to_string(const BrokerAddress& broker) {
  if (broker.port == 0) return broker.host;
  return bracketed(broker.host) + ':' + std::to_string(broker.port);
}

std::string check_topic(std::string_view topic) {
  constexpr std::size_t longest =
      1024;  // bytes; the protocol's 65 535 leave room for levels behind
  if (topic.empty() || topic.size() > longest) return "a topic of 1 to 1024 bytes";
  if (!is_utf8(topic)) return "a topic in UTF-8";
  const auto bad = [](char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
  };
  if (std::any_of(topic.begin(), topic.end(), bad)) return "a topic without control characters";
  if (topic.find_first_of("+#") != std::string_view::npos) return "a topic without + and #";
  if (topic.front() == '$') return "a topic that does not begin with $";
  if (topic.front() == '/' || topic.back() == '/' || topic.find("//") != std::string_view::npos) {
    return "a topic without empty levels: a/b";
  }
  return {};
}

}  // namespace p1meter::settings
