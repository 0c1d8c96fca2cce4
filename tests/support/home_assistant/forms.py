# SPDX-License-Identifier: Apache-2.0
"""The form of each key's value, and which keys stand where, as schemas."""

import functools
import json
import re

import jinja2
import jinja2.sandbox
import voluptuous as vol

import facts
from messages import Finding

URL = re.compile(r"(https?|homeassistant)://[^\s/]+\S*")
ENVIRONMENT = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)


class Broken(vol.Invalid):
    """A rule that a value breaks, with its name and section."""

    def __init__(self, rule, section, sentence):
        super().__init__(sentence)
        self.rule, self.section = rule, section


def rule(name, section, sentence, holds):
    """A validator: `holds(value)` or the rule is broken."""
    def validate(value):
        if not holds(value):
            raise Broken(name, section, sentence.format(json.dumps(value, ensure_ascii=False)))
        return value
    return validate


def is_integer(value, least):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_topic(value):
    return isinstance(value, str) and 0 < len(value.encode()) < 65536 and not re.search(r"[+#\0]", value) and value[0] != "$"


@functools.cache
def compiled(template):
    """Throws jinja2.TemplateError."""
    return ENVIRONMENT.from_string(template)


def compiles(value):
    if not isinstance(value, str):
        return False
    try:
        compiled(value)
    except jinja2.TemplateError:
        return False
    return True


STRING = rule("not_a_string", "1.3", "{} is not a string", lambda v: isinstance(v, str))
BOOLEAN = rule("not_a_boolean", "1.4", "{} is neither true nor false", lambda v: isinstance(v, bool))
SECONDS = rule("not_seconds", "1.4", "{} is not a whole number of seconds above 0", lambda v: is_integer(v, 1))
TOPIC = rule("topic_illegal", "1.3", "{} is no topic", is_topic)
TEMPLATE = rule("template_syntax", "1.3", "{} is no template that jinja2 compiles", compiles)
URL_STRING = rule("url_form", "1.3", "{} is not an http, https or homeassistant URL",
                  lambda v: isinstance(v, str) and URL.fullmatch(v))
QOS = rule("qos_illegal", "1.3", "{} is none of the QoS 0, 1 and 2", lambda v: is_integer(v, 0) and v <= 2)
STRINGS = rule("not_strings", "1.3", "{} is not a list of different strings", lambda v: isinstance(v, list) and v and
               all(isinstance(s, str) for s in v) and len(set(v)) == len(v))
IDENTIFIERS = vol.Any(str, [str], msg="identifiers are a string or a list of strings")
CONNECTIONS = rule("connections_form", "1.3", "{} is not a list of pairs of strings", lambda v: isinstance(v, list) and all(
    isinstance(pair, list) and len(pair) == 2 and all(isinstance(s, str) for s in pair) for pair in v))
NAME = rule("name_not_text", "1.8", "the name {} is neither a string nor null", lambda v: v is None or isinstance(v, str))


def one_of(name, section, choices):
    return rule(name, section, "{} is none of " + ", ".join(sorted(choices)), lambda v: isinstance(v, str) and v in choices)


def identified(device):
    if not device.get("identifiers") and not device.get("connections"):
        raise Broken("device_unidentified", "1.3", "the device has neither identifiers nor connections")
    return device


DEVICE = vol.All(vol.Schema({
    vol.Optional("identifiers"): IDENTIFIERS,
    vol.Optional("connections"): CONNECTIONS,
    vol.Required("name"): STRING,  # Home Assistant takes a device without; its entities then have no proper names
    vol.Optional("configuration_url"): URL_STRING,
    **{vol.Optional(key): STRING for key in ("manufacturer", "model", "model_id", "hw_version", "sw_version", "serial_number",
                                             "suggested_area", "via_device")},
}), identified)
ORIGIN = vol.Schema({vol.Required("name"): STRING, vol.Optional("sw_version"): STRING, vol.Optional("support_url"): URL_STRING})
AVAILABILITY = {
    vol.Exclusive("availability", "availability"): vol.Schema([{
        vol.Required("topic"): TOPIC, vol.Optional("payload_available"): STRING, vol.Optional("payload_not_available"): STRING,
        vol.Optional("value_template"): TEMPLATE}]),
    vol.Exclusive("availability_topic", "availability"): TOPIC,
    vol.Optional("availability_mode"): one_of("availability_mode_unknown", "1.6", {"all", "any", "latest"}),
    vol.Optional("availability_template"): TEMPLATE,
    vol.Optional("payload_available"): STRING,
    vol.Optional("payload_not_available"): STRING,
}
ROOT = vol.Schema({
    **AVAILABILITY,
    vol.Required("device"): DEVICE,
    vol.Required("origin"): ORIGIN,
    vol.Required("components"): vol.All({str: dict}, rule("no_components", "1.3", "{} has no component", bool)),
    vol.Optional("state_topic"): TOPIC,
    vol.Optional("command_topic"): TOPIC,
    vol.Optional("qos"): QOS,
    vol.Optional("encoding"): STRING,
})
# Each key of an entity that has a form of its own; the others are strings.
VALUES = {
    **{key: TOPIC for key in ("state_topic", "command_topic", "json_attributes_topic", "latest_version_topic")},
    **{key: TEMPLATE for key in ("value_template", "command_template", "json_attributes_template", "latest_version_template",
                                 "last_reset_value_template")},
    **{key: BOOLEAN for key in ("enabled_by_default", "visible_by_default", "retain")},
    **{key: SECONDS for key in ("expire_after", "off_delay")},
    "name": NAME,
    "qos": QOS,
    "icon": rule("icon_form", "1.4", "the icon {} is not of the form mdi:name",
                 lambda v: isinstance(v, str) and re.fullmatch(r"[a-z]+:[a-z0-9-]+", v)),
    "entity_category": one_of("entity_category_unknown", "1.4", {"config", "diagnostic"}),
    "force_update": rule("force_update", "1.5", "force_update {} fills the recorder with equal values", lambda v: v is False),
    "state_class": one_of("state_class_unknown", "1.7", facts.STATE_CLASSES),
    "suggested_display_precision": rule("precision_form", "1.4", "the precision {} is not a whole number from 0",
                                        lambda v: is_integer(v, 0)),
    "display_precision": rule("precision_form", "1.4", "the precision {} is not a whole number from 0", lambda v: is_integer(v, 0)),
    "options": STRINGS,
    "event_types": STRINGS,
    "release_url": URL_STRING,
}
UNFORMED = {"device", "origin", "availability"}
REQUIRED = {"sensor": {"state_topic"}, "binary_sensor": {"state_topic"}, "event": {"state_topic", "event_types"},
            "update": {"state_topic"}, "button": {"command_topic"}}


def entity_schema(platform, single):
    keys = (facts.ENTITY_KEYS | facts.PLATFORM_KEYS[platform]) - facts.AVAILABILITY_KEYS
    required = {"unique_id", "name"} | REQUIRED[platform]
    schema = {**AVAILABILITY}
    for key in keys:
        schema[vol.Required(key) if key in required else vol.Optional(key)] = VALUES.get(key, STRING)
    if single:
        del schema[vol.Optional("platform")]
        schema[vol.Required("device")] = DEVICE
        schema[vol.Required("origin")] = ORIGIN
    return vol.Schema(schema)


ENTITY = {(platform, single): entity_schema(platform, single) for platform in facts.PLATFORM_KEYS for single in (False, True)}


def schema_findings(schema, value, topic, component):
    """What voluptuous says, in our words."""
    try:
        schema(value)
    except vol.MultipleInvalid as errors:
        for error in errors.errors:
            path = ".".join(str(part) for part in error.path)
            yield schema_finding(error, path, topic, component)


def schema_finding(error, path, topic, component):
    key = str(error.path[-1]) if error.path else ""
    if isinstance(error, Broken):
        return Finding(topic, component, error.rule, error.section, f"{path}: {error.msg}" if path else error.msg)
    if isinstance(error, vol.RequiredFieldInvalid):
        return Finding(topic, component, f"{key}_missing", "1.8" if key == "name" else "1.3", f"'{path}' is missing")
    if isinstance(error, vol.ExclusiveInvalid):
        return Finding(topic, component, "availability_twice", "1.3", "availability and availability_topic exclude each other")
    if "extra keys" in error.msg:
        return Finding(topic, component, "unknown_key", "1.3", f"'{path}' is no key that Home Assistant knows here")
    return Finding(topic, component, "wrong_value", "1.3", f"'{path}': {error.msg}")


def usable(config):
    """The members that have a form the later rules can look at; the others are findings already."""
    kept = {}
    for key, value in config.items():
        try:
            kept[key] = value if key in UNFORMED else VALUES.get(key, STRING)(value)
        except vol.Invalid:
            pass
    return kept
