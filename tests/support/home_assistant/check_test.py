#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checker of Home Assistant's rules: good messages pass, and each rule, broken once, is found.

Exit status 77 (skipped) without python3-voluptuous or python3-jinja2.
"""

import copy
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

try:
    import jinja2  # noqa: F401
    import voluptuous  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from check import check
from messages import Message

BROKER = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
HERE = pathlib.Path(__file__).parent
DEVICE = "homeassistant/device/p1meter_ab12/config"
PROGRAM = "homeassistant/device/p1meter_program/config"
STATE, STATUS, METER_STATUS, EVENT = "p1meter/home/state", "p1meter/status", "p1meter/home/status", "p1meter/home/event"
ORIGIN = {"name": "p1meter", "sw_version": "1.0.0", "support_url": "https://example.org/p1meter"}
BOTH = {"availability": [{"topic": STATUS}, {"topic": METER_STATUS}], "availability_mode": "all"}


def keeping(key):
    return "{{ value_json.%s if value_json.%s is not none }}" % (key, key)


def plain(key):
    return "{{ value_json.%s }}" % key


def entity(key, name, **more):
    return {"platform": "sensor", "unique_id": f"p1meter_ab12_{key}", "name": name, "value_template": plain(key), **more}


METER = {
    "device": {"identifiers": ["p1meter_ab12"], "name": "Smart meter", "manufacturer": "Kaifa", "via_device": "p1meter_program"},
    "origin": ORIGIN, **BOTH, "state_topic": STATE, "qos": 0,
    "components": {
        "energy": entity("energy", "Energy import tariff 1", device_class="energy", state_class="total_increasing",
                         unit_of_measurement="kWh", suggested_display_precision=3, value_template=keeping("energy"),
                         expire_after=60, default_entity_id="sensor.p1_energy"),
        "power": entity("power", "Power import L1", device_class="power", state_class="measurement", unit_of_measurement="W",
                        expire_after=60, default_entity_id="sensor.p1_power", icon="mdi:flash"),
        "gas": entity("gas", "Gas", device_class="gas", state_class="total_increasing", unit_of_measurement="m³",
                      value_template=keeping("gas"), expire_after=60),
        "tariff": entity("tariff", "Tariff", device_class="enum", options=["1", "2"], expire_after=60),
        "timestamp": entity("timestamp", "Time of telegram", device_class="timestamp", entity_category="diagnostic",
                            expire_after=60),
        "day": entity("day", "Day", device_class="date", expire_after=60),
        "text": entity("text", "Text", expire_after=60),
        "failures": entity("failures", "Failures", state_class="total_increasing", value_template=keeping("failures"),
                           expire_after=60),
        "breaker": entity("breaker", "Breaker", platform="binary_sensor", payload_on="on", payload_off="off", expire_after=60),
        "happened": {"platform": "event", "unique_id": "p1meter_ab12_event", "name": "Event", "state_topic": EVENT,
                     "event_types": ["power_failure", "text_message"], "availability": [{"topic": STATUS}]},
        "arrives": {"platform": "binary_sensor", "unique_id": "p1meter_ab12_arrives", "name": "Telegrams arrive",
                    "state_topic": METER_STATUS, "payload_on": "online", "payload_off": "offline", "device_class": "connectivity",
                    "availability": [{"topic": STATUS}]},
    },
}
ABOUT_PROGRAM = {
    "device": {"identifiers": "p1meter_program", "name": "p1meter", "connections": [["mac", "aa:bb:cc:dd:ee:ff"]],
               "configuration_url": "http://127.0.0.1:8070"},
    "origin": ORIGIN, "availability": [{"topic": STATUS}], "state_topic": "p1meter/statistics",
    "components": {
        "version": {"platform": "update", "unique_id": "p1meter_program_version", "name": "Version",
                    "value_template": "{{ {'installed_version': value_json.version, 'latest_version': value_json.version} | tojson }}"},
        "publish": {"platform": "button", "unique_id": "p1meter_program_publish", "name": "Publish now",
                    "command_topic": "p1meter/set/publish"},
        "uptime": {"platform": "sensor", "unique_id": "p1meter_program_uptime", "name": None, "device_class": "duration",
                   "unit_of_measurement": "s", "value_template": "{{ value_json.uptime }}", "entity_category": "diagnostic"},
    },
}
VALUES = {"energy": 1234.560, "power": 412, "gas": None, "tariff": "2", "timestamp": "2026-01-02T03:04:05+01:00",
          "day": "2026-01-02", "text": "hello", "failures": 3, "breaker": "on"}


class Given:
    """Messages that pass, to be broken by a test."""

    def __init__(self):
        self.meter = copy.deepcopy(METER)
        self.program = copy.deepcopy(ABOUT_PROGRAM)
        self.values = dict(VALUES)
        self.more = []
        self.retained = True
        self.status = (True, "online")
        self.left_out = set()

    @property
    def components(self):
        return self.meter["components"]

    def messages(self):
        found = [(DEVICE, self.retained, self.meter), (PROGRAM, True, self.program), (STATE, True, self.values),
                 (METER_STATUS, *self.status), (STATUS, True, "online"),
                 ("p1meter/statistics", True, {"version": "1.0.0", "uptime": 5}),
                 (EVENT, False, {"event_type": "power_failure"}), ("homeassistant/status", False, "online"), *self.more]
        return [message(*given) for given in found if given[0] not in self.left_out]


def message(topic, retain, payload):
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return Message(topic, retain, text.encode())


class GivenSingle(Given):
    """The same meter with one topic an entity, plainly rendered."""

    def __init__(self):
        super().__init__()
        self.left_out = {DEVICE, PROGRAM}
        device = {"identifiers": ["p1meter_ab12"], "name": "Smart meter"}
        self.singles = {}
        for key, component in self.components.items():
            config = {**BOTH, **component, "device": device, "origin": ORIGIN}
            config.setdefault("state_topic", STATE)
            if "value_template" in component:
                config["value_template"] = plain(key)
            self.singles[key] = (config.pop("platform"), copy.deepcopy(config))

    @staticmethod
    def topic(platform, key):
        return f"homeassistant/{platform}/p1meter_ab12/{key}/config"

    def messages(self):
        return super().messages() + self.announcements()

    def announcements(self):
        return [message(self.topic(platform, key), True, config) for key, (platform, config) in self.singles.items()]


def set_in(place, **members):
    place.update(members)


def broken_component(**members):
    return lambda given: given.components["power"].update(members)


def without(place, key):
    return lambda given: (given.components[place] if place else given.meter).pop(key)


def at(key, **members):
    return lambda given: given.components[key].update(members)


def root(**members):
    return lambda given: given.meter.update(members)


def device(**members):
    return lambda given: given.meter["device"].update(members)


def values(**members):
    return lambda given: given.values.update(members)


def extra(topic, retain, payload):
    return lambda given: given.more.append((topic, retain, payload))


def single(key, **members):
    return lambda given: given.singles[key][1].update(members)


def renamed_single(key, name):
    def change(given):
        given.singles[name] = given.singles.pop(key)
    return change


def reorder(given):
    given.meter["availability"] = [{"topic": METER_STATUS}, {"topic": "p1meter/other"}]
    given.more += [("p1meter/other", True, "online")]


# The rule that must be found (and its section), and what breaks it.
BROKEN = [
    ("topic_form", "1.2", extra("homeassistant/sensor/a.b/config", True, {})),
    ("topic_form", "1.2", extra("homeassistant/sensor/a/b/c/config", True, {})),
    ("topic_form", "1.2", extra("homeassistant/sensor/ü/config", True, {})),
    ("platform_unknown", "1.2", extra("homeassistant/sensors/a/config", True, {"name": "A"})),
    ("platform_not_ours", "1.2", extra("homeassistant/fan/a/config", True, {"name": "A"})),
    ("component_key", "1.2", lambda g: set_in(g.components, **{"a b": g.components.pop("text")})),
    ("nothing_announced", "1.2", lambda g: g.left_out.update({DEVICE, PROGRAM})),
    ("discovery_not_retained", "1.9", lambda g: setattr(g, "retained", False)),
    ("payload_too_long", "1.3", device(model="x" * 65536)),
    ("not_json", "1.3", extra("homeassistant/device/a/config", True, '{"device":')),
    ("not_json", "1.3", extra("homeassistant/device/a/config", True, "[]")),
    ("not_json", "1.3", extra("homeassistant/device/a/config", True, '{"device":{},"device":{}}')),
    ("unknown_key", "1.3", root(expire_after=60)),
    ("unknown_key", "1.3", root(**{"~": "p1meter"})),
    ("unknown_key", "1.3", root(name="Meter")),
    ("unknown_key", "1.3", device(vendor="Kaifa")),
    ("unknown_key", "1.3", lambda g: g.meter["origin"].update(url2="x")),
    ("unknown_key", "1.3", broken_component(precision=1)),
    ("unknown_key", "1.3", broken_component(device={"name": "Other"})),
    ("unknown_key", "1.3", broken_component(payload_on="ON")),
    ("message_expiry_interval", "1.1", root(message_expiry_interval=60)),
    ("device_missing", "1.3", without(None, "device")),
    ("origin_missing", "1.3", without(None, "origin")),
    ("components_missing", "1.3", without(None, "components")),
    ("no_components", "1.3", root(components={})),
    ("wrong_value", "1.3", root(components=[])),
    ("wrong_value", "1.3", device(identifiers=[7])),
    ("device_unidentified", "1.3", device(identifiers=[])),
    ("name_missing", "1.8", lambda g: g.meter["device"].pop("name")),
    ("not_a_string", "1.3", device(model=7)),
    ("not_a_string", "1.3", device(model=["a"])),
    ("connections_form", "1.3", device(connections=[["mac"]])),
    ("url_form", "1.3", device(configuration_url="meter.local")),
    ("url_form", "1.3", device(configuration_url="ftp://meter.local")),
    ("url_form", "1.3", lambda g: g.meter["origin"].update(support_url="example.org")),
    ("via_device", "1.3", device(via_device="nobody")),
    ("via_device", "1.3", device(via_device="p1meter_ab12")),
    ("availability_twice", "1.3", root(availability_topic=STATUS)),
    ("topic_illegal", "1.3", root(state_topic="p1meter/+/state")),
    ("topic_illegal", "1.3", at("power", state_topic="p1meter/#")),
    ("qos_illegal", "1.3", root(qos=3)),
    ("not_strings", "1.3", at("happened", event_types=[])),
    ("not_strings", "1.3", at("tariff", options=["1", "1"])),
    ("template_syntax", "1.3", broken_component(value_template="{{ value_json.power")),
    ("template_syntax", "1.3", broken_component(value_template="{{ value_json.power | no_such_filter }}")),
    ("platform_missing", "1.3", without("power", "platform")),
    ("platform_unknown", "1.3", broken_component(platform="sensors")),
    ("platform_not_ours", "1.3", broken_component(platform="fan")),
    ("unique_id_missing", "1.3", without("power", "unique_id")),
    ("name_missing", "1.8", without("power", "name")),
    ("state_topic_missing", "1.3", without(None, "state_topic")),
    ("event_types_missing", "1.3", without("happened", "event_types")),
    ("command_topic_missing", "1.3", lambda g: g.program["components"]["publish"].pop("command_topic")),
    ("device_differs", "1.3", lambda g: g.more.extend(
        (f"homeassistant/button/{name}/config", True, {**BOTH, "unique_id": name, "name": name.capitalize(), "origin": ORIGIN, "command_topic": "a",
                                                "device": {"identifiers": "x", "name": name}}) for name in ("one", "two"))),
    ("empty_string", "1.4", broken_component(unit_of_measurement="")),
    ("empty_string", "1.4", device(model=" ")),
    ("empty_string", "1.4", broken_component(entity_category="")),
    ("not_a_boolean", "1.4", broken_component(enabled_by_default="false")),
    ("not_seconds", "1.4", broken_component(expire_after=60.5)),
    ("not_seconds", "1.4", broken_component(expire_after=True)),
    ("icon_form", "1.4", broken_component(icon="flash")),
    ("entity_category_unknown", "1.4", broken_component(entity_category="main")),
    ("category_config", "1.4", at("text", entity_category="config")),
    ("precision_form", "1.4", broken_component(suggested_display_precision=-1)),
    ("precision_without_number", "1.4", at("text", suggested_display_precision=1)),
    ("options_and_enum", "1.4", at("text", options=["a"])),
    ("options_and_enum", "1.4", without("tariff", "options")),
    ("options_with_number", "1.4", at("tariff", state_class="measurement")),
    ("options_with_number", "1.4", at("tariff", unit_of_measurement="V")),
    ("state_no_option", "1.4", values(tariff="3")),
    ("angle_unit", "1.4", at("failures", state_class="measurement_angle", unit_of_measurement="deg")),
    ("last_reset", "1.4", at("energy", last_reset_value_template="{{ value_json.day }}")),
    ("attributes_never_came", "1.4", broken_component(json_attributes_topic="p1meter/none")),
    ("attributes_payload", "1.4", broken_component(json_attributes_topic=STATUS)),
    ("force_update", "1.5", broken_component(force_update=True)),
    ("state_never_came", "1.5", lambda g: g.left_out.add(STATE)),
    ("state_never_came", "1.5", extra(STATE, True, "")),
    ("template_fails", "1.5", broken_component(value_template="{{ value_json.powr }}")),
    ("template_fails_on_null", "1.5", broken_component(value_template="{{ value_json.power + 1 }}")),
    ("null_register", "1.5", at("energy", value_template=plain("energy"))),
    ("null_rendered", "1.5", broken_component(value_template="{{ value_json.power or 0 }}")),
    ("null_empty", "1.5", at("timestamp", value_template=keeping("timestamp"))),
    ("state_not_numeric", "1.5", values(power="many")),
    ("state_not_numeric", "1.5", values(energy=float("nan"))),
    ("state_no_instant", "1.5", values(timestamp="2026-01-02T03:04:05")),
    ("state_no_instant", "1.5", values(timestamp="2026-13-02T03:04:05Z")),
    ("state_no_date", "1.5", values(day="2.1.2026")),
    ("state_too_long", "1.5", values(text="x" * 256)),
    ("state_no_payload", "1.5", values(breaker="ajar")),
    ("expire_after_differs", "1.5", broken_component(expire_after=120)),
    ("expire_after_differs", "1.5", without("power", "expire_after")),
    ("expire_after_short", "1.5", broken_component(expire_after=59)),
    ("availability_missing", "1.6", without(None, "availability")),
    ("availability_mode", "1.6", without(None, "availability_mode")),
    ("availability_mode", "1.6", root(availability_mode="any")),
    ("availability_mode", "1.6", lambda g: set_in(g.program, availability_topic=g.program.pop("availability")[0]["topic"])),
    ("availability_mode_unknown", "1.6", root(availability_mode="every")),
    ("availability_repeated", "1.6", root(availability=[{"topic": STATUS}] * 2)),
    ("availability_of_both", "1.6", root(availability=[{"topic": STATUS}])),
    ("availability_of_both", "1.6", broken_component(availability=[{"topic": METER_STATUS}])),
    ("availability_of_program", "1.6", reorder),
    ("availability_never_came", "1.6", lambda g: g.left_out.add(METER_STATUS)),
    ("availability_not_retained", "1.6", lambda g: setattr(g, "status", (False, "online"))),
    ("availability_payload", "1.6", lambda g: setattr(g, "status", (True, "up"))),
    ("device_class_unknown", "1.7", broken_component(device_class="electricity")),
    ("device_class_unknown", "1.7", at("breaker", device_class="power_failure")),
    ("unit_of_class", "1.7", broken_component(unit_of_measurement="Watt")),
    ("unit_of_class", "1.7", without("power", "unit_of_measurement")),
    ("unit_of_class", "1.7", at("gas", unit_of_measurement="m3")),
    ("unit_of_class", "1.7", at("timestamp", unit_of_measurement="s")),
    ("unit_of_class", "1.7", at("energy", device_class="reactive_energy", unit_of_measurement="kVArh")),
    ("unit_of_class", "1.7", at("energy", device_class="monetary", unit_of_measurement="€")),
    ("unit_spelling", "1.7", at("failures", unit_of_measurement="KWH")),
    ("unit_spelling", "1.7", at("failures", unit_of_measurement="m^3")),
    ("state_class_unknown", "1.7", broken_component(state_class="sum")),
    ("state_class_of_class", "1.7", at("energy", state_class="measurement")),
    ("state_class_of_class", "1.7", at("timestamp", state_class="measurement")),
    ("state_class_missing", "1.12", without("power", "state_class")),
    ("unique_id_repeated", "1.8", broken_component(unique_id="p1meter_ab12_energy")),
    ("unique_id_repeated", "1.8", broken_component(unique_id="p1meter_program_uptime")),
    ("default_entity_id_form", "1.8", broken_component(default_entity_id="power.p1")),
    ("default_entity_id_form", "1.8", broken_component(default_entity_id="sensor.P1 power")),
    ("default_entity_id_repeated", "1.8", broken_component(default_entity_id="sensor.p1_energy")),
    ("object_id", "1.8", broken_component(object_id="p1_power")),
    ("name_not_text", "1.8", broken_component(name=7)),
    ("name_repeated", "1.8", broken_component(name="Gas")),
    ("name_repeated", "1.8", lambda g: (at("power", name=None)(g), at("gas", name=None)(g))),
    ("name_repeats_device", "1.8", broken_component(name="Smart meter power")),
    ("name_case", "1.8", broken_component(name="Power Import")),
    ("name_case", "1.8", broken_component(name="power import")),
    ("category_of_measurement", "1.8", broken_component(entity_category="diagnostic")),
    ("category_missing", "1.8", without("timestamp", "entity_category")),
    ("enabled_although_rare", "1.8", lambda g: set_in(g.components, reactive_power_import=g.components.pop("power"))),
    ("removal_unfinished", "1.9", lambda g: set_in(g.components, gone={"platform": "sensor"})),
    ("migrate_not_alone", "1.10", root(migrate_discovery=True)),
    ("migration_unfinished", "1.10", extra("homeassistant/sensor/a/config", True, {"migrate_discovery": True})),
    ("device_repeated", "1.10", lambda g: g.more.append(("homeassistant/device/again/config", True, g.program))),
    ("event_retained", "1.11", extra(EVENT, True, {"event_type": "text_message"})),
    ("event_payload", "1.11", extra(EVENT, False, "power_failure")),
    ("event_type", "1.11", extra(EVENT, False, {"event_type": "flood"})),
    ("device_class_unknown", "1.7", at("happened", device_class="alarm")),
    ("update_state", "1.11", lambda g: g.program["components"]["version"].update(value_template="{{ {'title': 'a'} | tojson }}")),
    ("update_state_key", "1.11", lambda g: g.program["components"]["version"].update(value_template="{{ value }}")),
    ("update_latest", "1.11", lambda g: g.program["components"]["version"].update(value_template="{{ value_json.version }}")),
    ("latest_version_template", "1.11", lambda g: g.program["components"]["version"].update(latest_version_template="{{ value }}")),
    ("install_button", "1.11", lambda g: g.program["components"]["version"].update(payload_install="go")),
]
BROKEN_SINGLE = [
    ("unknown_key", "1.3", single("power", platform="sensor")),
    ("unknown_key", "1.3", single("power", components={})),
    ("device_missing", "1.3", lambda g: g.singles["power"][1].pop("device")),
    ("origin_missing", "1.3", lambda g: g.singles["power"][1].pop("origin")),
    ("state_topic_missing", "1.3", lambda g: g.singles["power"][1].pop("state_topic")),
    ("unique_id_repeated", "1.8", single("power", unique_id="p1meter_ab12_gas")),
    ("device_differs", "1.3", single("power", device={"identifiers": ["p1meter_ab12"], "name": "Other"})),
    ("device_repeated", "1.10", lambda g: g.left_out.remove(DEVICE)),
    ("domoticz_icon", "6.4", single("gas", icon="mdi:water")),
    ("domoticz_object_id", "6.4", renamed_single("power", "power_max")),
    ("domoticz_object_id", "6.4", renamed_single("power", "min_power")),
    ("domoticz_object_id", "6.4", renamed_single("text", "mac_address")),
    ("domoticz_object_id", "6.4", renamed_single("text", "last_seen")),
    ("domoticz_template", "6.4", single("gas", value_template=keeping("gas"))),
    ("domoticz_template", "6.4", single("power", value_template="{{ value_json.power | default(none) }}")),
    ("domoticz_availability", "6.4", single("power", availability=[
        {"topic": STATUS}, {"topic": METER_STATUS, "value_template": "{{ value }}"}])),
]


def rules_of(messages, sequence=False):
    return {(finding.rule, finding.section) for finding in check(messages, sequence=sequence)[0]}


def paths(value, path=()):
    """Where each member of a payload stands."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for key, member in members:
        if not isinstance(value, tuple):
            yield (*path, key)
        yield from paths(member, (*path, key))


def replace(value, path, odd):
    for key in path[:-1]:
        value = value[key]
    if isinstance(value, dict) and path[0] in value and isinstance(value[path[0]], tuple):
        value[path[0]] = (value[path[0]][0], odd)
    else:
        value[path[-1]] = odd


class TheChecker(unittest.TestCase):
    def assert_passes(self, messages, sequence=False):
        self.assertEqual([str(finding) for finding in check(messages, sequence=sequence)[0]], [])

    def test_takes_device_discovery(self):
        self.assert_passes(Given().messages())
        self.assertEqual(check(Given().messages())[1:], (2, 14))

    def test_takes_one_entity_per_topic(self):
        self.assert_passes(GivenSingle().messages())

    def test_finds_each_rule_that_is_broken_once(self):
        for form, cases in ((Given, BROKEN), (GivenSingle, BROKEN_SINGLE)):
            for number, (name, section, breaks) in enumerate(cases):
                with self.subTest(rule=name, form=form.__name__, number=number):
                    given = form()
                    breaks(given)
                    self.assertIn((name, section), rules_of(given.messages()))

    def test_understands_short_names_and_the_topics_base(self):
        given = Given()
        short = {"p": "sensor", "uniq_id": "short", "name": "Short", "stat_t": "~/state", "~": "p1meter/home", "dev_cla": "power",
                 "stat_cla": "measurement", "unit_of_meas": "W", "val_tpl": plain("power"), "exp_aft": 60}
        given.components["short"] = short
        given.meter["dev"] = given.meter.pop("device")
        given.meter["dev"]["ids"] = given.meter["dev"].pop("identifiers")
        given.meter["cmps"] = given.meter.pop("components")
        given.meter["avty"] = [{"t": "p1meter/status"}, {"t": METER_STATUS}]
        del given.meter["availability"]
        self.assert_passes(given.messages())

    def test_lets_what_begins_anew_be_unknown(self):
        for period in ("today", "quarter"):
            given = Given()
            at("energy", unique_id=f"p1meter_ab12_energy_{period}", value_template=plain("energy"))(given)
            self.assert_passes(given.messages())

    def test_an_unreadable_or_empty_state_of_a_register_keeps_its_value(self):
        given = Given()
        given.values["power"] = None
        self.assert_passes(given.messages())

    def test_finds_a_value_of_the_wrong_type_anywhere(self):
        for form in (Given, GivenSingle):
            for path in paths(form().meter if form is Given else form().singles):
                for odd in ([], {}, 7, True, [[]], "\0"):
                    with self.subTest(path=path, odd=odd):
                        given = form()
                        replace(given.meter if form is Given else given.singles, path, odd)
                        rules_of(given.messages(), sequence=True)  # throws nothing

    def test_has_a_broken_case_for_each_rule(self):
        names = set()
        for source in HERE.glob("*.py"):
            if source.name != "check_test.py":
                names |= set(re.findall(r'"([a-z_]+)",\s*"\d\.\d+"', source.read_text(encoding="utf-8")))
        tested = {name for name, *_ in BROKEN + BROKEN_SINGLE} | ASequence.RULES
        self.assertEqual(names - tested, set())
        self.assertGreater(len(names), 90)


class ASequence(unittest.TestCase):
    RULES = {"migrate_nothing", "emptied_before_announced", "emptied_before_migration", "not_migrated", "identifiers_changed",
             "removed_as_other", "removed_silently", "platform_changed", "unique_id_changed"}

    def setUp(self):
        self.single, self.device = GivenSingle(), Given()
        self.around = [m for m in self.device.messages() if m.topic != DEVICE]
        self.announce_device = [m for m in self.device.messages() if m.topic == DEVICE]
        self.announce_single = self.single.announcements()
        self.single_topics = [m.topic for m in self.announce_single]

    @staticmethod
    def migrate(topics):
        return [message(topic, True, {"migrate_discovery": True}) for topic in topics]

    @staticmethod
    def empty(topics):
        return [message(topic, True, "") for topic in topics]

    def assert_passes(self, messages):
        self.assertEqual([str(finding) for finding in check(self.around + messages, sequence=True)[0]], [])

    def assert_finds(self, name, messages):
        found = {finding.rule for finding in check(self.around + messages, sequence=True)[0]}
        self.assertIn(name, found)

    def changed_device(self, change):
        given = Given()
        change(given)
        return [m for m in given.messages() if m.topic == DEVICE]

    def test_migrates_from_one_entity_per_topic_to_device_discovery(self):
        self.assert_passes(self.announce_single + self.migrate(self.single_topics) + self.announce_device + self.empty(self.single_topics))

    def test_migrates_back(self):
        # The other form has no via_device here.
        self.assert_passes(self.announce_device + self.migrate([DEVICE]) + self.announce_single + self.empty([DEVICE]))

    def test_finds_a_topic_that_was_not_told_to_migrate(self):
        self.assert_finds("not_migrated", self.announce_single + self.migrate(self.single_topics[1:]) + self.announce_device +
                          self.empty(self.single_topics))

    def test_finds_a_topic_emptied_too_early(self):
        self.assert_finds("emptied_before_announced", self.announce_single + self.migrate(self.single_topics) +
                          self.empty(self.single_topics[:1]) + self.announce_device + self.empty(self.single_topics[1:]))
        self.assert_finds("emptied_before_migration", self.announce_single + self.empty(self.single_topics) + self.announce_device)
        self.assert_finds("emptied_before_migration", self.announce_device + self.empty([DEVICE]) + self.announce_single)

    def test_finds_migration_of_nothing_and_one_that_never_ends(self):
        self.assert_finds("migrate_nothing", self.migrate([DEVICE]) + self.announce_device)
        self.assert_finds("migration_unfinished", self.announce_single + self.migrate(self.single_topics) + self.announce_device)

    def test_finds_ids_that_change_on_the_way(self):
        other = self.changed_device(lambda g: g.meter["device"].update(identifiers=["other"]))
        self.assert_finds("identifiers_changed", self.announce_single + self.migrate(self.single_topics) + other + self.empty(self.single_topics))
        renamed = self.changed_device(at("power", unique_id="other"))
        self.assert_finds("emptied_before_announced", self.announce_single + self.migrate(self.single_topics) + renamed +
                          self.empty(self.single_topics))
        self.assert_finds("unique_id_changed", self.announce_device + renamed)

    def test_finds_a_message_of_the_migration_that_is_not_retained(self):
        loose = [message(topic, False, {"migrate_discovery": True}) for topic in self.single_topics]
        self.assert_finds("discovery_not_retained", self.announce_single + loose + self.announce_device + self.empty(self.single_topics))

    def test_takes_a_component_that_is_removed_in_two_steps(self):
        marked = self.changed_device(lambda g: g.components.update(text={"platform": "sensor"}))
        gone = self.changed_device(lambda g: g.components.pop("text"))
        self.assert_passes(self.announce_device + marked + gone)
        self.assert_finds("removal_unfinished", self.announce_device + marked)
        self.assert_finds("removed_silently", self.announce_device + gone)
        other = self.changed_device(lambda g: g.components.update(text={"platform": "event"}))
        self.assert_finds("removed_as_other", self.announce_device + other + gone)

    def test_takes_an_entity_that_is_removed_by_an_empty_payload(self):
        self.assert_passes(self.announce_single + self.empty(self.single_topics[:1]))

    def test_finds_another_platform_for_the_same_id(self):
        def change(given):
            given.components["text"] = {**given.components["breaker"], "unique_id": "p1meter_ab12_text", "name": "Text"}
        self.assert_finds("platform_changed", self.announce_device + self.changed_device(change))


class TheCommand(unittest.TestCase):
    def run_it(self, *arguments, text=b""):
        done = subprocess.run([sys.executable, str(HERE / "check.py"), *arguments], input=text, capture_output=True, check=False)
        return done.returncode, done.stdout.decode()

    @staticmethod
    def lines(messages):
        return b"".join(b"%s\t%d\t%s\n" % (m.topic.encode(), m.retain, m.payload) for m in messages)

    def test_tells_by_its_exit_status_what_it_found(self):
        self.assertEqual(self.run_it("-", text=self.lines(Given().messages())), (0, "2 discovery messages, 14 entities, 0 findings\n"))
        given = Given()
        broken_component(unit_of_measurement="Watt")(given)
        status, out = self.run_it("-", text=self.lines(given.messages()))
        self.assertEqual(status, 1)
        self.assertRegex(out, r"^homeassistant/device/p1meter_ab12/config \[power\]: .*Watt.* \(unit_of_class, 1\.7\)\n")

    @unittest.skipUnless(BROKER and shutil.which("mosquitto_pub"), "needs mosquitto and its clients")
    def test_collects_from_a_broker(self):
        with socket.socket() as probe, tempfile.NamedTemporaryFile("w") as file:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
            probe.close()
            file.write(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
            file.flush()
            with subprocess.Popen([BROKER, "-c", file.name], stderr=subprocess.DEVNULL) as broker:
                try:
                    # --retain-as-published and line ends are what only a broker shows; the client tries until it listens.
                    given = [*Given().messages(), Message("a/b", True, b"two\nlines")]
                    for one in (m for m in given if m.retain):
                        self.publish(port, one)
                    arguments = ["--broker", f"127.0.0.1:{port}", "--until-quiet", "--seconds", "20"]
                    self.assertEqual(self.run_it(*arguments), (0, "2 discovery messages, 14 entities, 0 findings\n"))
                    self.publish(port, Message(METER_STATUS, True, b"up"))
                    self.assertEqual(self.run_it(*arguments)[0], 1)
                finally:
                    broker.terminate()
        self.assertEqual(self.run_it("--broker", f"127.0.0.1:{port}", "--seconds", "5")[0], 2)

    @staticmethod
    def publish(port, one):
        command = ["mosquitto_pub", "-p", port, "-q", "1", "-r", "-t", one.topic, "-s"]
        limit = time.monotonic() + 10
        while subprocess.run(command, input=one.payload, stderr=subprocess.DEVNULL, check=False).returncode:
            if time.monotonic() > limit:
                raise TimeoutError("mosquitto does not take a message")

    def test_reads_files_and_refuses_what_is_no_message(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.lines(Given().messages()))
            file.flush()
            self.assertEqual(self.run_it("--sequence", file.name)[0], 0)
        for arguments, text in ((["-"], b"a b\n"), (["/nowhere"], b""), ([], b""), (["--broker", "here"], b"")):
            self.assertEqual(self.run_it(*arguments, text=text)[0], 2)


if __name__ == "__main__":
    unittest.main()
