#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what docs/integrations tells people to copy.

    tests/integrations/check_recipes.py                 # all pages
    tests/integrations/check_recipes.py evcc domoticz   # these
    tests/integrations/check_recipes.py --self-test     # broken recipes are found

Each snippet and each file of a page must be sound YAML, JSON or TOML; p1meter's own configurations must pass 'p1meter check'; each
topic that is named must be published by a simulated meter (simulator:fluvius) at a broker of its own, and what a recipe takes from a
message must be in it: keys of templates, fields of queries, numbers where numbers are expected. Timeouts must be longer
than what the limits in force promise. The first line of a page says with what it was tried, and by which command it was checked.
"""

import argparse
import contextlib
import copy
import datetime
import fnmatch
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import with_meter

try:
    import jinja2
    import tomllib
    import yaml
except ModuleNotFoundError as missing:
    print(f"skipped: Python's {missing.name} is not installed (python3-yaml, python3-jinja2)")
    sys.exit(with_meter.SKIPPED)

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/integrations"
LANGUAGES = {"yaml", "json", "toml", "sh", "text", "java"}
OF_SUFFIX = {".yaml": "yaml", ".json": "json", ".conf": "toml"}
SLOWEST_PERIOD = 10  # s between telegrams of the meters that send seldom
TOPIC = re.compile(r"(?<![\w/.$-])(?:p1meter|homeassistant|homie)/[\w+#$/-]*[\w+#$](?![\w/]*[<({])")
IOBROKER_STATE = re.compile(r"mqtt(?:-client)?\.\d+\.(p1meter\.[\w.]*\w)")


class Snippet:
    """Text to copy: a fenced block of a page, or a file that a page links to."""

    def __init__(self, where, language, text, marks=()):
        self.where, self.language, self.text, self.marks = where, language, text, marks

    def content(self):
        if self.language == "yaml":
            return yaml.load(self.text, Loader=HomeAssistantYaml)
        if self.language == "json":
            return json.loads(self.text)
        if self.language == "toml":
            return tomllib.loads(self.text)
        return None


class HomeAssistantYaml(yaml.SafeLoader):
    """YAML with the tags that Home Assistant adds."""


for tag in ("!include", "!secret"):
    HomeAssistantYaml.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))


class Page:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.name = str(path.relative_to(path.parents[2]))
        self.first = self.text.partition("\n")[0]
        self.files = [path.parent / name for name in re.findall(r"\]\((files/[^)#]+)\)", self.text)]
        self.snippets = list(self._blocks()) + [Snippet(f"{self.name}: {file.name}", OF_SUFFIX.get(file.suffix), file.read_text(encoding="utf-8"))
                                                for file in dict.fromkeys(self.files) if file.exists()]

    def _blocks(self):
        block = None
        for number, line in enumerate(self.text.splitlines(), 1):
            fence = line.lstrip().startswith("```")
            if fence and block is None:
                indent = len(line) - len(line.lstrip())  # of a block in a list
                language, *marks = line[indent + 3:].split() or [""]
                block = Snippet(f"{self.name}:{number + 1}", language, "", marks)
            elif fence:
                yield block
                block = None
            elif block is not None:
                block.text += line[indent:] + "\n"

    def topics(self):
        """(where, topic filter) of each that the page names, in its files and in running text."""
        named = dict.fromkeys(TOPIC.findall(self.text))
        for snippet in self.snippets:
            named.update(dict.fromkeys(TOPIC.findall(snippet.text)))
        named.update(dict.fromkeys(state.replace(".", "/") for state in IOBROKER_STATE.findall(self.text)))
        return list(named)


# ---- the program's side

class Published:
    """What one run of p1meter left at the broker: the newest payload of each topic."""

    def __init__(self, newest):
        self.newest = newest

    def under(self, topic_filter):
        return [topic for topic in self.newest if matches(topic_filter, topic)]

    def state(self):
        return json.loads(self.newest["p1meter/home/state"])


def matches(topic_filter, topic):
    wanted, given = topic_filter.split("/"), topic.split("/")
    for number, level in enumerate(wanted):
        if level == "#":
            return True
        if number >= len(given) or level not in ("+", given[number]):
            return False
    return len(wanted) == len(given)


def run_a_meter(wanted, p1meter, configuration=""):
    with with_meter.broker() as port, contextlib.closing(with_meter.Listener(port)) as listener:
        with with_meter.meter(port, "fluvius", p1meter, configuration):
            published = Published(listener.newest)
            complete = lambda: "p1meter/home/state" in published.newest and all(published.under(each) for each in wanted)
            with_meter.eventually(complete, 40)
            return Published(dict(listener.newest))


def seconds(text):
    """A time as p1meter or Go write it."""
    units = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600}
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|min|s|m|h)", str(text))
    if "".join(number + unit for number, unit in parts) != str(text):
        raise ValueError(f"'{text}' is no time")
    return sum(float(number) * units[unit] for number, unit in parts)


def alternatives(glob):
    brace = re.search(r"\{([^}]*)\}", glob)
    if not brace:
        return [glob]
    return [each for choice in brace.group(1).split(",") for each in alternatives(glob[:brace.start()] + choice + glob[brace.end():])]


def promised_spacing(key, own_rules, built_in):
    """Seconds within which this key is published again, changed or not; None where nothing promises that."""

    def option(name):
        for rules in (own_rules, built_in):
            fitting = [(len(re.sub(r"[*?{},]", "", rule)) if rule != "default" else -1, options[name]) for rule, options in rules.items()
                       if options and name in options and (rule == "default" or any(fnmatch.fnmatchcase(key, glob) for glob in alternatives(rule)))]
            if fitting:
                return max(fitting, key=lambda each: each[0])[1]
        raise KeyError(name)

    if not option("on_change"):
        return seconds(option("interval")) + SLOWEST_PERIOD
    return None if option("refresh") == "off" else seconds(option("refresh")) + SLOWEST_PERIOD


# ---- checks of one page; each yields sentences

def first_line(page):
    if not re.match(r"(Not tried|Tried) with ", page.first):
        yield f"{page.name}:1: does not begin with 'Tried with' or 'Not tried with'"
    commands = re.findall(r"`([^`]+)`", page.first)
    if "hecked by" not in page.first or not commands:
        yield f"{page.name}:1: does not name the command by which it was checked"
    for command in commands:
        for path in re.findall(r"tests/[\w/.-]+", command):
            if not (ROOT / path).exists():
                yield f"{page.name}:1: {path} does not exist"


def well_formed(page):
    for file in page.files:
        if not file.exists():
            yield f"{page.name}: {file.name} does not exist"
    for snippet in page.snippets:
        if snippet.language not in LANGUAGES:
            yield f"{snippet.where}: '{snippet.language}' is none of {', '.join(sorted(LANGUAGES))}"
            continue
        try:
            snippet.content()
        except (yaml.YAMLError, ValueError) as fault:
            yield f"{snippet.where}: no {snippet.language}: {fault}"


def own_configurations(page, p1meter):
    for snippet in page.snippets:
        if "p1meter" not in snippet.marks:
            continue
        with tempfile.TemporaryDirectory() as folder:
            # Certificates and passwords of the user stand in /etc/p1meter: here are others that can be read.
            for name in re.findall(r"/etc/p1meter/([\w.-]+)", snippet.text):
                pathlib.Path(folder, name).write_text("secret\n", encoding="utf-8")
            file = pathlib.Path(folder, "p1meter.yaml")
            file.write_text(snippet.text.replace("/etc/p1meter/", f"{folder}/"), encoding="utf-8")
            run = subprocess.run([p1meter, "--config", file, "check"], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            said = (run.stdout + run.stderr).replace(str(file), "line ")
            yield from (f"{snippet.where}: p1meter check: {line}" for line in said.splitlines())


def topics_published(page, published):
    for topic in page.topics():
        if not published.under(topic):
            yield f"{page.name}: nothing is published on {topic}"


def contents(page):
    """(snippet, content) of all that can be parsed; the rest is another check's."""
    for snippet in page.snippets:
        with contextlib.suppress(yaml.YAMLError, ValueError):
            yield snippet, snippet.content()


UNITS = {  # device class -> its units, its state classes (Home Assistant refuses others)
    "energy": ({"kWh", "GJ"}, {"total", "total_increasing"}), "power": ({"W", "kW"}, {"measurement"}),
    "voltage": ({"V"}, {"measurement"}), "current": ({"A"}, {"measurement"}),
    "gas": ({"m³"}, {"total", "total_increasing"}), "water": ({"m³", "L"}, {"total", "total_increasing"}),
}


REGISTERS = {"total", "total_increasing"}


def rendered_for_null(jinja, template, payload):
    """What a template makes of a message whose values are all null; Home Assistant passes over an empty state."""
    state = json.loads(payload)
    try:
        return jinja.from_string(template).render(value_json=dict.fromkeys(state)) if isinstance(state, dict) else ""
    except (jinja2.TemplateError, TypeError) as fault:
        return str(fault)


def home_assistant_sensors(page, published):
    jinja = jinja2.Environment(undefined=jinja2.StrictUndefined)
    for snippet, content in contents(page):
        sensors = content.get("sensor") if isinstance(content, dict) else None
        if not isinstance(sensors, list):
            continue
        ids = [sensor.get("unique_id") for sensor in sensors]
        if None in ids or len(set(ids)) != len(ids):
            yield f"{snippet.where}: each sensor needs a unique_id of its own"
        for sensor in sensors:
            name = sensor.get("name")
            payload = published.newest.get(sensor["state_topic"], "")
            value = payload
            if "value_template" in sensor:
                try:
                    value = jinja.from_string(sensor["value_template"]).render(value_json=json.loads(payload), value=payload)
                except (jinja2.TemplateError, ValueError) as fault:
                    yield f"{snippet.where}: {name}: {sensor['value_template']}: {fault}"
                    continue
            if "device_class" in sensor and sensor["device_class"] in UNITS:
                units, state_classes = UNITS[sensor["device_class"]]
                if sensor.get("unit_of_measurement") not in units or sensor.get("state_class") not in state_classes:
                    yield f"{snippet.where}: {name}: unit or state class does not go with {sensor['device_class']}"
                if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                    yield f"{snippet.where}: {name}: '{value}' is no number"
            if "value_template" in sensor and sensor.get("state_class") in REGISTERS and rendered_for_null(jinja, sensor["value_template"], payload) != "":
                yield f"{snippet.where}: {name}: is unknown, and not as before, while its register is null"
            if "expire_after" in sensor and sensor["expire_after"] < 60:
                yield f"{snippet.where}: {name}: expires after less than a minute"
            if sensor.get("availability_mode") != "all" or len(sensor.get("availability", [])) != 2:
                yield f"{snippet.where}: {name}: is not unavailable when program or meter are"


def home_assistant_automations(page, published):
    """Conditions on an MQTT trigger: rendered for the state as it is, and for one far above every limit."""
    jinja = jinja2.Environment(undefined=jinja2.StrictUndefined)
    for snippet, content in contents(page):
        for automation in content if isinstance(content, list) else [content]:
            if not isinstance(automation, dict) or "triggers" not in automation:
                continue
            state = published.state()
            quiet, loud, blank = (dict(state, demand_import_projected=projected) for projected in (100, 99999, None))
            for condition in automation.get("conditions", []):
                if condition.get("condition") != "template":
                    continue
                template = jinja.from_string(condition["value_template"])
                said = [template.render(trigger={"payload_json": each}).strip() for each in (quiet, loud, blank)]
                if said != ["False", "True", "False"]:
                    yield f"{snippet.where}: the condition says {said} for a low, a high and no projected demand"


def home_assistant_entities(page, published):
    """Entities that are named must be those that discovery proposes."""
    proposed = {component.get("default_entity_id") for topic in published.under("homeassistant/device/+/config")
                for component in json.loads(published.newest[topic] or "{}").get("components", {}).values()}
    for entity in dict.fromkeys(re.findall(r"\b(?:sensor|binary_sensor|event)\.p1meter_\w+", page.text)):
        if entity not in proposed:
            yield f"{page.name}: {entity} is not announced"


SINGLE = "homeassistant/+/+/+/config"
DOMOTICZ_TAKES = {"binary_sensor", "button", "climate", "cover", "device_automation", "light", "lock", "number", "select", "sensor", "switch", "fan", "text"}
DOMOTICZ_SKIPS = re.compile(r"(min|max)_.*|.*_(min|max)|.*_(alarm|address|ssid|sensitivity|calibration).*|restart|log_level|last_seen|linkquality|connection_state")
DOMOTICZ_READS = re.compile(r"\{\{ value_json(\.\w+|\[\"\w+\"\])+ \}\}")


def domoticz_entities(page, published):
    """The single form of discovery, by what Domoticz does with it."""
    readings = 0
    for topic in published.under(SINGLE):
        _, component, _, object_id, _ = topic.split("/")
        entity = json.loads(published.newest[topic] or "{}")
        if entity.get("device_class") in UNITS:
            readings += 1
            if DOMOTICZ_SKIPS.fullmatch(object_id):
                yield f"{page.name}: Domoticz skips {topic}"
            if component not in DOMOTICZ_TAKES:
                yield f"{page.name}: Domoticz does not take a {component} ({topic})"
            if not DOMOTICZ_READS.fullmatch(entity["value_template"]):
                yield f"{page.name}: Domoticz cannot evaluate {entity['value_template']} ({topic})"
        if "water" in entity.get("icon", ""):
            yield f"{page.name}: an icon with water makes a rain meter in Domoticz ({topic})"
    if readings == 0:
        yield f"{page.name}: nothing is announced for Domoticz on {SINGLE}"


def evcc_meters(page, published, built_in):
    own_rules = {}
    for snippet, content in contents(page):
        if "p1meter" in snippet.marks:
            own_rules.update(content.get("readings", {}))
    for snippet, content in contents(page):
        for meter in content.get("meters", []) if isinstance(content, dict) and "p1meter" not in snippet.marks else []:
            if meter.get("type") != "custom":
                continue
            if "currents" in meter and len(meter["currents"]) != 3:
                yield f"{snippet.where}: evcc takes exactly three currents"
            sources = [value for value in meter.values() if isinstance(value, dict)] + meter.get("currents", [])
            for source in sources:
                topic = source["topic"]
                with contextlib.suppress(ValueError):
                    float(published.newest.get(topic, ""))
                    spacing = promised_spacing(topic.rpartition("/")[2], own_rules, built_in)
                    if "timeout" not in source or spacing is None or seconds(source["timeout"]) < spacing:
                        yield f"{snippet.where}: {topic}: timeout {source.get('timeout')}, but it may be silent for {spacing} s"
                    continue
                yield f"{snippet.where}: {topic} is no number: '{published.newest.get(topic)}'"


def exporter_metrics(page, published):
    for snippet, content in contents(page):
        for metric in content.get("metrics", []) if isinstance(content, dict) else []:
            value = published.state().get(metric["mqtt_name"])
            if not isinstance(value, (int, float)):
                yield f"{snippet.where}: {metric['mqtt_name']} is {value} in state"
            if metric["type"] == "counter" and not metric["prom_name"].endswith("_total"):
                yield f"{snippet.where}: {metric['prom_name']}: a counter ends in _total"


def homebridge_functions(page, published):
    """What the functions of homebridge-mqttthing return for the payload at hand, 0 and less; looked at where Node.js is."""
    node = shutil.which("node")
    for snippet, content in contents(page):
        for accessory in content.get("accessories", []) if node and isinstance(content, dict) else []:
            for name, topic in accessory["topics"].items():
                if not isinstance(topic, dict):
                    continue
                payloads = [published.newest.get(topic["topic"], ""), "0", "-1500"]
                script = (f"const apply = new Function('message', {json.dumps(topic['apply'])});"
                          f"process.stdout.write(JSON.stringify({json.dumps(payloads)}.map((message) => apply(message))))")
                run = subprocess.run([node, "-e", script], capture_output=True, text=True, check=False)
                for payload, value in zip(payloads, json.loads(run.stdout or "[null]")):
                    fits = isinstance(value, bool) if name.endswith("State") else not isinstance(value, bool) and isinstance(value, (int, float))
                    if not fits or (accessory["type"] == "lightSensor" and not 0.0001 <= value <= 100000):
                        yield f"{snippet.where}: {name} of '{accessory['name']}' makes {value} of '{payload}'"


def flatten(value, name=""):
    """As Telegraf's json format does: numbers become fields, members are joined by _, elements by their index."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return {}
    if isinstance(value, (int, float)):
        return {name: float(value)}
    members = value.items() if isinstance(value, dict) else enumerate(value)
    found = {}
    for member, inner in members:
        found.update(flatten(inner, f"{name}_{member}" if name else str(member)))
    return found


def telegraf_points(page, published):
    """What the page's Telegraf would hand to a database: ({measurement: (tags, fields)}, faults)."""
    points, faults = {}, []
    for snippet, content in contents(page):
        for source in content.get("inputs", {}).get("mqtt_consumer", []) if isinstance(content, dict) else []:
            for topic in [topic for each in source["topics"] for topic in published.under(each)]:
                tags, measurement = {}, source.get("name_override", "mqtt_consumer")
                for parsing in source.get("topic_parsing", []):
                    levels = topic.split("/")
                    for name in ("tags", "measurement"):
                        if name in parsing and len(parsing[name].split("/")) != len(levels):
                            faults.append(f"{snippet.where}: {name} of topic_parsing has another number of levels than {topic}")
                    if matches(parsing["topic"], topic):
                        tags.update((name, level) for name, level in zip(parsing.get("tags", "").split("/"), levels) if name not in ("", "_"))
                        measurement = next((level for name, level in zip(parsing.get("measurement", "").split("/"), levels) if name == "measurement"), measurement)
                payload = published.newest[topic]
                if source["data_format"] == "json":
                    content_of = json.loads(payload)
                    time = content_of.pop(source.get("json_time_key", ""), None)
                    try:
                        datetime.datetime.fromisoformat(str(time))
                    except ValueError:
                        faults.append(f"{snippet.where}: {source.get('json_time_key')} of {topic} is {time}, no time")
                    fields = flatten(content_of)
                else:
                    fields = {"value": float(payload)}
                left_out = source.get("fieldexclude", [])
                fields = {name: value for name, value in fields.items() if not any(fnmatch.fnmatchcase(name, glob) for glob in left_out)}
                known_tags, known_fields = points.setdefault(measurement, (set(), set()))
                known_tags.update(tags)
                known_fields.update(fields)
    return points, faults


def grafana_queries(page, published):
    points, faults = telegraf_points(page, published)
    yield from faults
    for snippet, content in contents(page):
        if not isinstance(content, dict) or "panels" not in content:
            continue
        panels = content["panels"]
        if len({panel["id"] for panel in panels}) != len(panels):
            yield f"{snippet.where}: two panels have one id"
        for one in panels:
            for other in panels:
                a, b = one["gridPos"], other["gridPos"]
                if one["id"] < other["id"] and a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]:
                    yield f"{snippet.where}: panels {one['title']} and {other['title']} overlap"
        queries = [target["query"] for panel in panels for target in panel.get("targets", [])]
        for query in queries:
            measurement = re.search(r'FROM "(\w+)"', query)
            tags, fields = points.get(measurement.group(1), (set(), set())) if measurement else (set(), set())
            if not measurement or not fields:
                yield f"{snippet.where}: Telegraf writes no measurement for: {query}"
                continue
            names = re.findall(r'"(\w+)"', re.sub(r'AS "\w+"|FROM "\w+"', "", query))
            yield from (f"{snippet.where}: Telegraf writes neither field nor tag {name}" for name in names if name not in fields | tags)
        for variable in content.get("templating", {}).get("list", []):
            if variable["type"] == "query" and not any(f'"{tag}"' in variable["query"] for tags, _ in points.values() for tag in tags):
                yield f"{snippet.where}: variable {variable['name']} asks for no tag that Telegraf writes"


def page_faults(page, published, built_in, p1meter):
    yield from first_line(page)
    yield from well_formed(page)
    yield from own_configurations(page, p1meter)
    yield from topics_published(page, published)
    yield from home_assistant_sensors(page, published)
    yield from home_assistant_automations(page, published)
    yield from home_assistant_entities(page, published)
    yield from evcc_meters(page, published, built_in)
    yield from homebridge_functions(page, published)
    yield from exporter_metrics(page, published)
    yield from grafana_queries(page, published)


def listing_faults(pages, folder):
    """README lists each page; each file belongs to one."""
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in pages:
        if f"({page.path.name})" not in listed:
            yield f"{folder.name}/README.md does not list {page.path.name}"
    linked = {file for page in pages for file in page.files}
    yield from (f"no page links to files/{file.name}" for file in sorted((folder / "files").glob("*")) if file not in linked)


def pages_of(folder, names=()):
    paths = [folder / f"{name}.md" for name in names] or sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    return [Page(path) for path in paths]


# ---- does it find what is wrong

SOUND = """Not tried with X itself. Checked by `tests/integrations/check_recipes.py x`.

# X
```yaml p1meter
readings: {"current_*": {on_change: false}}
```
```yaml
meters:
  - {name: grid, type: custom, power: {source: mqtt, topic: p1meter/home/power_net, timeout: 30s}}
```
```yaml
sensor:
  - {name: Power, unique_id: a, state_topic: p1meter/home/state, value_template: "{{ value_json.power_net }}", device_class: power,
     unit_of_measurement: W, state_class: measurement, availability_mode: all, availability: [{topic: p1meter/status}, {topic: p1meter/home/status}]}
```
```yaml
triggers: [{trigger: mqtt, topic: p1meter/home/state}]
conditions: [{condition: template, value_template: "{{ (trigger.payload_json.demand_import_projected or 0) > 2500 }}"}]
```
```yaml
metrics: [{prom_name: power_watts, mqtt_name: power_net, type: gauge}]
```
```toml
[[inputs.mqtt_consumer]]
topics = ["p1meter/+/state"]
name_override = "p1"
data_format = "json"
json_time_key = "received"
[[inputs.mqtt_consumer.topic_parsing]]
topic = "p1meter/+/state"
tags = "_/meter/_"
```
```json
{"accessories": [{"name": "a", "type": "lightSensor",
  "topics": {"getCurrentAmbientLightLevel": {"topic": "p1meter/home/power_net", "apply": "return Math.max(0.0001, Number(message));"}}}]}
```
```json
{"panels": [{"id": 1, "title": "a", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
  "targets": [{"query": "SELECT mean(\\"power_net\\") FROM \\"p1\\" WHERE \\"meter\\" = 'home'"}]}]}
```
State `mqtt.0.p1meter.home.power_net`, entity `sensor.p1meter_home_power_net`.
"""
BROKEN = [  # what is changed, into what, and what must be said
    ("Not tried with X", "All about X", "does not begin with"),
    ("Checked by `tests/integrations/check_recipes.py x`", "Checked", "does not name the command"),
    ("check_recipes.py x", "no_such.py", "tests/integrations/no_such.py does not exist"),
    ("{on_change: false}", "{on_change: maybe}", "p1meter check"),
    ("meters:\n  - {", "meters:\n - {{", "no yaml"),
    ("```toml\n[[", "```toml\n[", "no toml"),
    ('{"panels": [', '{"panels": [,', "no json"),
    ("mqtt.0.p1meter.home.power_net", "mqtt.0.p1meter.home.power", "nothing is published on p1meter/home/power"),
    ("topic: p1meter/status", "topic: p1meter/availability", "nothing is published on p1meter/availability"),
    ("timeout: 30s", "timeout: 15s", "may be silent for 20.0 s"),
    ("home/power_net, timeout", "home/status, timeout", "is no number"),
    ("value_json.power_net", "value_json.power", "has no attribute 'power'"),
    ("unit_of_measurement: W", "unit_of_measurement: kWh", "does not go with power"),
    ("state_class: measurement", "state_class: total_increasing", "while its register is null"),
    ("availability_mode: all", "availability_mode: any", "is not unavailable"),
    ("sensor.p1meter_home_power_net", "sensor.p1meter_home_power", "is not announced"),
    ("> 2500", "> 250000", "the condition says"),
    ("mqtt_name: power_net", "mqtt_name: power", "power is None in state"),
    ("type: gauge", "type: counter", "ends in _total"),
    ("Math.max(0.0001, Number(message))", "Number(message)", "makes 0 of '0'"),
    ('json_time_key = "received"', 'json_time_key = "power_net"', "no time"),
    ('tags = "_/meter/_"', 'tags = "_/meter"', "another number of levels"),
    ('mean(\\"power_net\\")', 'mean(\\"power\\")', "neither field nor tag power"),
    ('FROM \\"p1\\"', 'FROM \\"p2\\"', "writes no measurement"),
]


def self_test(built_in, p1meter):
    state = {"power_net": 181, "demand_import_projected": 55, "received": "2026-11-22T01:40:27.192Z"}
    published = Published({"p1meter/home/state": json.dumps(state), "p1meter/home/power_net": "181", "p1meter/status": "online",
                           "p1meter/home/status": "online",
                           "homeassistant/device/a/config": '{"components": {"a": {"default_entity_id": "sensor.p1meter_home_power_net"}}}'})
    failed = 0
    with tempfile.TemporaryDirectory() as top:
        path = pathlib.Path(top, "docs/integrations/x.md")
        path.parent.mkdir(parents=True)

        def faults_of(text):
            path.write_text(text, encoding="utf-8")
            return list(page_faults(Page(path), copy.copy(published), built_in, p1meter))

        for fault in faults_of(SOUND):
            print(f"a sound page is refused: {fault}")
            failed += 1
        for old, new, sentence in BROKEN:
            assert old in SOUND, old
            said = faults_of(SOUND.replace(old, new, 1))
            if not any(sentence in fault for fault in said):
                print(f"'{new}' was not found: expected '{sentence}', found {said}")
                failed += 1
    page = argparse.Namespace(name="domoticz.md")
    entity = {"device_class": "power", "value_template": "{{ value_json.power_net }}"}
    for topic, change, sentence in (("sensor/a/power_net", {}, None), ("sensor/a/power_max", {}, "skips"), ("event/a/power_net", {}, "does not take"),
                                    ("sensor/a/power_net", {"icon": "mdi:water"}, "rain meter"), ("sensor/a/state", {"device_class": "enum"}, "nothing is announced"),
                                    ("sensor/a/power_net", {"value_template": "{{ value_json.power_net | float }}"}, "cannot evaluate")):
        said = list(domoticz_entities(page, Published({f"homeassistant/{topic}/config": json.dumps(entity | change)})))
        if [sentence in fault for fault in said] != ([True] if sentence else []):
            print(f"Domoticz: {topic} with {change}: expected '{sentence}', found {said}")
            failed += 1
    if not failed:
        print(f"all of {len(BROKEN)} broken recipes are found")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names of pages without .md; all of them if none is given")
    parser.add_argument("--p1meter", help="the program; otherwise the installed one, or build/release/p1meter")
    parser.add_argument("--self-test", action="store_true", help="show it broken recipes instead")
    given = parser.parse_args()
    built_in = yaml.safe_load((ROOT / "config/p1meter.reference.yaml").read_text(encoding="utf-8"))["readings"]
    try:
        p1meter = with_meter.find_p1meter(given.p1meter)
        if given.self_test:
            return self_test(built_in, p1meter)
        pages = pages_of(PAGES, given.pages)
        topics = {topic for page in pages for topic in page.topics()}
        published = run_a_meter(topics, p1meter)
        single = None
        if any(page.path.stem == "domoticz" for page in pages):
            single = run_a_meter(["homeassistant/sensor/+/water_volume/config", "homeassistant/sensor/+/power_net/config"], p1meter, "home_assistant: {discovery: single}")
    except with_meter.NotInstalled as missing:
        print(f"skipped: {missing}")
        return with_meter.SKIPPED
    faults = [] if given.pages else list(listing_faults(pages, PAGES))
    for page in pages:
        faults += page_faults(page, published, built_in, p1meter)
        if page.path.stem == "domoticz":
            faults += domoticz_entities(page, single)
    for fault in faults:
        print(fault)
    snippets = sum(len(page.snippets) for page in pages)
    print(f"{len(pages)} pages, {snippets} snippets, {len(topics)} topics: {f'{len(faults)} faults' if faults else 'sound'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
