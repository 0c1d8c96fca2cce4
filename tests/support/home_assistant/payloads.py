# SPDX-License-Identifier: Apache-2.0
"""One discovery message by itself: its topic, its keys and values, and the entities that it describes."""

import dataclasses
import json
import re

import facts
from components import entity_findings
from forms import ENTITY, REQUIRED, ROOT, schema_findings, usable
from messages import Finding

ID = re.compile(r"[a-zA-Z0-9_-]+")
MIGRATE = {"migrate_discovery": True}


@dataclasses.dataclass
class Entity:
    """A component with what it inherits. `key` is its key under `components`, or the topic's object id."""

    topic: str
    single: bool
    key: str
    platform: str
    config: dict
    device: dict

    @property
    def identifiers(self):
        return identifiers_of(self.device)

    @property
    def about_program(self):
        """True for what tells of p1meter itself, on its statistics topic, or is done by it."""
        return self.platform in ("update", "button") or "statistics" in self.config.get("state_topic", "").split("/")


@dataclasses.dataclass
class Discovery:
    """What a discovery topic's newest message says. `config` is None for an empty or unreadable payload."""

    topic: str
    single: bool
    platform: str
    object_id: str
    config: dict | None = None
    entities: list = dataclasses.field(default_factory=list)
    removed: dict = dataclasses.field(default_factory=dict)  # component key: platform, of those that only name a platform

    @property
    def migrates(self):
        return self.config == MIGRATE

    @property
    def identifiers(self):
        return identifiers_of((self.config or {}).get("device"))


def identifiers_of(device):
    if not isinstance(device, dict):
        return set()
    found = device.get("identifiers", [])
    return {found} if isinstance(found, str) else {i for i in found if isinstance(i, str)} if isinstance(found, list) else set()


def parse_topic(topic, prefix):
    """The Discovery that a topic is for; None when its form is not one."""
    parts = topic[len(prefix) + 1:].split("/")
    if len(parts) not in (3, 4) or parts[-1] != "config" or not all(ID.fullmatch(part) for part in parts):
        return None
    return Discovery(topic, parts[0] != "device", parts[0], parts[-2])


def without_repeats(pairs):
    keys = [key for key, _ in pairs]
    repeated = {key for key in keys if keys.count(key) > 1}
    if repeated:
        raise ValueError("repeats the key " + ", ".join(sorted(repeated)))
    return dict(pairs)


def expanded(value, names):
    return {names.get(key, key): member for key, member in value.items()} if isinstance(value, dict) else value


def expand(config):
    """Long names for short ones, and `~` where it stands for the topics' base."""
    config = expanded(config, facts.ENTITY_ABBREVIATIONS)
    if isinstance(config.get("availability"), list):
        config["availability"] = [expanded(entry, facts.ENTITY_ABBREVIATIONS) for entry in config["availability"]]
    if "device" in config:
        config["device"] = expanded(config["device"], facts.DEVICE_ABBREVIATIONS)
    if "origin" in config:
        config["origin"] = expanded(config["origin"], facts.ORIGIN_ABBREVIATIONS)
    return config


def with_topic_base(config):
    base = config.pop("~", None)
    if not isinstance(base, str):
        return config
    listed = config.get("availability")
    places = [config] + [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else [config]
    for place in places:
        for key, value in place.items():
            if key.endswith("topic") and isinstance(value, str):
                place[key] = re.sub(r"^~|~$", lambda _: base, value)
    return config


def empty_strings(value, path=""):
    """The paths of strings that are empty or blank."""
    if isinstance(value, str):
        if not value.strip():
            yield path
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from empty_strings(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from empty_strings(member, f"{path}[{index}]")


def read(message, prefix):
    """The Discovery of a message and the findings about it alone. A message that is none has the Discovery None."""
    topic = message.topic
    discovery = parse_topic(topic, prefix)
    if discovery is None:
        return None, [Finding(topic, "", "topic_form", "1.2", "not PREFIX/COMPONENT/[NODE_ID/]OBJECT_ID/config with ids of "
                              "letters, digits, _ and -")]
    findings = []
    if discovery.platform != "device" and discovery.platform not in facts.SUPPORTED_COMPONENTS:
        findings.append(Finding(topic, "", "platform_unknown", "1.2", f"'{discovery.platform}' is no component"))
    if not message.retain:
        findings.append(Finding(topic, "", "discovery_not_retained", "1.9", "the message is not retained"))
    if not message.payload:
        return discovery, findings
    if len(message.payload) >= 65536:
        findings.append(Finding(topic, "", "payload_too_long", "1.3", f"the payload has {len(message.payload)} bytes, 64 KiB or more"))
    try:
        config = json.loads(message.payload.decode(), object_pairs_hook=without_repeats)
        if not isinstance(config, dict):
            raise ValueError("is no object")
    except ValueError as fault:
        return discovery, findings + [Finding(topic, "", "not_json", "1.3", f"the payload is not a JSON object: {fault}")]
    discovery.config = config
    findings += read_config(discovery)
    return discovery, findings


def read_config(discovery):
    config = discovery.config
    if "migrate_discovery" in config:
        if not discovery.migrates:
            yield Finding(discovery.topic, "", "migrate_not_alone", "1.10", "migrate_discovery is true and alone, or not there")
        return
    for path in empty_strings(config):
        yield Finding(discovery.topic, "", "empty_string", "1.4", f"'{path}' is an empty string; leave the key out")
    config = discovery.config = expand(config)
    if discovery.single:
        yield from read_single(discovery, with_topic_base(config))
    else:
        yield from read_device(discovery, config)


def read_single(discovery, config):
    topic, key, platform = discovery.topic, discovery.object_id, discovery.platform
    if platform not in facts.PLATFORM_KEYS:
        yield Finding(topic, key, "platform_not_ours", "1.2", f"'{platform}' is not one that this checker knows")
        return
    yield from schema_findings(ENTITY[platform, True], config, topic, key)
    entity = Entity(topic, True, key, platform, usable(config), config.get("device"))
    discovery.entities.append(entity)
    yield from entity_findings(entity)


def read_device(discovery, config):
    topic = discovery.topic
    if "message_expiry_interval" in config:
        yield Finding(topic, "", "message_expiry_interval", "1.1", "Home Assistant before 2026.6 refuses the whole payload for "
                      "message_expiry_interval")
        del config["message_expiry_interval"]
    yield from schema_findings(ROOT, config, topic, "")
    components = config.get("components")
    for key, component in (components if isinstance(components, dict) else {}).items():
        if not ID.fullmatch(key):
            yield Finding(topic, key, "component_key", "1.2", "the component's key is not of letters, digits, _ and -")
        if isinstance(component, dict):
            yield from read_component(discovery, config, key, with_topic_base(expand(component)))


def read_component(discovery, root, key, component):
    topic, platform = discovery.topic, component.get("platform")
    if platform is None:
        yield Finding(topic, key, "platform_missing", "1.3", "'platform' is missing: Home Assistant refuses the whole payload")
        return
    if not isinstance(platform, str) or platform not in facts.SUPPORTED_COMPONENTS:
        yield Finding(topic, key, "platform_unknown", "1.3", f"'{platform}' is no platform: the whole payload is refused")
        return
    if set(component) == {"platform"}:
        discovery.removed[key] = platform
        return
    if platform not in facts.PLATFORM_KEYS:
        yield Finding(topic, key, "platform_not_ours", "1.3", f"'{platform}' is not one that this checker knows")
        return
    # Schemas see what the component says itself and what it needs of what it inherits.
    needed = {name: root[name] for name in REQUIRED[platform] & facts.SHARED_KEYS if name in root}
    yield from schema_findings(ENTITY[platform, False], {**needed, **component}, topic, key)
    inherited = {name: root[name] for name in facts.SHARED_KEYS if name in root}
    if facts.AVAILABILITY_KEYS & set(component):
        inherited = {name: value for name, value in inherited.items() if name not in facts.AVAILABILITY_KEYS}
    entity = Entity(topic, False, key, platform, usable({**inherited, **component}), root.get("device"))
    discovery.entities.append(entity)
    yield from entity_findings(entity)
