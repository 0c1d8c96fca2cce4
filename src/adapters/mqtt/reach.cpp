// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: names to addresses, and why a broker cannot be reached.
#include "adapters/mqtt/reach.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "adapters/mqtt/tls_probe.hpp"

namespace p1meter::mqtt {
namespace {

constexpr milliseconds tcp_patience{3000};

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

/// Gives the list or getaddrinfo's error.
std::pair<AddressList, int> resolve(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  return {AddressList{list}, error};
}

std::string numeric(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0,
                  NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

std::string look_up_error(const std::string& host, int error) {
  if (error == EAI_NONAME || error == EAI_NODATA) return "DNS knows no host named " + host;
  return "cannot look up " + host + " in DNS: " + gai_strerror(error);
}

/// 0, or errno of the connection attempt. The socket stays open.
int connect_in_time(int descriptor, const addrinfo& address) {
  if (connect(descriptor, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(tcp_patience.count())) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

std::string tcp_error(const Endpoint& endpoint, int error) {
  if (error == ECONNREFUSED) return "connection refused: nothing listens at " + to_string(endpoint);
  if (error == ETIMEDOUT) return to_string(endpoint) + " does not answer";
  return "cannot reach " + to_string(endpoint) + ": " + std::strerror(error);
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? '[' + endpoint.host + ']' : endpoint.host) + ':' + std::to_string(endpoint.port);
}

Endpoint endpoint_of(const settings::MqttSettings& settings,
                     const settings::BrokerAddress& address) {
  constexpr std::uint16_t plain_port = 1883;
  constexpr std::uint16_t tls_port = 8883;
  const std::uint16_t usual = settings.tls ? tls_port : plain_port;
  return {address.host, address.port == 0 ? usual : address.port};
}

std::vector<std::string> broker_names(const settings::MqttSettings& settings) {
  std::vector<std::string> names;
  for (const auto& address : settings.brokers)
    names.push_back(to_string(endpoint_of(settings, address)));
  return names;
}

Addresses look_up(const Endpoint& endpoint) {
  Addresses found;
  const auto [list, error] = resolve(endpoint.host, endpoint.port, 0);
  if (error != 0) {
    found.error = look_up_error(endpoint.host, error);
    return found;
  }
  for (const addrinfo* address = list.get(); address != nullptr; address = address->ai_next) {
    auto text = numeric(*address);
    if (!text.empty()) found.numeric.push_back(std::move(text));
  }
  return found;
}

std::string explain(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                    const std::optional<settings::TlsSettings>& tls) {
  std::string last;
  for (const std::string& text : addresses) {
    const auto [address, unused] = resolve(text, endpoint.port, AI_NUMERICHOST);
    if (!address) continue;
    const int descriptor =
        socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::string{"cannot open a socket: "} + std::strerror(errno);
    const int error = connect_in_time(descriptor, *address);
    last = error != 0 ? tcp_error(endpoint, error)
                      : (tls ? explain_tls(descriptor, endpoint.host, *tls) : std::string{});
    close(descriptor);
    if (error == 0) break;
  }
  return last;
}

}  // namespace p1meter::mqtt
