# SPDX-License-Identifier: Apache-2.0
"""MQTT messages as the checker takes them, from files or from a broker; and what it says about them."""

import dataclasses
import os
import select
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Finding:
    """One rule that is broken in one place. `section` is the rule's in the project's integration facts."""

    topic: str
    component: str
    rule: str
    section: str
    sentence: str

    def __str__(self):
        where = f"{self.topic} [{self.component}]" if self.component else self.topic
        return f"{where}: {self.sentence} ({self.rule}, {self.section})"


@dataclasses.dataclass(frozen=True)
class Message:
    topic: str
    retain: bool  # published with the retain flag
    payload: bytes


class Traffic:
    """Messages in order of arrival, and what they leave behind."""

    def __init__(self, messages):
        self.messages = list(messages)
        self._newest = {message.topic: message for message in self.messages}

    def last(self, topic):
        return self._newest[topic]

    def newest(self, topic):
        """The last message of a topic that says something; None when the topic is empty or never came."""
        message = self._newest.get(topic)
        return message if message and message.payload else None

    def of(self, topic):
        return [message for message in self.messages if message.topic == topic]

    def topics_below(self, prefix):
        return [topic for topic in self._newest if topic.startswith(prefix + "/")]


def parse_lines(lines):
    """Lines `topic<TAB>retain<TAB>payload`. Throws ValueError, naming the line, for any other."""
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\n")
        if not line:
            continue
        parts = line.split(b"\t", 2)
        if len(parts) != 3 or parts[1] not in (b"0", b"1"):
            raise ValueError(f"line {number} is not topic<TAB>0|1<TAB>payload")
        yield Message(parts[0].decode(errors="replace"), parts[1] == b"1", parts[2])


def collect(host, port, enough, limit):
    """Messages of all topics until `enough(messages, quiet)`, at most `limit` seconds. `quiet(prefix)` says for how many
    seconds no message below a prefix has come."""
    # In hexadecimal, for a payload may have line ends. Retain as published: else only what was there before has the flag.
    command = ["mosquitto_sub", "-h", host, "-p", str(port), "-V", "5", "--retain-as-published", "-t", "#", "-F", r"%t\t%r\t%x"]
    began = time.monotonic()
    newest = {}
    messages = []

    def quiet(prefix):
        return time.monotonic() - max((at for topic, at in newest.items() if topic.startswith(prefix)), default=began)

    with subprocess.Popen(command, stdout=subprocess.PIPE) as subscriber:
        try:
            rest = b""
            while time.monotonic() - began < limit and not enough(messages, quiet):
                if not select.select([subscriber.stdout], [], [], 0.1)[0]:
                    continue
                chunk = os.read(subscriber.stdout.fileno(), 1 << 16)
                if not chunk:
                    raise ConnectionError(f"mosquitto_sub ended: no broker at {host}:{port}?")
                *lines, rest = (rest + chunk).split(b"\n")
                for message in parse_lines(lines):
                    newest[message.topic] = time.monotonic()
                    messages.append(dataclasses.replace(message, payload=bytes.fromhex(message.payload.decode())))
        finally:
            subscriber.terminate()
    return messages
