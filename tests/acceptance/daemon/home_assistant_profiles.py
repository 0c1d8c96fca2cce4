#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From an empty broker to entities that Home Assistant accepts: `p1meter run` for every simulated meter.

    home_assistant_profiles.py PROGRAM [PROFILE...] [--form device|single]
    home_assistant_profiles.py PROGRAM [PROFILE...] --migrate    one topic an entity, then device discovery, then back again
    home_assistant_profiles.py PROGRAM --show PROFILE            what is announced, readable

Each profile has a mosquitto, a state directory and a configuration of its own, with nothing but the broker and the meter (and
the test key of one that ciphers). What the broker got is checked with tests/support/home_assistant/check.py; --save DIR
keeps it for that. Exit status: 0 all are accepted, 1 findings, 2 usage, 77 something that this needs is not installed.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support" / "home_assistant"))

from check import PREFIX, check, is_complete  # noqa: E402
from messages import Finding, Traffic, collect  # noqa: E402

BROKER = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
# Longer than any profile's period, so that a list that comes with every fourth telegram has come.
QUIET = 11
PORTS = threading.Lock()


def profiles(program):
    """Name of each profile, with the keys that its meter ciphers with."""
    listed = subprocess.run([program, "show", "profiles"], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in listed.splitlines():
        keys = dict(re.findall(r"\b(authentication key|(?<!authentication )key) ([0-9A-F]{32})\b", line))
        found[line.split()[0]] = {"authentication_key" if "auth" in name else "decryption_key": key for name, key in keys.items()}
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(command, log, **environment):
    """A program that ends with the block; its log is a file."""
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def broker(folder):
    """The port of an empty mosquitto."""
    with contextlib.ExitStack() as stack:
        with PORTS:  # no other may choose the port before it is taken
            port = free_port()
            configuration = folder / "mosquitto.conf"
            configuration.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n")
            process = stack.enter_context(started([BROKER, "-c", str(configuration)], folder / "mosquitto.log"))
            limit = time.monotonic() + 10
            while not listens(port):
                if process.poll() is not None or time.monotonic() > limit:
                    raise RuntimeError("mosquitto does not start: " + (folder / "mosquitto.log").read_text(errors="replace"))
                time.sleep(0.02)
        yield port


def configuration(profile, keys, port, form):
    meter = {"name": "home", "source": f"simulator:{profile}", "live": True, **keys}
    lines = [f"mqtt: {{host: 127.0.0.1, port: {port}}}", f"meters: [{json.dumps(meter)}]"]
    if form != "device":  # the default is left to the program
        lines.append(f"home_assistant: {{discovery: {form}}}")
    return "\n".join(lines) + "\n"


def in_force(messages, form):
    """True when readings are announced (the program's own entities come first), and all in this form."""
    traffic = Traffic(messages)
    newest = [traffic.newest(topic) for topic in traffic.topics_below(PREFIX) if topic.endswith("/config")]
    configs = [message for message in newest if message]
    devices = [message for message in configs if message.topic.startswith(PREFIX + "/device/")]
    return len(devices) == (len(configs) if form == "device" else 0) and any(b'"p1meter/home/state"' in m.payload for m in configs)


class Run:
    """One meter through all forms, each until its discovery and states are there and quiet; the next begins where it ended."""

    def __init__(self, program, profile, keys, folder, port):
        self._program, self._profile, self._keys, self._folder, self._port = program, profile, keys, folder, port
        self._daemon = None
        (folder / "state").mkdir()

    def log(self):
        log = self._folder / "p1meter.log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def messages(self, forms, seconds):
        """RuntimeError, with the end of the log, when one of the forms does not come about."""
        left = list(forms)
        with contextlib.ExitStack() as daemons:

            def enough(messages, quiet):
                if self._daemon is None:  # something has come: from now on nothing is missed
                    if messages:
                        self._start(daemons, left[0])
                    return False
                if self._daemon.poll() is not None:
                    raise RuntimeError(f"p1meter ended with {self._daemon.returncode}: {self.log()}")
                if quiet(PREFIX + "/") < QUIET or not in_force(messages, left[0]) or not is_complete(messages, quiet, seconds=QUIET):
                    return False
                daemons.close()
                left.pop(0)
                if left:
                    self._start(daemons, left[0])
                return not left

            marker = ["mosquitto_pub", "-p", str(self._port), "-q", "1", "-r", "-t", "test/begin", "-m", "1"]
            subprocess.run(marker, check=True)
            messages = collect("127.0.0.1", self._port, enough, seconds * len(forms))
            if left:
                raise RuntimeError(f"{left[0]} discovery is not complete: {self.log()}")
            return messages

    def _start(self, daemons, form):
        config = self._folder / "p1meter.yaml"
        config.write_text(configuration(self._profile, self._keys, self._port, form))
        command = [self._program, "--config", str(config), "run"]
        self._daemon = daemons.enter_context(started(command, self._folder / "p1meter.log", STATE_DIRECTORY=str(self._folder / "state")))


def announced(program, profile, keys, given):
    """All messages of one simulated meter, from the first to the end of its last form."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with broker(folder) as port:
            forms = ["single", "device", "single"] if given.migrate else [given.form]
            return Run(program, profile, keys, folder, port).messages(forms, given.seconds)


def examine(program, given, profile, keys):
    """(profile, seconds, discovery messages, entities, findings)"""
    began = time.monotonic()
    try:
        messages = announced(program, profile, keys, given)
        if given.save:
            save(pathlib.Path(given.save) / f"{profile}.tsv", messages)
        findings, discoveries, entities = check(messages, sequence=True)
    except (RuntimeError, OSError, subprocess.SubprocessError) as fault:
        findings, discoveries, entities = [Finding(str(given.program), "", "does_not_run", "1.9", str(fault))], 0, 0
    return profile, time.monotonic() - began, discoveries, entities, findings


def save(path, messages):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(b"%s\t%d\t%s\n" % (m.topic.encode(), m.retain, m.payload) for m in messages))


def show(program, given, keys):
    """Prints every discovery message of one profile."""
    try:
        traffic = Traffic(announced(program, given.show, keys, given))
    except (RuntimeError, OSError, subprocess.SubprocessError) as fault:
        print(fault, file=sys.stderr)
        return 1
    topics = sorted(topic for topic in traffic.topics_below(PREFIX) if topic.endswith("/config") and traffic.newest(topic))
    for topic in topics:
        print(topic)
        print(json.dumps(json.loads(traffic.newest(topic).payload), indent=2, ensure_ascii=False))
    return 0 if topics else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="PROGRAM", help="the built p1meter")
    parser.add_argument("profiles", metavar="PROFILE", nargs="*", help="instead of all")
    parser.add_argument("--form", choices=("device", "single"), default="device", help="form of discovery (%(default)s)")
    parser.add_argument("--migrate", action="store_true", help="from single to device and back, at one broker")
    parser.add_argument("--show", metavar="PROFILE", help="print what is announced, and check nothing")
    parser.add_argument("--save", metavar="DIR", help="keep each profile's messages in DIR/PROFILE.tsv")
    parser.add_argument("--jobs", type=int, default=10, help="profiles at a time (%(default)s)")
    parser.add_argument("--seconds", type=float, default=150, help="at most for one profile and form (%(default)s)")
    return parser.parse_args()


def report(results):
    """The table, then the findings; True when there are none."""
    print(f"{'profile':<20} {'seconds':>7} {'messages':>8} {'entities':>8} {'findings':>8}")
    for profile, seconds, discoveries, entities, findings in results:
        print(f"{profile:<20} {seconds:>7.0f} {discoveries:>8} {entities:>8} {len(findings):>8}")
    for profile, *_, findings in results:
        for finding in findings:
            print(f"{profile}: {finding}")
    total = sum(len(findings) for *_, findings in results)
    print(f"{len(results)} profiles, {sum(result[3] for result in results)} entities, {total} findings")
    return total == 0


def missing():
    """What this needs and is not there."""
    for module in ("voluptuous", "jinja2"):
        try:
            __import__(module)
        except ImportError:
            return f"python3-{module}"
    return "mosquitto" if BROKER is None else None if shutil.which("mosquitto_sub") else "mosquitto-clients"


def main():
    given = arguments()
    if missing():
        print(f"skipped: {missing()} is not installed")
        return 77
    known = profiles(given.program)
    chosen = [given.show] if given.show else given.profiles or list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"no such profile: {', '.join(unknown)}", file=sys.stderr)
        return 2
    if given.show:
        return show(given.program, given, known[given.show])
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(functools.partial(examine, given.program, given), chosen, [known[name] for name in chosen]))
    return 0 if report(results) else 1


if __name__ == "__main__":
    sys.exit(main())
