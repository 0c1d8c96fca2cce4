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

  /// `names`: "DNS:localhost", "IP:127.0.0.1", ...
  [[nodiscard]] Certificate sign(const std::string& name, const std::string& names) const {
    return sign(name, names, "default_days = 30\n");
  }
  /// One that was valid for a day in 2020.
  [[nodiscard]] Certificate sign_expired(const std::string& name, const std::string& names) const {
    return sign(name, names,
                "default_startdate = 20200101000000Z\ndefault_enddate = 20200102000000Z\n");
  }

 private:
  /// Only `openssl ca` of both OpenSSL 3.0 and 3.5 takes dates of the past.
  [[nodiscard]] Certificate sign(const std::string& name, const std::string& names,
                                 const std::string& validity) const {
    const std::string key = path(name + ".key");
    const std::string request = path(name + ".csr");
    const std::string certificate = path(name + ".crt");
    const std::string extensions = directory_.file(name + ".ext", "subjectAltName=" + names + "\n");
    openssl({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", request, "-subj", "/CN=" + name});
    directory_.file(name + ".index", "");
    const std::string configuration = directory_.file(
        name + ".cnf", "[ca]\ndefault_ca = d\n[d]\ndatabase = " + path(name + ".index") +
                           "\nnew_certs_dir = " + directory_.path().string() +
                           "\nrand_serial = yes\ndefault_md = sha256\npolicy = p\n" + validity +
                           "[p]\ncommonName = supplied\n");
    openssl({"ca", "-batch", "-notext", "-config", configuration, "-in", request, "-cert",
             path("ca.crt"), "-keyfile", path("ca.key"), "-out", certificate, "-extfile",
             extensions});
    return {certificate, key};
  }

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
