#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks MQTT messages against what Home Assistant accepts, strictly.

    check.py MESSAGES...              files (- is standard input) of lines topic<TAB>retain(0|1)<TAB>payload
    check.py --broker HOST:PORT       what a broker holds and gets, collected with mosquitto_sub

Device discovery and one entity per topic; sensor, binary_sensor, event, update and button. Each finding is one line with topic,
component, what is wrong, and in brackets the rule and its section in the project's integration facts. Also keys that Home Assistant ignores are findings, and
templates are rendered with the newest message of their state topic. Of each topic the newest message counts.

Lines of a file come from mosquitto_sub -V 5 --retain-as-published -t '#' -F '%t\\t%r\\t%p' (without that option only messages that
were there before have the retain flag). Exit status: 0 nothing found, 1 findings, 2 usage, or nothing to check with.
"""

import argparse
import sys

from messages import Finding, Traffic, collect, parse_lines

PREFIX = "homeassistant"


def read_discoveries(traffic, prefix, birth):
    """All discovery messages that are in force, with the findings about each alone."""
    from payloads import read
    discoveries, findings = [], []
    for topic in traffic.topics_below(prefix):
        if topic == birth:
            continue
        discovery, found = read(traffic.last(topic), prefix)
        findings += found
        if discovery is not None and discovery.config is not None:
            discoveries.append(discovery)
    return discoveries, findings


def check(messages, prefix=PREFIX, sequence=False):
    """All findings about these messages, in the order of their topics; nothing announced is a finding too."""
    from entities import together
    from sequences import sequence_findings
    from states import state_findings
    traffic = Traffic(messages)
    findings = list(sequence_findings(traffic.messages, prefix)) if sequence else []
    discoveries, found = read_discoveries(traffic, prefix, prefix + "/status")
    findings += found
    entities = [entity for discovery in discoveries for entity in discovery.entities]
    if not entities:
        findings.append(Finding(prefix, "", "nothing_announced", "1.2", "no discovery message announces an entity"))
    findings += together(discoveries, traffic)
    for entity in entities:
        findings += state_findings(entity, traffic)
    return sorted(set(findings), key=lambda f: (f.topic, f.component, f.rule)), len(discoveries), len(entities)


def is_complete(messages, quiet, prefix=PREFIX, seconds=3):
    """True when discovery is there, its topics too, and no discovery message has come for so many seconds."""
    from entities import sources_of
    if quiet(prefix + "/") < seconds:
        return False
    traffic = Traffic(messages)
    discoveries, _ = read_discoveries(traffic, prefix, prefix + "/status")
    entities = [entity for discovery in discoveries for entity in discovery.entities]
    if not entities:
        return False
    wanted = {topic for entity in entities for topic, _, _ in sources_of(entity)}
    wanted |= {entity.config.get("state_topic") for entity in entities if entity.platform not in ("event", "button")}
    return all(traffic.newest(topic) for topic in wanted if topic)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", metavar="MESSAGES", nargs="*")
    parser.add_argument("--broker", metavar="HOST:PORT")
    parser.add_argument("--seconds", type=float, metavar="N", help="how long to collect at most (10; with --until-quiet 60)")
    parser.add_argument("--until-quiet", action="store_true", help="collect until all that discovery names has come")
    parser.add_argument("--prefix", default=PREFIX, help="discovery prefix (%(default)s)")
    parser.add_argument("--sequence", action="store_true", help="check the order of messages too: migration and removal")
    given = parser.parse_args()
    if bool(given.messages) == bool(given.broker):
        parser.error("either files or --broker")
    if given.broker and not given.broker.rpartition(":")[2].isdigit():
        parser.error("--broker is HOST:PORT")
    return given


def messages_of(given):
    if not given.broker:
        for name in given.messages:
            with open(0 if name == "-" else name, "rb") as file:
                yield from parse_lines(file)
        return
    host, _, port = given.broker.rpartition(":")

    def enough(messages, quiet):
        return given.until_quiet and is_complete(messages, quiet, given.prefix)
    yield from collect(host, int(port), enough, given.seconds or (60 if given.until_quiet else 10))


def main():
    given = arguments()
    try:
        findings, discoveries, entities = check(messages_of(given), given.prefix, given.sequence)
    except ImportError as missing:
        print(f"check.py needs python3-voluptuous and python3-jinja2: {missing}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as fault:
        print(f"check.py: {fault}", file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    print(f"{discoveries} discovery messages, {entities} entities, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
