// SPDX-License-Identifier: Apache-2.0
// Settings: everything that is wrong with one configuration, collected.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "settings/settings.hpp"

namespace p1meter::settings {

/// A place in a file, from 1.
struct Place {
  int line{1};
  int column{1};

  friend bool operator==(const Place&, const Place&) = default;
};

/// "p1meter.yaml:3:7", as faults name a second place.
[[nodiscard]] std::string to_string(const std::string& file, Place place);

/// A topic that all meters would share.
struct SharedTopic {
  Fault fault{};
  std::string topic{};  // as it is written
};

inline constexpr std::size_t fault_limit =
    200;  // more help nobody, and looking for near keys costs

/// Collects faults and warnings of one file, so that all are shown together; beyond fault_limit of
/// each it is only said that there are more.
class FaultList {
 public:
  explicit FaultList(std::string file) : file_(std::move(file)) {}

  void add(Place place, std::string key, std::string message);
  void add(Fault fault);
  /// A fault found elsewhere (the OBIS tables); dropped when its place already has one.
  void add_elsewhere(Fault fault);
  void warn(Place place, std::string key, std::string message);
  void warn(Fault warning);
  /// The same, once for each file: nine keys in one file are one file that everybody can read.
  void warn_of_readable_file(const std::string& file, Place place, std::string key,
                             std::string message);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] bool empty() const noexcept { return faults_.empty(); }
  [[nodiscard]] bool full() const noexcept { return faults_.size() >= fault_limit; }
  /// Of all faults so far, those beyond the limit too.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Both in the order of their places.
  [[nodiscard]] std::vector<Fault> take_faults();
  [[nodiscard]] std::vector<Fault> take_warnings();

 private:
  std::string file_;
  std::vector<Fault> faults_{};
  std::vector<Fault> warnings_{};
  std::vector<std::string> readable_files_{};  // that were warned of
  std::size_t count_{};
};

}  // namespace p1meter::settings
