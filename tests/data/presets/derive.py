#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Derives the expected messages of each preset from the telegrams in tests/data.

    tests/data/presets/derive.py            writes PRESET/TELEGRAM.messages
    tests/data/presets/derive.py --check    says which of them differ, exit status 1

It reads the telegrams by itself and knows the predecessors' tables by itself: neither p1meter nor
config/presets is looked at. README.md says where each table comes from.
"""
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
TELEGRAMS = ("dsmr5", "fluvius", "sweden")
PHASES = ((1, 21, 22, 31, 32), (2, 41, 42, 51, 52), (3, 61, 62, 71, 72))
GAS, HEAT, WATER = 3, 4, 7


# ---- the telegram -----------------------------------------------------------------------------------------------


def digits(text):
    """The number without leading zeros, its decimals as they are: -001.5 is -1.5, 002 is 2."""
    sign, whole, rest = re.fullmatch(r"(-?)0*(\d+)(\.\d+)?", text).groups()
    return f"{sign}{whole}{rest or ''}"


def instant(stamp):
    """240612093021S as a time: S is summer, two hours before UTC, W winter, one."""
    zone = timezone(timedelta(hours=2 if stamp.endswith("S") else 1))
    return datetime.strptime(stamp[:12], "%y%m%d%H%M%S").replace(tzinfo=zone)


class Telegram:
    """Codes with their value groups, as they stand in the lines."""

    def __init__(self, path):
        lines = path.read_bytes().decode("ascii").split("\r\n")
        self.identification = lines[0][1:]
        self.groups = {}
        for line in lines:
            found = re.match(r"(\d-\d:\d+\.\d+\.\d+)((?:\([^)]*\))+)", line)
            if found:
                self.groups[found[1]] = re.findall(r"\(([^)]*)\)", found[2])
        self.time = instant(self.raw("0-0:1.0.0"))

    def __contains__(self, code):
        return code in self.groups

    def raw(self, code):
        """The characters of the last group, without the unit."""
        return self.groups[code][-1].split("*")[0]

    def number(self, code):
        return digits(self.raw(code)) if code in self.groups else None

    def total(self, code, parts):
        """What the meter sends, else the sum of its tariffs."""
        if code in self.groups:
            return self.number(code)
        if all(part in self.groups for part in parts):
            return str(sum(Decimal(self.raw(part)) for part in parts))
        return None

    def imported(self):
        return self.total("1-0:1.8.0", ("1-0:1.8.1", "1-0:1.8.2"))

    def exported(self):
        return self.total("1-0:2.8.0", ("1-0:2.8.1", "1-0:2.8.2"))

    def net(self, plus, minus):
        """Import less export."""
        if plus not in self.groups or minus not in self.groups:
            return None
        return str(Decimal(self.raw(plus)) - Decimal(self.raw(minus)))

    def device(self, kind):
        """The channel of the first M-Bus device of this type."""
        for channel in range(1, 5):
            type_code = f"0-{channel}:24.1.0"
            if type_code in self.groups and int(self.raw(type_code)) == kind:
                return channel
        return None

    def volume_code(self, kind):
        channel = self.device(kind)
        for last in (1, 3):
            if channel and f"0-{channel}:24.2.{last}" in self.groups:
                return f"0-{channel}:24.2.{last}"
        return None

    def own_time(self, code):
        """The time in front of the value, of a code that has one; else the telegram's."""
        groups = self.groups[code]
        return instant(groups[0]) if len(groups) == 2 else self.time

    def failures(self):
        """The log of long power failures, as a list of what was over when, and how long it was (s)."""
        groups = self.groups["1-0:99.97.0"][2:]
        return [{"end": instant(end).isoformat(), "duration": Number(digits(length.split("*")[0]))}
                for end, length in zip(groups[::2], groups[1::2])]

    def peaks(self):
        """The peaks of past months (kW); a month without one (its stamp is no date) is left out."""
        groups = self.groups["0-0:98.1.0"][3:]
        peaks = []
        for end, when, peak in zip(groups[::3], groups[1::3], groups[2::3]):
            if when.startswith("63"):
                continue
            month = instant(end) - timedelta(days=1)  # the stamp closes the month
            peaks.append({"month": month.strftime("%Y-%m"), "time": instant(when).isoformat(),
                          "value": Number(digits(peak.split("*")[0]))})
        return peaks


# ---- messages ---------------------------------------------------------------------------------------------------


class Number(str):
    """A number that goes into JSON with its own digits."""


def compact(value):
    """JSON without blanks; numbers keep their digits; a member that is None is left out."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        members = ((json.dumps(name), compact(member)) for name, member in value.items()
                   if member is not None)
        return "{" + ",".join(f"{name}:{member}" for name, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(element) for element in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def number(text):
    return None if text is None else Number(text)


class Messages:
    def __init__(self, base, qos=0, retain=0):
        self.base, self.qos, self.retain = base, qos, retain
        self.lines = {}

    def add(self, topic, payload, qos=None, retain=None):
        """Without a payload there is no message. A topic that begins with a blank is not below the base."""
        if payload is None:
            return
        full = topic[1:] if topic.startswith(" ") else f"{self.base}/{topic}" if topic else self.base
        assert full not in self.lines, full
        self.lines[full] = (self.qos if qos is None else qos, self.retain if retain is None else retain,
                            payload)

    def text(self):
        return "".join(f"{topic}\t{qos}\t{retain}\t{payload}\n"
                       for topic, (qos, retain, payload) in sorted(self.lines.items()))


# ---- plan-d-io/P1-dongle ----------------------------------------------------------------------------------------


def plan_d_readings(t):
    """name, value, unit, time, metric, kind of metric"""
    rows = [("Total energy consumed", t.imported(), "kWh", None, "GridElectricityImport", "cumulative"),
            ("Total energy injected", t.exported(), "kWh", None, "GridElectricityExport", "cumulative"),
            ("Total active power", t.net("1-0:1.7.0", "1-0:2.7.0"), "kW", None, "GridElectricityPower", "gauge")]
    for code, name, unit, metric, kind in (
            ("1-0:1.8.1", "Total consumption T1", "kWh", None, "cumulative"),
            ("1-0:1.8.2", "Total consumption T2", "kWh", None, "cumulative"),
            ("1-0:2.8.1", "Total injection T1", "kWh", None, "cumulative"),
            ("1-0:2.8.2", "Total injection T2", "kWh", None, "cumulative"),
            ("0-0:96.14.0", "Active tariff period", None, None, "gauge"),
            ("1-0:1.7.0", "Active power consumption", "kW", None, "gauge"),
            ("1-0:2.7.0", "Active power injection", "kW", None, "gauge"),
            ("1-0:1.4.0", "Current average demand", "kW", None, "gauge"),
            ("1-0:1.6.0", "Maximum demand current month", "kW", None, "gauge"),
            ("1-0:32.7.0", "Voltage phase 1", "V", "GridElectricityVoltage", "gauge"),
            ("1-0:52.7.0", "Voltage phase 2", "V", "GridElectricityVoltage", "gauge"),
            ("1-0:72.7.0", "Voltage phase 3", "V", "GridElectricityVoltage", "gauge"),
            ("1-0:31.7.0", "Current phase 1", "A", "GridElectricityCurrent", "gauge"),
            ("1-0:51.7.0", "Current phase 2", "A", "GridElectricityCurrent", "gauge"),
            ("1-0:71.7.0", "Current phase 3", "A", "GridElectricityCurrent", "gauge")):
        if code in t:
            rows.append((name, t.number(code), unit, t.own_time(code), metric, kind))
    for kind, name, metric, metric_kind in (
            (GAS, "Natural gas consumption", "naturalGasImport", "cumulative"),
            (WATER, "Water consumption", None, None)):
        code = t.volume_code(kind)
        if code:
            rows.append((name, t.number(code), "m³", t.own_time(code), metric, metric_kind))
    return rows


def plan_d(payload_format):
    def derive(t):
        messages = Messages("data/devices/utility_meter")
        messages.add("", "online", qos=1, retain=1)
        messages.add("sys/config", "*", retain=1)
        for name in ("firmware", "free_heap_size", "ip"):
            messages.add(f" sys/devices/{{hostname}}/{name}", "*", retain=1)
        for name, value, unit, time, metric, kind in plan_d_readings(t):
            if value is None:
                continue
            topic = name.lower().replace(" ", "_")
            if payload_format == 0:
                messages.add(topic, value)
                continue
            payload = {"value": Number(value), "unit": unit,
                       "timestamp": Number(int((time or t.time).timestamp()))}
            if payload_format >= 2:
                payload |= {"friendly_name": name, "sensorId": f"utility_meter.{topic}"}
            if payload_format == 3:
                payload |= {"entity": "Utility meter", "metric": metric, "metricKind": kind}
            messages.add(topic, compact(payload))
        return messages
    return derive


# ---- Josverl/micropython-p1meter --------------------------------------------------------------------------------


def micropython_topics(t):
    """code and topic of what goes out as the meter's own characters, in the table's order"""
    yield "1-3:0.2.8", "equipment/version"
    yield "0-1:96.1.0", "equipment/p1_meter_id"
    for channel in range(5):
        yield f"0-{channel}:96.1.1", f"equipment/m-bus_{channel}_id"
    for channel in range(1, 5):
        yield f"0-{channel}:24.1.0", f"equipment/devicetype_id_{channel}"
    yield "0-0:96.14.0", "tariff_indicator"
    yield "1-0:1.8.1", "total/consumption_low_tariff_kWh"
    yield "1-0:1.8.2", "total/consumption_high_tariff_kWh"
    yield "1-0:2.8.1", "total/production_low_tariff_kWh"
    yield "1-0:2.8.2", "total/production_high_tariff_kWh"
    yield "1-0:1.7.0", "instant/consumption_kW"
    yield "1-0:2.7.0", "instant/production_kW"
    yield t.volume_code(GAS), "total/gas_meter_m3"
    for phase, plus, minus, current, voltage in PHASES:
        yield f"1-0:{plus}.7.0", f"instant/power_consumption/l{phase}_kW"
        yield f"1-0:{minus}.7.0", f"instant/power_production/l{phase}_kW"
        yield f"1-0:{current}.7.0", f"instant/current/l{phase}_A"
        yield f"1-0:{voltage}.7.0", f"instant/voltage/l{phase}_V"
    yield "0-0:96.7.21", "outages/short_power_outages"
    yield "0-0:96.7.9", "outages/long_power_outages"
    yield "1-0:32.32.0", "outages/short_power_drops"
    yield "1-0:32.36.0", "outages/short_power_peaks"
    for phase, code in ((2, 52), (3, 72)):
        yield f"1-0:{code}.32.0", f"outages/voltage_sags/l{phase}"
        yield f"1-0:{code}.36.0", f"outages/voltage_swells/l{phase}"
    yield "0-0:96.13.0", "message/0"
    # codes that their table does not know go out under the code
    for code in ("0-0:96.1.2", "0-0:96.1.4", "0-0:96.3.10", "0-1:24.4.0", "1-0:1.4.0", "1-0:1.6.0",
                 "1-0:1.8.0", "1-0:2.8.0", "1-0:3.8.0", "1-0:4.8.0", "1-0:3.7.0", "1-0:4.7.0",
                 "1-0:23.7.0", "1-0:24.7.0", "1-0:43.7.0", "1-0:44.7.0", "1-0:63.7.0", "1-0:64.7.0"):
        yield code, code
    yield t.volume_code(WATER), t.volume_code(WATER)


def micropython(t):
    messages = Messages("p1_meter")
    for code, topic in micropython_topics(t):
        if code in t:
            messages.add(topic, t.raw(code))
    if "1-0:99.97.0" in t:
        messages.add("outages/power_failure_event_log_s", compact(t.failures()))
    if "0-0:98.1.0" in t:
        messages.add("0-0:98.1.0", compact(t.peaks()))
    messages.add("date_time", t.raw("0-0:1.0.0"))
    messages.add("json", "*")
    for name in ("mem_free", "cpu_temp", "client_id", "telegrams_rx", "telegrams_pub", "telegrams_err"):
        messages.add(f"sensor/{name}", "*")
    return messages


def micropython_elements(t):
    """What the list on /json holds at least, one element a line."""
    units = {"kWh": "kWh", "kW": "kW", "V": "V", "A": "A", "m3": "m3", "kVArh": "kvarh", "kVAr": "kvar"}
    lines = []
    for code, topic in micropython_topics(t):
        if code in t:
            unit = t.groups[code][-1].partition("*")[2]
            lines.append(compact({"meter": topic, "reading": t.raw(code), "unit": units.get(unit)}))
    return "".join(f"{line}\n" for line in sorted(lines))


# ---- remne/p1ib -------------------------------------------------------------------------------------------------


def p1ib_readings(t):
    """value, name of the single topic, name in the JSON object"""
    yield t.imported(), "h_active_imp_q1_q4", "hourly_active_import_q1_q4"
    yield t.exported(), "h_active_exp_q2_q3", "hourly_active_export_q2_q3"
    yield t.number("1-0:3.8.0"), "h_reactive_imp_q1_q2", "hourly_reactive_import_q1_q2"
    yield t.number("1-0:4.8.0"), "h_reactive_exp_q3_q4", "hourly_reactive_export_q3_q4"
    yield t.number("1-0:1.7.0"), "active_power_p_q1_q4", "active_power_plus_q1_q4"
    yield t.number("1-0:2.7.0"), "active_power_m_q2_q3", "active_power_minus_q2_q3"
    yield t.number("1-0:3.7.0"), "reactive_power_p_q1_q2", "reactive_power_plus_q1_q2"
    yield t.number("1-0:4.7.0"), "reactive_power_m_q3_q4", "reactive_power_minus_q3_q4"
    for phase, plus, minus, *_ in PHASES:
        yield t.number(f"1-0:{plus}.7.0"), f"active_power_p_l{phase}", f"active_power_plus_l{phase}"
        yield t.number(f"1-0:{minus}.7.0"), f"active_power_m_l{phase}", f"active_power_minus_l{phase}"
    for phase, plus, minus in ((1, 23, 24), (2, 43, 44), (3, 63, 64)):
        yield t.number(f"1-0:{plus}.7.0"), f"reactive_power_p_l{phase}", f"reactive_power_plus_l{phase}"
        yield t.number(f"1-0:{minus}.7.0"), f"reactive_power_m_l{phase}", f"reactive_power_minus_l{phase}"
    for phase, _, _, _, voltage in PHASES:
        yield t.number(f"1-0:{voltage}.7.0"), f"voltage_l{phase}", f"voltage_l{phase}"
    for phase, _, _, current, _ in PHASES:
        yield t.number(f"1-0:{current}.7.0"), f"current_l{phase}", f"current_l{phase}"
    yield t.net("1-0:1.7.0", "1-0:2.7.0"), "power", "power"
    for phase, plus, minus, *_ in PHASES:
        yield t.net(f"1-0:{plus}.7.0", f"1-0:{minus}.7.0"), f"power_l{phase}", f"power_l{phase}"


def p1ib(t):
    messages = Messages("p1ib")
    for value, topic, _ in p1ib_readings(t):
        messages.add(f"p1ib_{topic}/state", value)
    messages.add("p1ib_clock_date/state", t.time.isoformat())
    messages.add("p1ib_timestamp_avail", "online", qos=1, retain=1)
    messages.add("p1ib_meter/state", "*")
    messages.add("p1ib_firmware_sha1/state", "*")
    return messages


def p1ib_json(t):
    messages = Messages("p1ib")
    state = {f"p1ib_{name}": number(value) for value, _, name in p1ib_readings(t)}
    state |= {"p1ib_clock_date": t.time.isoformat(), "p1ib_id": "home"}
    messages.add("sensor_state", compact(state))
    messages.add("p1ib_timestamp_avail", "online", qos=1, retain=1)
    return messages


# ---- Arno-v/P1Meter2Mqtt ----------------------------------------------------------------------------------------


def p1meter2mqtt(t):
    messages = Messages("sensors/power/p1meter")
    table = [("1-0:1.8.1", "consumption_tarif_high"), ("1-0:1.8.2", "consumption_tarif_low"),
             ("1-0:2.8.1", "received_tarif_high"), ("1-0:2.8.2", "received_tarif_low"),
             ("0-0:96.14.0", "actual_tarif_group"),
             ("1-0:1.7.0", "actual_consumption"), ("1-0:2.7.0", "actual_received"),
             (t.volume_code(GAS), "gas_meter_m3"), (t.volume_code(HEAT), "thermal_gj"),
             (t.volume_code(WATER), "water_meter_m3")]
    for phase, plus, minus, current, voltage in PHASES:
        table += [(f"1-0:{voltage}.7.0", f"instant_voltage_l{phase}"),
                  (f"1-0:{current}.7.0", f"instant_power_current_l{phase}"),
                  (f"1-0:{plus}.7.0", f"instant_power_usage_l{phase}"),
                  (f"1-0:{minus}.7.0", f"instant_power_return_l{phase}")]
    for code, topic in table:
        if code in t:
            messages.add(topic, t.raw(code))
    return messages


# ---- Mosibi/p1-smartmeter and tribp/DSMR-Fluvius-MQTT-Openhab ---------------------------------------------------


def watts(t, code):
    return str(int(Decimal(t.raw(code)) * 1000)) if code in t else None


def mosibi(t):
    messages = Messages("house/0/hallway/smartmeter")
    messages.add("t1_used_kWh", t.number("1-0:1.8.1"))
    messages.add("t2_used_kWh", t.number("1-0:1.8.2"))
    messages.add("t1_returned", t.number("1-0:2.8.1"))
    messages.add("t2_returned", t.number("1-0:2.8.2"))
    messages.add("current_power_used_watt", watts(t, "1-0:1.7.0"))
    messages.add("current_power_returned_watt", watts(t, "1-0:2.7.0"))
    for phase, plus, minus, current, voltage in PHASES:
        messages.add(f"l{phase}_voltage", t.number(f"1-0:{voltage}.7.0"))
        messages.add(f"l{phase}_amperage", t.number(f"1-0:{current}.7.0"))
        messages.add(f"l{phase}_current_power_used_watt", watts(t, f"1-0:{plus}.7.0"))
        messages.add(f"l{phase}_current_power_returned_watt", watts(t, f"1-0:{minus}.7.0"))
        for group, name in ((32, "sags"), (36, "swells")):
            code = f"1-0:{voltage}.{group}.0"
            if code in t:
                messages.add(f"l{phase}_voltage_{name}", t.raw(code))
    messages.add("gasmeter", t.number(t.volume_code(GAS)))
    return messages


def fluvius(t):
    messages = Messages("Home/SmartMeter")
    messages.add("day_used_kWh", t.number("1-0:1.8.1"))
    messages.add("night_used_kWh", t.number("1-0:1.8.2"))
    messages.add("day_returned_kWh", t.number("1-0:2.8.1"))
    messages.add("night_returned_kWh", t.number("1-0:2.8.2"))
    messages.add("actual_power_used_watt", watts(t, "1-0:1.7.0"))
    messages.add("actual_power_returned_watt", watts(t, "1-0:2.7.0"))
    messages.add("actual_voltage_l1", t.number("1-0:32.7.0"))
    messages.add("actual_amperage_l1", t.number("1-0:31.7.0"))
    messages.add("gasmeter", t.number(t.volume_code(GAS)))
    return messages


# ---- dsmrreader/dsmr-reader -------------------------------------------------------------------------------------


def dsmr_reader(t):
    messages = Messages("dsmr", qos=1, retain=1)
    reading = {"timestamp": t.time.isoformat(),
               "electricity_delivered_1": number(t.number("1-0:1.8.1")),
               "electricity_returned_1": number(t.number("1-0:2.8.1")),
               "electricity_delivered_2": number(t.number("1-0:1.8.2")),
               "electricity_returned_2": number(t.number("1-0:2.8.2")),
               "electricity_currently_delivered": number(t.number("1-0:1.7.0")),
               "electricity_currently_returned": number(t.number("1-0:2.7.0"))}
    for phase, plus, *_ in PHASES:
        reading[f"phase_currently_delivered_l{phase}"] = number(t.number(f"1-0:{plus}.7.0"))
    gas = t.volume_code(GAS)
    if gas:
        reading["extra_device_timestamp"] = t.own_time(gas).isoformat()
        reading["extra_device_delivered"] = number(t.number(gas))
        messages.add("consumption/gas/read_at", t.own_time(gas).isoformat())
        messages.add("consumption/gas/delivered", t.number(gas))
    for phase, _, minus, *_ in PHASES:
        reading[f"phase_currently_returned_l{phase}"] = number(t.number(f"1-0:{minus}.7.0"))
    for phase, _, _, _, voltage in PHASES:
        reading[f"phase_voltage_l{phase}"] = number(t.number(f"1-0:{voltage}.7.0"))
    for phase, _, _, current, _ in PHASES:
        reading[f"phase_power_current_l{phase}"] = number(t.number(f"1-0:{current}.7.0"))
    for name, value in reading.items():
        messages.add(f"reading/{name}", value if value is None else str(value))
    messages.add("json", compact(reading))
    if "1-3:0.2.8" in t:
        messages.add("meter-stats/dsmr_version", t.raw("1-3:0.2.8"))
    messages.add("meter-stats/electricity_tariff", t.number("0-0:96.14.0"))
    messages.add("meter-stats/power_failure_count", t.number("0-0:96.7.21"))
    messages.add("meter-stats/long_power_failure_count", t.number("0-0:96.7.9"))
    for phase, _, _, _, voltage in PHASES:
        messages.add(f"meter-stats/voltage_sag_count_l{phase}", t.number(f"1-0:{voltage}.32.0"))
        messages.add(f"meter-stats/voltage_swell_count_l{phase}", t.number(f"1-0:{voltage}.36.0"))
    messages.add("meter-stats/rejected_telegrams", "*")
    return messages


# ---- mrWheel/DSMRloggerAPI --------------------------------------------------------------------------------------


def dsmrloggerapi(t):
    messages = Messages("DSMR-API")

    def add(name, value, unit=None):
        if value is not None:
            messages.add(name, compact({name: [{"value": value, "unit": unit}]}))

    def characters(code):
        return t.raw(code) if code in t else None

    add("identification", t.identification)
    add("p1_version", characters("1-3:0.2.8"))
    add("timestamp", characters("0-0:1.0.0"))
    add("equipment_id", characters("0-0:96.1.1"))
    for tariff in (1, 2):
        add(f"energy_delivered_tariff{tariff}", number(t.number(f"1-0:1.8.{tariff}")), "kWh")
        add(f"energy_returned_tariff{tariff}", number(t.number(f"1-0:2.8.{tariff}")), "kWh")
    add("electricity_tariff", characters("0-0:96.14.0"))
    add("power_delivered", number(t.number("1-0:1.7.0")), "kW")
    add("power_returned", number(t.number("1-0:2.7.0")), "kW")
    add("electricity_switch_position", number(t.number("0-0:96.3.10")))
    add("electricity_failures", number(t.number("0-0:96.7.21")))
    add("electricity_long_failures", number(t.number("0-0:96.7.9")))
    if "1-0:99.97.0" in t:
        add("electricity_failure_log", t.failures(), "s")
    add("message_long", characters("0-0:96.13.0"))
    for phase, plus, minus, current, voltage in PHASES:
        add(f"electricity_sags_l{phase}", number(t.number(f"1-0:{voltage}.32.0")))
        add(f"electricity_swells_l{phase}", number(t.number(f"1-0:{voltage}.36.0")))
        add(f"voltage_l{phase}", number(t.number(f"1-0:{voltage}.7.0")), "V")
        add(f"current_l{phase}", number(t.number(f"1-0:{current}.7.0")), "A")
        add(f"power_delivered_l{phase}", number(t.number(f"1-0:{plus}.7.0")), "kW")
        add(f"power_returned_l{phase}", number(t.number(f"1-0:{minus}.7.0")), "kW")
    for kind, name in ((GAS, "gas"), (WATER, "water")):
        channel = t.device(kind)
        if channel:
            add(f"{name}_equipment_id",
                characters(f"0-{channel}:96.1.0") or characters(f"0-{channel}:96.1.1"))
            add(f"{name}_valve_position", number(t.number(f"0-{channel}:24.4.0")))
            add(f"{name}_delivered", number(t.number(t.volume_code(kind))), "m3")
    return messages


# ---- Tasmota ----------------------------------------------------------------------------------------------------


def tasmota(t):
    messages = Messages("tasmota")
    values = {f"volts_l{phase}": number(t.number(f"1-0:{voltage}.7.0"))
              for phase, _, _, _, voltage in PHASES}
    values |= {f"amps_l{phase}": number(t.number(f"1-0:{current}.7.0"))
               for phase, _, _, current, _ in PHASES}
    values |= {"freq": number(t.number("1-0:14.7.0")), "tariff": number(t.number("0-0:96.14.0")),
               "enrg_imp": number(t.imported()), "enrg_exp": number(t.exported()),
               "enrg_imp_t1": number(t.number("1-0:1.8.1")), "enrg_imp_t2": number(t.number("1-0:1.8.2")),
               "enrg_exp_t1": number(t.number("1-0:2.8.1")), "enrg_exp_t2": number(t.number("1-0:2.8.2")),
               "pwr_imp": number(t.number("1-0:1.7.0")), "pwr_exp": number(t.number("1-0:2.7.0"))}
    for phase, plus, minus, *_ in PHASES:
        values[f"pwr_imp_l{phase}"] = number(t.number(f"1-0:{plus}.7.0"))
        values[f"pwr_exp_l{phase}"] = number(t.number(f"1-0:{minus}.7.0"))
    values |= {"nrg_reac_imp": number(t.number("1-0:3.8.0")), "nrg_reac_exp": number(t.number("1-0:4.8.0")),
               "gas": number(t.number(t.volume_code(GAS))), "water": number(t.number(t.volume_code(WATER)))}
    messages.add(" tele/tasmota/SENSOR", compact({"Time": t.time.isoformat(), "P1": values}))
    messages.add(" tele/tasmota/LWT", "Online", qos=1, retain=1)
    messages.add(" tele/tasmota/STATE", "*")
    messages.add(" tele/tasmota/INFO2", "*")
    return messages


# ---- AWS IoT Core -----------------------------------------------------------------------------------------------


def aws_iot(_):
    messages = Messages("p1meter", qos=1)
    messages.add("status", "online")
    messages.add("home/status", "online")
    messages.add("home/state", "*")
    return messages


PRESETS = {
    "plan-d": plan_d(3), "plan-d-plain": plan_d(0), "plan-d-value": plan_d(1), "plan-d-named": plan_d(2),
    "micropython": micropython,
    "p1ib": p1ib, "p1ib-json": p1ib_json, "p1ib-reduced": p1ib,
    "p1meter2mqtt": p1meter2mqtt,
    "mosibi": mosibi, "fluvius": fluvius,
    "dsmr-reader": dsmr_reader, "dsmrloggerapi": dsmrloggerapi,
    "tasmota": tasmota, "aws-iot": aws_iot,
}


def expected():
    """file: text"""
    for name in TELEGRAMS:
        telegram = Telegram(HERE.parent / f"{name}.telegram")
        for preset, derive in PRESETS.items():
            yield HERE / preset / f"{name}.messages", derive(telegram).text()
        yield HERE / "micropython" / f"{name}.elements", micropython_elements(telegram)


def main():
    check = sys.argv[1:] == ["--check"]
    different = []
    for path, text in expected():
        if check:
            if not path.is_file() or path.read_text() != text:
                different.append(path)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    for path in different:
        print(f"{path.relative_to(HERE)} is not what derive.py derives")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
