// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: why a TLS handshake fails, in words.
#include "adapters/mqtt/tls_probe.hpp"

#include <array>
#include <memory>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <vector>

namespace p1meter::mqtt {
namespace {

constexpr milliseconds handshake_patience{5000};
constexpr milliseconds alert_patience{300};

struct Free {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Tls = std::unique_ptr<SSL, Free>;

std::string openssl_error() {
  const auto code = ERR_peek_last_error();
  const char* const text = ERR_reason_error_string(code);
  return text == nullptr ? "unknown error" : text;
}

/// Certificates and key as configured; what is wrong with them, or empty.
std::string load(SSL_CTX& context, const settings::TlsSettings& tls) {
  if (tls.insecure) {
    SSL_CTX_set_verify(&context, SSL_VERIFY_NONE, nullptr);
  } else {
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    if (tls.ca.empty()) {
      SSL_CTX_set_default_verify_paths(&context);
    } else if (SSL_CTX_load_verify_locations(&context, tls.ca.c_str(), nullptr) != 1) {
      return "cannot read the CA certificate " + tls.ca + ": " + openssl_error();
    }
  }
  if (!tls.certificate.empty() &&
      SSL_CTX_use_certificate_chain_file(&context, tls.certificate.c_str()) != 1)
    return "cannot read our certificate " + tls.certificate + ": " + openssl_error();
  const std::string& key = tls.key.empty() ? tls.certificate : tls.key;
  if (!key.empty() && SSL_CTX_use_PrivateKey_file(&context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return "cannot use our private key " + key + ": " + openssl_error();
  return {};
}

void name_host(SSL& ssl, const std::string& host, bool verify) {
  X509_VERIFY_PARAM* const expected = SSL_get0_param(&ssl);
  const bool is_address = verify && X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  if (is_address) return;
  // SSL_set_tlsext_host_name without its cast.
  std::string name = host;
  SSL_ctrl(&ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  if (verify) SSL_set1_host(&ssl, host.c_str());
}

void offer_protocols(SSL& ssl, const std::vector<std::string>& alpn) {
  std::vector<unsigned char> wire;
  for (const std::string& protocol : alpn) {
    wire.push_back(static_cast<unsigned char>(protocol.size()));
    wire.insert(wire.end(), protocol.begin(), protocol.end());
  }
  if (!wire.empty()) SSL_set_alpn_protos(&ssl, wire.data(), static_cast<unsigned>(wire.size()));
}

/// True when the socket is ready for what OpenSSL wants next.
bool wait_for(int descriptor, int wanted, milliseconds patience) {
  pollfd waiting{.fd = descriptor,
                 .events = static_cast<short>(wanted == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN),
                 .revents = 0};
  return poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
}

std::string verify_text(long result, const std::string& host) {
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the broker's certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the broker's certificate is not valid yet: is this machine's clock right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the broker's certificate is for another host name than " + host;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return std::string{"the broker's certificate is signed by an unknown CA ("} +
             X509_verify_cert_error_string(result) + "): set mqtt.tls.ca";
    default:
      return std::string{"the broker's certificate is refused: "} +
             X509_verify_cert_error_string(result);
  }
}

std::string handshake_error(SSL& ssl, int error, const std::string& host) {
  const long verified = SSL_get_verify_result(&ssl);
  if (verified != X509_V_OK && SSL_get_verify_mode(&ssl) != SSL_VERIFY_NONE)
    return verify_text(verified, host);
  if (error == SSL_ERROR_SSL) return "TLS: " + openssl_error();
  return "the broker closed the connection during the TLS handshake: is this its TLS port?";
}

/// In TLS 1.3 a broker refuses our certificate only after the handshake.
std::string late_alert(SSL& ssl, int descriptor) {
  std::array<char, 1> byte{};
  for (int tries = 0; tries < 3; ++tries) {
    ERR_clear_error();
    const int error = SSL_get_error(&ssl, SSL_read(&ssl, byte.data(), byte.size()));
    if (error == SSL_ERROR_SSL)
      return "the broker refuses our certificate, or wants one (TLS: " + openssl_error() + ")";
    if (error != SSL_ERROR_WANT_READ || !wait_for(descriptor, error, alert_patience)) return {};
  }
  return {};
}

}  // namespace

std::string explain_tls(int descriptor, const std::string& host, const settings::TlsSettings& tls) {
  ERR_clear_error();
  const Context context{SSL_CTX_new(TLS_client_method())};
  if (!context) return "TLS: " + openssl_error();
  if (auto fault = load(*context, tls); !fault.empty()) return fault;
  const Tls ssl{SSL_new(context.get())};
  name_host(*ssl, host, !tls.insecure);
  offer_protocols(*ssl, tls.alpn);
  SSL_set_fd(ssl.get(), descriptor);

  const auto deadline = std::chrono::steady_clock::now() + handshake_patience;
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(ssl.get());
    if (result == 1) return late_alert(*ssl, descriptor);
    const int error = SSL_get_error(ssl.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
      return handshake_error(*ssl, error, host);
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !wait_for(descriptor, error, left))
      return "the broker does not answer the TLS handshake";
  }
}

}  // namespace p1meter::mqtt
