// SPDX-License-Identifier: Apache-2.0
// Settings: everything that is wrong with one configuration, collected.
#include "settings/fault_list.hpp"

#include <algorithm>
#include <tuple>

namespace p1meter::settings {
namespace {

/// The file's own first, then those of the files it names.
std::vector<Fault> in_order(std::vector<Fault> faults, const std::string& file) {
  const auto place = [&](const Fault& fault) {
    return std::tuple{fault.file != file, fault.line, fault.column};
  };
  std::stable_sort(faults.begin(), faults.end(), [&](const Fault& left, const Fault& right) {
    return place(left) < place(right);
  });
  return faults;
}

}  // namespace

std::string to_string(const std::string& file, Place place) {
  return file + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

std::string to_string(const Fault& fault) {
  std::string text =
      fault.line > 0 ? to_string(fault.file, Place{fault.line, fault.column}) : fault.file;
  text += ": ";
  if (!fault.key.empty()) text += fault.key + ": ";
  return text + fault.message;
}

void FaultList::add(Place place, std::string key, std::string message) {
  add(Fault{file_, place.line, place.column, std::move(key), std::move(message)});
}

void FaultList::add(Fault fault) {
  if (!full()) faults_.push_back(std::move(fault));
  ++count_;
}

void FaultList::add_elsewhere(Fault fault) {
  const bool known = std::any_of(faults_.begin(), faults_.end(), [&](const Fault& other) {
    return other.file == fault.file && other.line == fault.line && other.column == fault.column;
  });
  if (!known) add(std::move(fault));
}

void FaultList::warn(Place place, std::string key, std::string message) {
  warn(Fault{file_, place.line, place.column, std::move(key), std::move(message)});
}

void FaultList::warn(Fault warning) {
  if (warnings_.size() < fault_limit) warnings_.push_back(std::move(warning));
}

void FaultList::warn_of_readable_file(const std::string& file, Place place, std::string key,
                                      std::string message) {
  if (std::ranges::find(readable_files_, file) != readable_files_.end()) return;
  readable_files_.push_back(file);
  warn(place, std::move(key), std::move(message));
}

std::vector<Fault> FaultList::take_faults() {
  auto faults = in_order(std::exchange(faults_, {}), file_);
  if (count_ > fault_limit) {
    faults.push_back({file_, 0, 0, "", "there are more faults than are shown here"});
  }
  return faults;
}

std::vector<Fault> FaultList::take_warnings() {
  return in_order(std::exchange(warnings_, {}), file_);
}

}  // namespace p1meter::settings
