# SPDX-License-Identifier: Apache-2.0
"""Discovery messages in order of arrival: migration between the two forms, removal of entities and components."""

import dataclasses

from messages import Finding
from payloads import read


@dataclasses.dataclass
class Held:
    """What Home Assistant holds of one discovery topic."""

    discovery: object  # the last one with a configuration
    migrating: bool = False

    @property
    def unique_ids(self):
        return unique_ids(self.discovery)


def unique_ids(discovery):
    return {entity.config["unique_id"]: entity for entity in discovery.entities if isinstance(entity.config.get("unique_id"), str)}


class Sequence:
    def __init__(self, prefix):
        self._prefix = prefix
        self._held = {}     # topic: Held
        self._emptied = {}  # unique id: the topic that was emptied while nothing else had announced it

    def take(self, message):
        """The findings that this message brings."""
        discovery, found = read(message, self._prefix)
        # What a later message repairs is looked at once, in the end; these have had their effect by then.
        yield from (finding for finding in found if finding.rule in ("discovery_not_retained", "migrate_not_alone"))
        if discovery is None:
            return
        if not message.payload:
            yield from self._empty(discovery)
        elif discovery.migrates:
            yield from self._migrate(discovery)
        elif discovery.config is not None:
            yield from self._announce(discovery)

    def _migrate(self, discovery):
        held = self._held.get(discovery.topic)
        if held is None:
            yield Finding(discovery.topic, "", "migrate_nothing", "1.10", "migrate_discovery on a topic that announced nothing")
            return
        held.migrating = True

    def _empty(self, discovery):
        held = self._held.pop(discovery.topic, None)
        if held is None:
            return
        elsewhere = {unique_id for other in self._held.values() if not other.migrating for unique_id in other.unique_ids}
        lost = sorted(set(held.unique_ids) - elsewhere)
        if held.migrating and lost:
            yield Finding(discovery.topic, "", "emptied_before_announced", "1.10",
                          f"emptied while {', '.join(lost)} is not announced in the new form: settings and history are lost")
        elif not held.migrating:
            self._emptied.update(dict.fromkeys(lost, discovery.topic))

    def _announce(self, discovery):
        for unique_id, entity in unique_ids(discovery).items():
            emptied = self._emptied.pop(unique_id, discovery.topic)
            if emptied != discovery.topic:
                yield self._at(entity, "emptied_before_migration", "1.10",
                               f"'{unique_id}' was removed by an empty payload on {emptied} instead of migrated")
        yield from self._taken_over(discovery)
        yield from self._changed(discovery)
        self._held[discovery.topic] = Held(discovery)

    def _taken_over(self, discovery):
        """What other topics announced so far."""
        mine = unique_ids(discovery)
        for topic, held in self._held.items():
            shared = sorted(set(mine) & set(held.unique_ids))
            if topic == discovery.topic or not shared:
                continue
            entity = mine[shared[0]]
            if not held.migrating:
                yield self._at(entity, "not_migrated", "1.10", f"'{shared[0]}' is announced while {topic} holds it, without migrate_discovery")
            elif not held.discovery.identifiers & discovery.identifiers:
                yield self._at(entity, "identifiers_changed", "1.10", f"the device has none of the identifiers that it had in {topic}")
            if held.unique_ids[shared[0]].platform != entity.platform:
                yield self._at(entity, "platform_changed", "1.9", f"'{shared[0]}' was a {held.unique_ids[shared[0]].platform}: remove it first")

    def _changed(self, discovery):
        """What the same topic announced so far."""
        held = self._held.get(discovery.topic)
        if held is None:
            return
        before = {entity.key: entity for entity in held.discovery.entities}
        now = {entity.key: entity for entity in discovery.entities}
        for key, entity in before.items():
            if key in discovery.removed:
                if discovery.removed[key] != entity.platform:
                    yield self._at(entity, "removed_as_other", "1.9", f"removed as {discovery.removed[key]}, was a {entity.platform}")
            elif key not in now:
                yield self._at(entity, "removed_silently", "1.9", "left out without having been sent as {\"platform\": ...} alone")
            elif now[key].platform != entity.platform:
                yield self._at(entity, "platform_changed", "1.9", f"was a {entity.platform}, is a {now[key].platform}: remove it first")
            elif now[key].config.get("unique_id") != entity.config.get("unique_id"):
                yield self._at(entity, "unique_id_changed", "1.8", f"unique_id was '{entity.config.get('unique_id')}', is "
                               f"'{now[key].config.get('unique_id')}'")

    @staticmethod
    def _at(entity, name, section, sentence):
        return Finding(entity.topic, entity.key, name, section, sentence)


def sequence_findings(messages, prefix):
    sequence = Sequence(prefix)
    for message in messages:
        if message.topic.startswith(prefix + "/") and message.topic.endswith("/config"):
            yield from sequence.take(message)
