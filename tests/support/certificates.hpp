// SPDX-License-Identifier: Apache-2.0
// Tests: a certificate authority and what it signs, made by the openssl command.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {

struct Certificate {
  std::string certificate{};  // file
  std::string key{};          // file
};

/// An authority of the test's own, trusted by nobody else.
class CertificateAuthority {
 public:
  CertificateAuthority() {
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", path("ca.key"), "-out", path("ca.crt"), "-days", "30", "-subj",
             "/CN=p1meter test CA"});
  }

  [[nodiscard]] std::string certificate() const { return path("ca.crt"); }

  /// `names`: "DNS:localhost", "IP:127.0.0.1", ... `days`: negative for one that has expired.
  [[nodiscard]] Certificate sign(const std::string& name, const std::string& names,
                                 int days = 30) const {
    const std::string key = path(name + ".key");
    const std::string request = path(name + ".csr");
    const std::string certificate = path(name + ".crt");
    const std::string extensions = directory_.file(name + ".ext", "subjectAltName=" + names + "\n");
    openssl({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", request, "-subj", "/CN=" + name});
    openssl({"x509", "-req", "-in", request, "-CA", path("ca.crt"), "-CAkey", path("ca.key"),
             "-CAcreateserial", "-out", certificate, "-days", std::to_string(days), "-extfile",
             extensions});
    return {certificate, key};
  }

 private:
  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  static void openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    Process process{{.command = std::move(arguments), .environment = {}, .input = {}}};
    if (process.wait(20s) != 0) throw std::runtime_error{"openssl: " + process.err()};
  }

  TemporaryDirectory directory_{};
};

}  // namespace p1meter::test
