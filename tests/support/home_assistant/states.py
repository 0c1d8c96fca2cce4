# SPDX-License-Identifier: Apache-2.0
"""What Home Assistant makes of the state messages: every template is rendered and its result judged by the component."""

import datetime
import json
import re

import jinja2

import facts
from components import is_numeric
from forms import compiled
from messages import Finding

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
LONGEST_STATE = 255  # characters of an entity's state


def state_findings(entity, traffic):
    """Everything about one entity's topics and templates."""
    check = {"event": event, "button": lambda *_: ()}.get(entity.platform, stateful)
    for name, section, sentence in [*check(entity, traffic), *attributes(entity, traffic)]:
        yield Finding(entity.topic, entity.key, name, section, sentence)


def render(template, payload):
    """The text that Home Assistant gets. Throws jinja2.TemplateError."""
    text = payload.decode(errors="replace")
    if template is None:
        return text
    known = {"value": text}
    try:
        known["value_json"] = json.loads(text)
    except ValueError:
        pass
    try:
        return compiled(template).render(known).strip()
    except jinja2.TemplateError:
        raise
    except Exception as fault:  # whatever the template's own operations throw
        raise jinja2.TemplateError(str(fault)) from fault


def all_null(value):
    """The same state with nothing known."""
    return {key: all_null(member) for key, member in value.items()} if isinstance(value, dict) else None


def nothing_known(payload):
    try:
        state = json.loads(payload)
    except ValueError:
        return None
    return json.dumps(all_null(state)).encode() if isinstance(state, dict) else None


def stateful(entity, traffic):
    config, topic = entity.config, entity.config.get("state_topic")
    if topic is None:  # a finding of its own
        return
    message = traffic.newest(topic)
    if message is None:
        yield "state_never_came", "1.5", f"nothing came on its state topic '{topic}'"
        return
    template = config.get("value_template")
    try:
        value = render(template, message.payload)
    except jinja2.TemplateError as fault:
        yield "template_fails", "1.5", f"{template} fails on the state of '{topic}': {fault}"
        return
    yield from judge(entity, value, traffic)
    unknown = nothing_known(message.payload)
    # Any reading may be null one day; the program always knows its own counters.
    if unknown is not None and template is not None and not entity.about_program:
        yield from judge_null(entity, template, unknown)


def judge(entity, value, traffic):
    if entity.platform == "binary_sensor":
        yield from binary(entity.config, value)
    elif entity.platform == "update":
        yield from update(entity.config, value, traffic)
    else:
        yield from sensor(entity.config, value)


def sensor(config, value):
    device_class = config.get("device_class")
    if value == "None" or value == "" and is_numeric(config):
        return
    if is_numeric(config):
        if not NUMBER.fullmatch(value):
            yield "state_not_numeric", "1.5", f"the state {value!r} of a numeric sensor is no number"
    elif device_class in ("timestamp", "uptime"):
        if not is_instant(value):
            yield "state_no_instant", "1.5", f"the state {value!r} is not ISO 8601 with an offset"
    elif device_class == "date":
        if not is_date(value):
            yield "state_no_date", "1.5", f"the state {value!r} is no ISO 8601 date"
    elif device_class == "enum":
        if value not in config.get("options", []):
            yield "state_no_option", "1.4", f"the state {value!r} is none of the options"
    elif len(value) > LONGEST_STATE:
        yield "state_too_long", "1.5", f"the state has {len(value)} characters, of {LONGEST_STATE}"


def is_instant(value):
    # fromisoformat alone takes forms that Home Assistant does not.
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)", value):
        return False
    try:
        return datetime.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def is_date(value):
    try:
        return datetime.date.fromisoformat(value) is not None
    except ValueError:
        return False


def binary(config, value):
    choices = {config.get("payload_on", "ON"), config.get("payload_off", "OFF"), "None", ""}
    if value not in choices:
        yield "state_no_payload", "1.5", f"the state {value!r} is neither payload_on nor payload_off"


def update(config, value, traffic):
    try:
        state = json.loads(value)
    except ValueError:
        state = {"installed_version": value}
    if not isinstance(state, dict):
        state = {"installed_version": value}
    for key in sorted(set(state) - facts.UPDATE_STATE_KEYS):
        yield "update_state_key", "1.11", f"'{key}' is no key of an update's state"
    if not isinstance(state.get("installed_version"), str) or not state["installed_version"]:
        yield "update_state", "1.11", "the state does not tell installed_version"
    topic = config.get("latest_version_topic")
    if topic and traffic.newest(topic) is None or not topic and "latest_version" not in state:
        yield "update_latest", "1.11", "nothing tells latest_version"


def judge_null(entity, template, unknown):
    """A key that has no value is null in the state: the template must bear it, and a register must keep its value."""
    config = entity.config
    try:
        value = render(template, unknown)
    except jinja2.TemplateError as fault:
        yield "template_fails_on_null", "1.5", f"{template} fails on a state of nulls: {fault}"
        return
    is_register = is_numeric(config) and config.get("state_class") in ("total", "total_increasing")
    # What has come since midnight or the quarter's begin is none: the one before must not stand for it.
    is_register = is_register and not config.get("unique_id", "").endswith(("_today", "_quarter"))
    if is_register and not entity.single and value != "":
        yield "null_register", "1.5", f"{template} renders null as {value!r}: a register would become unknown, empty keeps its value"
    elif value not in ("", "None"):
        yield "null_rendered", "1.5", f"{template} renders null as {value!r}, not as None or empty"
    elif value == "" and config.get("device_class") in facts.TEXT_CLASSES:
        yield "null_empty", "1.5", f"{template} renders null empty, which a sensor of {config['device_class']} logs as an error"


def event(entity, traffic):
    config, topic = entity.config, entity.config.get("state_topic")
    for message in traffic.of(topic):
        if message.retain and message.payload:
            yield "event_retained", "1.11", f"an event came retained on '{topic}': Home Assistant ignores it"
        if message.payload:
            yield from event_payload(config, message)


def event_payload(config, message):
    try:
        value = json.loads(render(config.get("value_template"), message.payload))
        kind = value["event_type"]
    except (ValueError, KeyError, TypeError, jinja2.TemplateError):
        yield "event_payload", "1.11", "an event's payload is not a JSON object with event_type"
        return
    if kind not in config.get("event_types", []):
        yield "event_type", "1.11", f"the event type {kind!r} is none of event_types"


def attributes(entity, traffic):
    topic = entity.config.get("json_attributes_topic")
    if topic is None:
        return
    message = traffic.newest(topic)
    if message is None:
        yield "attributes_never_came", "1.4", f"nothing came on its attributes' topic '{topic}'"
        return
    try:
        # A template's result is taken for JSON too.
        if not isinstance(json.loads(render(entity.config.get("json_attributes_template"), message.payload)), dict):
            raise ValueError("no object")
    except (ValueError, jinja2.TemplateError) as fault:
        yield "attributes_payload", "1.4", f"the attributes are not a JSON object: {fault}"
