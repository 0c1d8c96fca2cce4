#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the built program and prints the tables of docs/budget.md. Called by tests/bench/run.sh.

Whole-program figures come from a real mosquitto on a free loopback port, from pseudo-terminals that simulated meters
write to, and from /proc: processor time to the nanosecond (schedstat of all threads), memory as RssAnon and VmRSS.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


# ---- processes ---------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def running(command, **options):
    """A process that ends with the block, and its standard output as lines where asked for."""
    process = subprocess.Popen([str(part) for part in command], **options)
    try:
        yield process
    finally:
        if process.stdin:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                print("a process had to be killed: " + " ".join(map(str, command)), file=sys.stderr)


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"measure: no {what} within {seconds} s")
        time.sleep(0.05)


def line_from(process, seconds):
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise SystemExit(f"measure: {process.args[0]} says nothing")
    return process.stdout.readline().strip()


def processor_seconds(pid):
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def memory_kb(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {name: int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1)) for name in ("RssAnon", "VmRSS", "Threads")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


@contextlib.contextmanager
def broker(scratch, tls=None):
    """mosquitto on a free port; tls: certificate files made by make_certificates."""
    port = free_port()
    # Without set_tcp_nodelay the broker's kernel holds every other message back for the rest of the subscriber's delayed
    # acknowledgement, some 23 ms, which says nothing about who published it.
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", "max_queued_messages 100000", "set_tcp_nodelay true"]
    if tls:
        lines += [f"cafile {tls / 'ca.crt'}", f"certfile {tls / 'server.crt'}", f"keyfile {tls / 'server.key'}"]
    configuration = scratch / f"mosquitto-{port}.conf"
    configuration.write_text("\n".join(lines + ["user root", ""]))
    with running(["mosquitto", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_for(lambda: answers(port), 10, "broker")
        yield port


def make_certificates(scratch):
    """An authority, and a certificate for localhost."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=scratch, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=bench", "-days", "2")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (scratch / "extension").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.crt",
            "-days", "2", "-extfile", "extension")
    for key in ("server.key", "ca.key"):
        (scratch / key).chmod(0o644)
    return scratch


@contextlib.contextmanager
def subscriber(scratch, port, topics="p1meter/#"):
    """Everything that arrives, one line a message, in a file."""
    path = scratch / f"arrived-{time.monotonic_ns()}"
    with path.open("wb") as output:
        with running(["mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-v", "-t", topics], stdout=output, stderr=subprocess.DEVNULL):
            # A retained message of our own shows that the subscription stands.
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-r", "-t", "p1meter/bench", "-m", "there"], check=True)
            wait_for(lambda: b"p1meter/bench" in path.read_bytes()[:4096], 10, "subscription")
            yield path


@contextlib.contextmanager
def feeder(build, scratch, count, seconds):
    """Simulated meters on pseudo-terminals; they begin when .stdin gets a line."""
    with running([build / "bench/feed", "--count", count, "--seconds", seconds, "--directory", scratch],
                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert line_from(process, 60) == "ready"
        yield process


def configuration(scratch, meters, port, mqtt="", readings=""):
    lines = ["meters:"]
    for number in range(1, meters + 1):
        cable = (scratch / f"meter-{number:03}").resolve()
        lines.append(f"  - {{name: m{number:03}, source: 'serial:{cable}', serial: {{baud: 115200, parity: none}}}}")
    lines += ["mqtt:", "  host: localhost", f"  port: {port}", mqtt, readings, ""]
    path = scratch / "p1meter.yaml"
    path.write_text("\n".join(lines))
    return path


@contextlib.contextmanager
def daemon(build, scratch, path, arrived, meters):
    """p1meter run, once it is connected."""
    state = scratch / "state"
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir()
    log = (scratch / "p1meter.log").open("wb")
    with running([build / "p1meter", "--config", path, "run"], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                 env={**os.environ, "STATE_DIRECTORY": str(state)}) as process:
        wait_for(lambda: b"p1meter/status online" in arrived.read_bytes() or process.poll() is not None, 20, "daemon at the broker")
        if process.poll() is not None:
            raise SystemExit("measure: p1meter ended:\n" + (scratch / "p1meter.log").read_text()[-3000:])
        held = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")]
        if sum(name.startswith("/dev/pts/") for name in held) < meters:
            def opened():
                names = []
                for fd in os.listdir(f"/proc/{process.pid}/fd"):
                    with contextlib.suppress(OSError):
                        names.append(os.readlink(f"/proc/{process.pid}/fd/{fd}"))
                return sum(name.startswith("/dev/pts/") for name in names) >= meters
            wait_for(opened, 20, "cable opened by the daemon")
        yield process


def messages(arrived):
    """Topic -> payloads in order."""
    result = collections.defaultdict(list)
    for line in arrived.read_text(errors="replace").splitlines():
        topic, _, payload = line.partition(" ")
        result[topic].append(payload)
    return result


def settle(arrived):
    """Until nothing has arrived for a second."""
    size, since = -1, time.monotonic()
    while time.monotonic() - since < 1:
        now = arrived.stat().st_size
        if now != size:
            size, since = now, time.monotonic()
        time.sleep(0.05)


class Run:
    """One measurement of the whole program."""

    def __init__(self, build, meters, seconds, mqtt="", readings="", tls=False):
        with tempfile.TemporaryDirectory(prefix="p1meter-bench-") as directory:
            scratch = pathlib.Path(directory)
            certificates = make_certificates(scratch) if tls else None
            if tls:
                mqtt += f"\n  tls: {{ca: {scratch / 'ca.crt'}}}"
            with contextlib.ExitStack() as stack:
                port = stack.enter_context(broker(scratch))
                secure = stack.enter_context(broker(scratch, certificates)) if tls else None
                feed = stack.enter_context(feeder(build, scratch, meters, seconds))
                # The subscriber needs no TLS: with it, only the daemon's broker is another one and is not read.
                if tls:
                    arrived = scratch / "none"
                    arrived.write_bytes(b"p1meter/status online")
                    self.measure(stack, build, scratch, meters, seconds, secure, feed, arrived, mqtt, readings)
                else:
                    arrived = stack.enter_context(subscriber(scratch, port))
                    self.measure(stack, build, scratch, meters, seconds, port, feed, arrived, mqtt, readings)

    def measure(self, stack, build, scratch, meters, seconds, port, feed, arrived, mqtt, readings):
        path = configuration(scratch, meters, port, mqtt, readings)
        process = stack.enter_context(daemon(build, scratch, path, arrived, meters))
        if mqtt.find("tls") >= 0:
            def connected():
                text = pathlib.Path(f"/proc/{process.pid}/net/tcp").read_text()
                return re.search(rf":{port:04X} 01 ", text)
            wait_for(connected, 20, "TLS connection")
        before = processor_seconds(process.pid)
        feed.stdin.write("go\n")
        feed.stdin.flush()
        self.telegrams = int(line_from(feed, seconds + 60).split()[1])
        if arrived.name != "none":
            settle(arrived)
        self.cpu = processor_seconds(process.pid) - before
        self.seconds = seconds
        self.memory = memory_kb(process.pid)
        self.messages = messages(arrived)
        self.expected = [self.decoded(build, kept) for kept in sorted(scratch.glob("meter-*.telegrams"))]

    @staticmethod
    def decoded(build, capture):
        run = subprocess.run([build / "p1meter", "decode", "--format", "json", capture], capture_output=True, text=True, check=True)
        return [json.loads(line, parse_float=str, parse_int=str) for line in run.stdout.splitlines()]

    def states(self, meter):
        return [json.loads(p, parse_float=str, parse_int=str) for p in self.messages[f"p1meter/{meter}/state"]]

    def compare_states(self):
        """Every telegram of every meter has its state, once, in order, and where the telegrams were kept with its values."""
        meters = sorted({t.split("/")[1] for t in self.messages if t.endswith("/state")})
        wrong = lost = doubled = 0
        for index, meter in enumerate(meters):
            states = [s for s in self.states(meter) if s.get("timestamp")]
            times = [s["timestamp"] for s in states]
            doubled += len(times) - len(set(times))
            lost += max(0, self.telegrams // len(meters) - len(set(times)))
            if times != sorted(times):
                wrong += 1
            if index < len(self.expected):
                by_time = {s["timestamp"]: s for s in states}
                for telegram in self.expected[index]:
                    state = by_time.get(telegram["time"], {})
                    for reading in telegram["readings"]:
                        key = reading["key"]
                        if key in state and isinstance(reading["value"], str) and state[key] != reading["value"]:
                            wrong += 1
        return lost, doubled, wrong

    def statistics(self):
        return json.loads((self.messages.get("p1meter/statistics") or ["{}"])[-1])


# ---- the parts ---------------------------------------------------------------------------------------------------
def table(head, rows):
    print("\n| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()


def micro(build, _):
    command = [build / "bench/p1meter_bench", "--benchmark_enable_random_interleaving=true", "--benchmark_repetitions=20",
               "--benchmark_min_time=0.05", "--benchmark_report_aggregates_only=true", "--benchmark_format=json"]
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    median, rate = {}, {}
    for entry in json.loads(run.stdout)["benchmarks"]:
        if entry.get("aggregate_name") == "median":
            name = entry["name"].removesuffix("_median")
            median[name] = entry["cpu_time"]
            rate[name] = entry.get("bytes_per_second", 0)
    rows = []
    for kind in ("dsmr5", "fluvius"):
        crc = median.get(f"crc_slice8/{kind}")
        if not crc:
            continue
        rows.append([kind, f"{crc:.0f} ns ({rate[f'crc_slice8/{kind}'] / 1e9:.2f} GB/s)"] +
                    [f"{median[f'{what}/{kind}']:.0f} ns = {median[f'{what}/{kind}'] / crc:.2f} x" for what in ("decode", "to_due_readings")])
    table(["telegram", "`crc_slice8`", "`decode` (limit 6 x, aim 4.5)", "`to_due_readings` (limit 9 x, aim 6)"], rows)
    rows = []
    for what, yardstick, limits in (("decode/hdlc_list", "fcs_slice8/hdlc_list", "limit 5 x, aim 3"),
                                    ("decode/kamstrup_gcm", "gcm/kamstrup", "limit 5 x")):
        if what in median and yardstick in median:
            rows.append([f"`{what}`", f"{median[what]:.0f} ns", f"`{yardstick}`",
                         f"{median[yardstick]:.0f} ns ({rate[yardstick] / 1e9:.2f} GB/s)", f"{median[what] / median[yardstick]:.2f} x ({limits})"])
    table(["frame", "median", "beside", "median", "ratio"], rows)
    rows = [[name, f"{median[name]:.0f} ns", f"{1e9 / rate[name]:.3f} ns" if rate.get(name) else "-"] for name in sorted(median)]
    table(["benchmark", "median", "per byte"], rows)


def instructions(build, _):
    rows = []
    for kind in ("dsmr5", "fluvius", "aidon-se", "kamstrup-dk"):
        counts = []
        for rounds in (100, 300):
            run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(build / "bench/instructions"), kind, str(rounds)],
                                 capture_output=True, text=True, check=True)
            counts.append(int(re.search(r"Collected\s*:\s*(\d+)", run.stderr).group(1)))
            size = int(run.stdout.split()[1])
        each = (counts[1] - counts[0]) / 200
        rows.append([kind, size, f"{each:.0f}", f"{each / size:.1f}"])
    table(["telegram", "bytes", "instructions", "per byte (text: limit 45, aim 35)"], rows)


def one_daemon(build, seconds):
    rows = []
    for name, tls in (("plain", False), ("TLS", True)):
        run = Run(build, 1, seconds, tls=tls)
        rows.append([name, f"{run.memory['RssAnon'] / 1000:.2f} MB", f"{run.memory['VmRSS'] / 1000:.2f} MB", run.memory["Threads"],
                     f"{100 * run.cpu / run.seconds:.3f} %", f"{1e6 * run.cpu / run.telegrams:.0f} µs"])
    table(["one DSMR 5 meter, shipped limits", "RssAnon (limit 5 MB)", "VmRSS (limit 12 MB)", "threads (limit 6)", "CPU of a core (limit 0.15 %)",
           "CPU per telegram"], rows)


def bare(build, batch, rate, seconds):
    """Bare Paho with one telegram's messages, at the same pace."""
    with tempfile.TemporaryDirectory(prefix="p1meter-bench-") as directory:
        scratch = pathlib.Path(directory)
        (scratch / "batch").write_text("".join(f"{topic} {payload}\n" for topic, payload in batch))
        with broker(scratch) as port, subscriber(scratch, port):
            run = subprocess.run([build / "bench/paho_bare", "--port", str(port), "--rate", str(rate), "--seconds", str(seconds),
                                  "--batch", scratch / "batch"], capture_output=True, text=True, check=True)
            return float(run.stdout.split()[3])


def many(build, seconds):
    no_keys = "  topics: {keys: {enabled: false}}"
    at_once = "readings:\n  default: {interval: 0s}\n  'power_{import,export,net}*': {aggregate: last, interval: 0s}"
    one = Run(build, 1, 10, mqtt=no_keys, readings=at_once)
    run = Run(build, 100, seconds, mqtt=no_keys, readings=at_once)
    lost, doubled, wrong = run.compare_states()
    further = (run.memory["RssAnon"] - one.memory["RssAnon"]) / 99
    table(["100 meters at 1 Hz", "telegrams", "lost / doubled / wrong", "CPU of a core", "CPU per telegram", "per message", "memory"],
          [["state only, `interval: 0s`", run.telegrams, f"{lost} / {doubled} / {wrong}", f"{100 * run.cpu / seconds:.2f} %",
            f"{1e6 * run.cpu / run.telegrams:.0f} µs (limit 250, aim 120)", "", f"{further:.1f} kB a further meter (limit 40)"]])

    run = Run(build, 100, seconds)
    published = sum(len(p) for t, p in run.messages.items() if t.count("/") == 2)
    short, power = 0, 0
    for topic, payloads in run.messages.items():
        if re.fullmatch(r"p1meter/m\d+/power_(import|export)", topic):
            power += 1
            short += abs(len(payloads) - seconds // 10) > 1
    table(["100 meters at 1 Hz", "telegrams", "messages", "CPU of a core", "power topics off by more than one mean", "dropped"],
          [["shipped limits", run.telegrams, published, f"{100 * run.cpu / seconds:.2f} % (limit 5 %)", f"{short} of {power}",
            run.statistics().get("mqtt", {}).get("dropped", "-")]])

    run = Run(build, 100, seconds, readings=at_once)
    lost, doubled, wrong = run.compare_states()
    of_meters = {t: p for t, p in run.messages.items() if re.match(r"p1meter/m\d+/", t)}
    published = sum(len(p) for p in of_meters.values())
    # One telegram's messages: those of the first meter that come nearly each time.
    batch = [(t, p[-1]) for t, p in of_meters.items() if t.startswith("p1meter/m001/") and t.count("/") == 2]
    each = published / run.telegrams
    batch = sorted(batch, key=lambda m: -len(of_meters[m[0]]))[:max(1, round(each))]
    reference = bare(build, batch, 100, seconds)
    ours = 1e6 * run.cpu / published
    table(["100 meters at 1 Hz", "telegrams", "messages", "lost / doubled / wrong states", "CPU of a core", "CPU per message", "bare Paho", "ratio"],
          [["all keys, `interval: 0s`", run.telegrams, published, f"{lost} / {doubled} / {wrong}", f"{100 * run.cpu / seconds:.1f} %", f"{ours:.1f} µs",
            f"{reference:.1f} µs", f"{ours / reference:.2f} (limit 2)"]])


def latency(build, _):
    with tempfile.TemporaryDirectory(prefix="p1meter-bench-") as directory:
        scratch = pathlib.Path(directory)
        with broker(scratch) as port, subscriber(scratch, port, "p1meter/+") as arrived:
            tool = [build / "bench/latency", "--port", port, "--topic", "p1meter/m001/state", "--directory", scratch]
            with running(tool, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
                assert line_from(process, 20) == "ready"
                (scratch / "meter-001").symlink_to(scratch / "cable")
                path = configuration(scratch, 1, port, readings="readings:\n  default: {interval: 0s, on_change: false}\n  'power_{import,export,net}*': {aggregate: last, interval: 0s}")
                with daemon(build, scratch, path, arrived, 1):
                    process.stdin.write("go\n")
                    process.stdin.flush()
                    words = line_from(process, 300).split()
    figures = dict(zip(words[::2], map(float, words[1::2])))
    table(["latency", "median", "99th percentile"],
          [["last byte on the pty to subscriber", f"{figures['median']:.0f} µs", f"{figures['p99']:.0f} µs"],
           ["bare Paho publish of the same payload", f"{figures['bare_median']:.0f} µs", f"{figures['bare_p99']:.0f} µs"],
           ["difference", f"{figures['median'] - figures['bare_median']:.0f} µs (limit 2000)", f"{figures['p99'] - figures['bare_p99']:.0f} µs (limit 8000)"]])
    print(f"\n{figures['samples']:.0f} samples, {figures['lost']:.0f} lost")


PARTS = {"micro": micro, "instructions": instructions, "daemon": one_daemon, "many": many, "latency": latency}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    for name in options.parts or PARTS:
        print(f"\n### {name}")
        PARTS[name](options.build.resolve(), options.seconds)


if __name__ == "__main__":
    main()
