# SPDX-License-Identifier: Apache-2.0
"""What all entities say together: nothing twice, devices that exist, availability that comes, one expire_after a topic."""

import json

from messages import Finding


def finding(entity, name, section, sentence):
    return Finding(entity.topic, entity.key, name, section, sentence)


def together(discoveries, traffic):
    entities = [entity for discovery in discoveries for entity in discovery.entities]
    yield from repeated(entities, "unique_id", "unique_id_repeated", "1.8")
    yield from repeated(entities, "default_entity_id", "default_entity_id_repeated", "1.8")
    yield from names_in_device(entities)
    yield from devices(discoveries, entities)
    yield from left_behind(discoveries)
    yield from expiry(entities)
    yield from availability(entities, traffic)


def repeated(entities, key, name, section):
    first = {}
    for entity in entities:
        value = entity.config.get(key)
        if value is not None and first.setdefault(value, entity) is not entity:
            other = first[value]
            yield finding(entity, name, section, f"{key} '{value}' is also that of {other.key} in {other.topic}")


def device_of(entity):
    return min(entity.identifiers, default=entity.topic)


def names_in_device(entities):
    seen = {}
    for entity in entities:
        name = entity.config.get("name")
        place = (device_of(entity), name.casefold() if isinstance(name, str) else None)
        if "name" in entity.config and seen.setdefault(place, entity) is not entity:
            what = "has no name of its own (null)" if name is None else f"has the name '{name}'"
            yield finding(entity, "name_repeated", "1.8", f"{what} like {seen[place].key} of the same device")


def devices(discoveries, entities):
    """via_device leads somewhere; one device is described in one way and by one form."""
    described = {}
    for discovery in discoveries:
        device = (discovery.config or {}).get("device")
        for identifier in discovery.identifiers:
            other, form = described.setdefault(identifier, (discovery, device))
            if other is discovery:
                continue
            if not (discovery.single and other.single):
                yield Finding(discovery.topic, "", "device_repeated", "1.10", f"the device '{identifier}' is also announced by {other.topic}")
            elif json.dumps(device, sort_keys=True) != json.dumps(form, sort_keys=True):
                yield Finding(discovery.topic, discovery.object_id, "device_differs", "1.3",
                              f"the device '{identifier}' is described differently in {other.topic}")
    for discovery in discoveries:
        device = (discovery.config or {}).get("device")
        via = device.get("via_device") if isinstance(device, dict) else None
        if isinstance(via, str) and (via not in described or via in discovery.identifiers):
            yield Finding(discovery.topic, "", "via_device", "1.3", f"via_device '{via}' is no other device that is announced")


def left_behind(discoveries):
    for discovery in discoveries:
        if discovery.migrates:
            yield Finding(discovery.topic, "", "migration_unfinished", "1.10", "migrate_discovery is still there: the topic was not emptied")
        for key in discovery.removed:
            yield Finding(discovery.topic, key, "removal_unfinished", "1.9", "a removed component is still named: publish again without it")


def expiry(entities):
    first = {}
    for entity in entities:
        if entity.platform not in ("sensor", "binary_sensor"):
            continue
        topic, seconds = entity.config.get("state_topic"), entity.config.get("expire_after")
        other = first.setdefault(topic, entity)
        if other.config.get("expire_after") != seconds:
            yield finding(entity, "expire_after_differs", "1.5", f"expire_after is {seconds}, and {other.config.get('expire_after')} "
                          f"for {other.key}, which has the same state topic")
        if seconds is not None and seconds < 60:
            yield finding(entity, "expire_after_short", "1.5", f"expire_after of {seconds} s is below 60 s")


def sources_of(entity):
    """The availability topics of an entity with their two payloads, as Home Assistant fills them in."""
    config = entity.config
    entries = config.get("availability")
    if "availability_topic" in config:
        entries = [{**config, "topic": config["availability_topic"]}]
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("topic"), str):
            yield entry["topic"], str(entry.get("payload_available", "online")), str(entry.get("payload_not_available", "offline"))


def availability(entities, traffic):
    topics = {id(entity): [topic for topic, _, _ in sources_of(entity)] for entity in entities}
    meters = {topic for own in topics.values() for topic in own if len(own) > 1}
    for entity in entities:
        own = topics[id(entity)]
        if not own:
            yield finding(entity, "availability_missing", "1.6", "nothing tells whether it is available")
            continue
        if "availability_topic" in entity.config or len(own) > 1 and entity.config.get("availability_mode") != "all":
            yield finding(entity, "availability_mode", "1.6", "availability is not a list with availability_mode all")
        if len(set(own)) != len(own):
            yield finding(entity, "availability_repeated", "1.6", "the same topic stands twice in availability")
        # Also on their meter hang all but the program's own entities, what happened, and what tells whether the meter is there.
        alone = entity.about_program or entity.platform == "event" or entity.config.get("state_topic") in meters
        if len(set(own)) < 2 and not alone:
            yield finding(entity, "availability_of_both", "1.6", "availability tells of only one of program and meter")
    used = [set(own) for own in topics.values() if own]
    if used and not set.intersection(*used):
        yield Finding("", "", "availability_of_program", "1.6", "no availability topic is common to all entities: the program's is not there")
    yield from availability_messages(entities, traffic)


def availability_messages(entities, traffic):
    seen = set()
    for entity in entities:
        for source in sources_of(entity):
            if source in seen:
                continue
            seen.add(source)
            topic, online, offline = source
            message = traffic.newest(topic)
            if message is None:
                yield finding(entity, "availability_never_came", "1.6", f"nothing came on '{topic}': the entity stays unavailable")
            elif not message.retain:
                yield finding(entity, "availability_not_retained", "1.6", f"'{topic}' is not retained")
            elif message.payload.decode(errors="replace") not in (online, offline):
                yield finding(entity, "availability_payload", "1.6", f"'{topic}' says neither '{online}' nor '{offline}'")
