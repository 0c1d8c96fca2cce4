// SPDX-License-Identifier: Apache-2.0
// Decoding: what the elements of a DLMS list become in the telegram.
#include "decoding/list_writer.hpp"

#include "decoding/cosem_codes.hpp"
#include "decoding/dlms_clock.hpp"

namespace p1meter::decoding {

// ---- objects

CosemObject& ListWriter::append(const Obis& obis, const char* at, const AxdrElement& value,
                                bool is_clock) {
  CosemObject& object = append(obis, at);
  if (!fill_value(object, value, is_clock, memory_)) {
    report_value(ProblemCode::number_too_long, object);
  }
  return object;
}

CosemObject& ListWriter::take_object(const Obis& obis, const char* at, const AxdrElement& value,
                                     const std::optional<ScalerUnit>& scale, bool is_clock) {
  const CosemObject* const known = index_->find_or_enter(obis);
  const auto known_at = known == nullptr ? 0 : known - telegram_.objects.data();
  CosemObject& object = append(obis, at, value, is_clock);
  if (scale) set_scale(object, *scale);
  if (known != nullptr) return drop_repeated(telegram_.objects[static_cast<std::size_t>(known_at)]);
  note_facts(object, value);
  return object;
}

/// The object just appended repeats a code.
CosemObject& ListWriter::drop_repeated(CosemObject& first) {
  const CosemObject& second = telegram_.objects.back();
  const bool differs = second.raw != first.raw || second.unit != first.unit ||
                       second.number.has_value() != first.number.has_value() ||
                       (second.number && *second.number != *first.number);
  if (differs) report_value(ProblemCode::duplicate_object, second);
  telegram_.objects.pop_back();
  return first;
}

void ListWriter::note_facts(const CosemObject& object, const AxdrElement& value) {
  if (object.time && is_clock(object.obis)) {
    telegram_.time = object.time;
    if (is_doubtful(object.raw)) report_value(ProblemCode::time_doubtful, object);
  }
  if (!value.is_text() || object.text.empty()) return;
  if (is_list_name(object.obis) && telegram_.identification.empty()) {
    telegram_.identification = object.text;
  }
  if (is_meter_type(object.obis)) meter_type_ = object.text;
}

// ---- scales

void ListWriter::set_scale(CosemObject& object, const ScalerUnit& scale) {
  set_unit(object, scale.unit);
  set_scaler(object, scale.scaler);
}

void ListWriter::set_scale(CosemObject& object, const ListScale& scale) {
  object.unit = scale.unit;
  object.has_unit = scale.unit != Unit::none;
  set_scaler(object, scale.scaler);
}

void ListWriter::set_scaler(CosemObject& object, std::int8_t scaler) {
  object.scale_unknown = false;
  if (!object.number) return;
  if (is_exponent(scaler)) {
    object.number->exponent = scaler;
  } else {
    object.number.reset();
    report_value(ProblemCode::number_too_long, object);
  }
}

// ---- problems

void ListWriter::report(ProblemCode code, const char* at, std::optional<Obis> obis) {
  if (ended_) return;
  ended_ = code != ProblemCode::object_malformed && code != ProblemCode::list_unknown;
  telegram_.problems.push_back({code, offset_of(at), obis, {}});
}

}  // namespace p1meter::decoding
