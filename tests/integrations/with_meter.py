#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command beside an empty broker and a simulated meter that publishes there.

    tests/integrations/with_meter.py [--profile dsmr5] -- mosquitto_sub -p {port} -v -t 'homeassistant/#' -W 10
    tests/integrations/with_meter.py --no-meter -- COMMAND {port}

{port} becomes the broker's port and {pid} p1meter's process. The broker listens on 127.0.0.1 and starts empty; the
meter is called home. The exit status is the command's; 77 says that a part is not installed. Everything that
was started ends with the command.
"""

import argparse
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
LIBC = ctypes.CDLL(None)


class NotInstalled(Exception):
    """A part that the test needs is not here."""


def find_program(name, *further):
    for candidate in (shutil.which(name), *further):
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    raise NotInstalled(f"{name} is not installed")


def find_p1meter(given=None):
    if given:
        return given
    return find_program("p1meter", ROOT / "build/release/p1meter")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def eventually(condition, seconds):
    """True as soon as the condition holds; false when it does not within that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def ends_with_us():
    """In a child that is being started: should this script be killed, the child gets SIGTERM."""
    pr_set_pdeathsig = 1
    LIBC.prctl(pr_set_pdeathsig, signal.SIGTERM)


def end(process):
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def broker():
    """An empty mosquitto on a free port of 127.0.0.1, which it yields."""
    program = find_program("mosquitto", "/usr/sbin/mosquitto")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="p1meter-broker-") as folder:
        configuration = pathlib.Path(folder, "mosquitto.conf")
        configuration.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\nmax_queued_messages 0\n")
        process = subprocess.Popen([program, "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   preexec_fn=ends_with_us)
        try:
            if not eventually(lambda: listens(port) or process.poll() is not None, 10) or process.poll() is not None:
                raise RuntimeError("mosquitto does not start")
            yield port
        finally:
            end(process)


@contextlib.contextmanager
def meter(port, profile="fluvius", p1meter=None, further=""):
    """p1meter with a simulated meter named home, live, at that broker; yields the process."""
    program = find_p1meter(p1meter)
    with tempfile.TemporaryDirectory(prefix="p1meter-meter-") as folder:
        configuration = pathlib.Path(folder, "p1meter.yaml")
        configuration.write_text(f"meters: [{{name: home, source: 'simulator:{profile}', live: true}}]\n"
                                 f"mqtt: {{host: 127.0.0.1, port: {port}}}\n{further}")
        environment = {**os.environ, "STATE_DIRECTORY": str(pathlib.Path(folder, "state"))}
        log = pathlib.Path(folder, "log")
        with log.open("w") as written:
            process = subprocess.Popen([program, "--config", configuration, "run"], env=environment, stdout=written, stderr=written,
                                       preexec_fn=ends_with_us)
        try:
            yield process
            if process.poll() not in (None, 0, -signal.SIGKILL):
                raise RuntimeError(f"p1meter ended with status {process.returncode}:\n{log.read_text()}")
        finally:
            end(process)


class Listener:
    """Keeps the newest payload of every topic of a broker, until it is closed."""

    def __init__(self, port):
        self.newest = {}
        self._process = subprocess.Popen([find_program("mosquitto_sub"), "-p", str(port), "-V", "mqttv5", "-t", "#", "-F", "%j"],
                                         stdout=subprocess.PIPE, text=True, preexec_fn=ends_with_us)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            self.newest[message["topic"]] = message.get("payload", "")

    def close(self):
        end(self._process)
        self._reader.join(5)
        self._process.stdout.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--p1meter", help="the program; otherwise the installed one, or build/release/p1meter")
    parser.add_argument("--profile", default="fluvius", help="which meter is simulated ('p1meter show profiles'); %(default)s")
    parser.add_argument("--configuration", default="", help="YAML that is added to the meter's configuration")
    parser.add_argument("--no-meter", action="store_true", help="only the broker")
    parser.add_argument("command", nargs="+", help="what is run, after --")
    given = parser.parse_args()
    try:
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(broker())
            process = None if given.no_meter else stack.enter_context(meter(port, given.profile, given.p1meter, given.configuration))
            values = {"{port}": str(port), "{pid}": str(process.pid) if process else ""}
            command = []
            for word in given.command:
                for name, value in values.items():
                    word = word.replace(name, value)
                command.append(word)
            return subprocess.run([find_program(command[0]), *command[1:]], check=False).returncode
    except NotInstalled as missing:
        print(f"skipped: {missing}")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
