#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that rooms know only what they may know (docs/architecture.md).

    values <- framing, decoding, mapping, limiting, links <- pipeline <- settings, json, adapters <- daemon, cli

Stages do not include each other except through values; adapters never include each other; pure rooms include the
standard library and tl/expected only; each outside library has its rooms. With --self-test the same rules are put
before small trees that break them one by one, so that a check which no longer sees anything is noticed.
"""

import argparse
import fnmatch
import pathlib
import re
import sys
import tempfile

STAGES = {"framing", "decoding", "mapping", "limiting", "links"}
PURE = {"values", "pipeline"} | STAGES
RIM = PURE | {"settings", "json"}  # what an adapter may know besides itself

# Room -> the rooms that it may include besides itself. Adapters are added below: each knows RIM.
MAY = {
    "values": set(),
    **{stage: {"values"} for stage in STAGES},
    "pipeline": {"values"} | STAGES,
    "settings": set(PURE),
    "json": set(PURE),
    "daemon": RIM | {"adapters/*"},
    "cli": RIM | {"adapters/*", "daemon"},
}

# Outside library -> the rooms, or single files, that may include it. What is not named here is not used at all.
LIBRARIES = {
    "tl/expected.hpp": {"*"},
    "yaml-cpp/*": {"settings"},
    "boost/asio*": {"adapters/source", "daemon"},
    "boost/system/*": {"adapters/source", "daemon"},
    "mqtt/*": {"adapters/mqtt"},
    "MQTT*.h": {"adapters/mqtt"},
    # of decoding, that one file
    "openssl/*": {"adapters/mqtt", "adapters/simulator", "src/decoding/decipher.cpp"},
    "spdlog/*": {"adapters/log"},
    "systemd/*": {"adapters/log", "adapters/systemd"},
    "nlohmann/*": {"adapters/state", "adapters/mqtt", "daemon"},
    "CLI/*": {"cli"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
STANDARD = re.compile(r"^[a-z_0-9]+$")  # <vector>, <cstdint>: no folder, no extension


def room_of(path):
    """The room that a project path belongs to: include/p1meter/values/x.hpp and src/values/x.cpp are in `values`."""
    parts = path.parts
    if parts[:2] == ("include", "p1meter"):
        return parts[2] if len(parts) > 3 else None
    if parts[0] == "src":
        if parts[1] == "adapters":
            return "/".join(parts[1:3]) if len(parts) > 3 else None
        return parts[1] if len(parts) > 2 else None
    return None


def resolve(root, including, name):
    """The project file that a quoted include names, or nothing."""
    for base in (root / "include", root / "src", (root / including).parent):
        candidate = base / name
        if candidate.is_file():
            return candidate.resolve().relative_to(root.resolve())
    return None


def may_include_room(room, other):
    if room == other:
        return True
    if room.startswith("adapters/"):
        return other in RIM
    return any(fnmatch.fnmatchcase(other, pattern) for pattern in MAY.get(room, set()))


def may_include_library(room, path, name):
    rooms = [allowed for pattern, allowed in LIBRARIES.items() if fnmatch.fnmatchcase(name, pattern)]
    who = (room, path.as_posix())
    return any(fnmatch.fnmatchcase(it, pattern) for it in who for allowed in rooms for pattern in allowed)


def judge(root, path, quoted, angled):
    """What is wrong with one include of one file; an empty string when nothing is."""
    room = room_of(path)
    if room is None:
        return "lies in no room"
    if room not in MAY and not room.startswith("adapters/"):
        return f"lies in '{room}', a room that this check does not know"
    if quoted is not None:
        target = resolve(root, path, quoted)
        if target is None:
            return f'"{quoted}" is no file of this project'
        other = room_of(target)
        if other is None or not may_include_room(room, other):
            return f"{room} must not include {other} ({quoted})"
        return ""
    if STANDARD.match(angled):
        return ""
    if may_include_library(room, path, angled):
        return ""
    known = any(fnmatch.fnmatchcase(angled, pattern) for pattern in LIBRARIES)
    # The rim talks to the operating system: <termios.h>, <sys/socket.h>, <linux/serial.h>.
    if not known and room not in PURE and angled.endswith(".h"):
        return ""
    return f"{room} must not include <{angled}>"


def check(root):
    """All violations below root as 'file:line: what', and the number of includes that were looked at."""
    violations, looked_at = [], 0
    for top in ("include", "src"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".hpp", ".cpp", ".h", ".in") or not file.is_file():
                continue
            path = file.relative_to(root)
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                looked_at += 1
                verdict = judge(root, path, match.group(1), match.group(2))
                if verdict:
                    violations.append(f"{path}:{number}: {verdict}")
    return violations, looked_at


# One broken tree a line: where, what it includes, and whether that must be found.
CASES = [
    ("src/framing/a.cpp", '"p1meter/values/v.hpp"', False),
    ("src/framing/a.cpp", "<vector>", False),
    ("src/framing/a.cpp", "<tl/expected.hpp>", False),
    ("src/framing/a.cpp", '"p1meter/decoding/d.hpp"', True),
    ("src/limiting/a.cpp", '"p1meter/mapping/m.hpp"', True),
    ("include/p1meter/values/w.hpp", '"p1meter/framing/f.hpp"', True),
    ("src/links/a.cpp", '"p1meter/pipeline/p.hpp"', True),
    ("src/pipeline/a.cpp", '"p1meter/mapping/m.hpp"', False),
    ("src/pipeline/a.cpp", '"settings/s.hpp"', True),
    ("src/decoding/a.cpp", "<nlohmann/json.hpp>", True),
    ("src/decoding/a.cpp", "<boost/asio/io_context.hpp>", True),
    ("src/decoding/a.cpp", "<unistd.h>", True),
    ("src/decoding/a.cpp", "<openssl/evp.h>", True),
    ("src/decoding/decipher.cpp", "<openssl/evp.h>", False),
    ("include/p1meter/decoding/decipher.hpp", "<openssl/evp.h>", True),
    ("src/mapping/a.cpp", "<yaml-cpp/yaml.h>", True),
    ("src/settings/a.cpp", "<yaml-cpp/yaml.h>", False),
    ("src/settings/a.cpp", '"adapters/mqtt/m.hpp"', True),
    ("src/adapters/mqtt/a.cpp", '"m.hpp"', False),
    ("src/adapters/mqtt/a.cpp", '"settings/s.hpp"', False),
    ("src/adapters/mqtt/a.cpp", "<mqtt/async_client.h>", False),
    ("src/adapters/mqtt/a.cpp", '"adapters/source/s.hpp"', True),
    ("src/adapters/mqtt/a.cpp", '"../source/s.hpp"', True),
    ("src/adapters/mqtt/a.cpp", '"daemon/d.hpp"', True),
    ("src/adapters/source/a.cpp", "<boost/asio/serial_port.hpp>", False),
    ("src/adapters/source/a.cpp", "<termios.h>", False),
    ("src/adapters/source/a.cpp", "<mqtt/message.h>", True),
    ("src/adapters/source/a.cpp", "<openssl/evp.h>", True),
    ("src/adapters/simulator/a.cpp", "<openssl/evp.h>", False),
    ("src/cli/a.cpp", "<boost/asio.hpp>", True),
    ("src/cli/a.cpp", '"daemon/d.hpp"', False),
    ("src/cli/main/a.cpp", '"adapters/mqtt/m.hpp"', False),
    ("src/daemon/a.cpp", '"cli/c.hpp"', True),
    ("src/daemon/a.cpp", '"adapters/mqtt/m.hpp"', False),
    ("src/daemon/a.cpp", "<spdlog/spdlog.h>", True),
    ("src/daemon/a.cpp", "<libpq/libpq-fs.hpp>", True),
    ("src/daemon/a.cpp", '"no/such/file.hpp"', True),
    ("src/web/a.cpp", "<vector>", True),
    ("src/json/a.cpp", '"p1meter/mapping/m.hpp"', False),
    ("src/json/a.cpp", '"settings/s.hpp"', True),
]

TARGETS = [
    "include/p1meter/values/v.hpp", "include/p1meter/framing/f.hpp", "include/p1meter/decoding/d.hpp",
    "include/p1meter/mapping/m.hpp", "include/p1meter/pipeline/p.hpp", "src/settings/s.hpp", "src/daemon/d.hpp",
    "src/cli/c.hpp", "src/adapters/mqtt/m.hpp", "src/adapters/source/s.hpp",
]


def self_test():
    wrong = []
    for where, include, must_be_found in CASES:
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name in [*TARGETS, where]:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text("")
            (root / where).write_text(f"#include {include}\n")
            violations, _ = check(root)
            if bool(violations) != must_be_found:
                wrong.append(f"{where} with {include}: {violations or 'nothing found'}")
    for line in wrong:
        print(f"the check itself is broken: {line}")
    print(f"{len(CASES)} small trees, {len(wrong)} judged wrongly")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    violations, looked_at = check(options.root)
    for violation in violations:
        print(violation)
    print(f"{looked_at} includes, {len(violations)} against the direction")
    return 1 if violations or looked_at == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
