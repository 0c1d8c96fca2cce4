#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over every file of src, several at a time.

A file that was clean is not looked at again until something that it is made of has changed: its text, a header,
its compiler options, the checks or the tool. What was clean is remembered in ~/.cache/p1meter-tidy.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "p1meter-tidy"

# clang 14 has coroutines, but Boost 1.74 does not know that it has.
EXTRA = ["-DBOOST_ASIO_HAS_CO_AWAIT=1", "-DBOOST_ASIO_HAS_STD_COROUTINE=1", "-Wno-unknown-warning-option"]


def dependencies(build):
    """What each object file was made of, as ninja noted it."""
    text = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    result, current = {}, None
    for line in text.splitlines():
        if line.startswith(" "):
            current.append(line.strip())
        elif ": #deps" in line:
            current = result.setdefault(line.split(": #deps")[0], [])
    return result


class Fingerprint:
    """Hashes files, each once."""

    def __init__(self, build):
        self.build = build
        self.known = {}

    def of(self, name):
        path = pathlib.Path(name)
        if not path.is_absolute():
            path = self.build / path
        key = str(path)
        if key not in self.known:
            try:
                if ROOT in path.resolve().parents:
                    self.known[key] = hashlib.sha256(path.read_bytes()).hexdigest()
                else:
                    self.known[key] = f"{key} {path.stat().st_size}"
            except OSError:
                self.known[key] = "gone"
        return self.known[key]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", default="clang-tidy")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="a configured and built directory")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*", help="default: every .cpp below src")
    options = parser.parse_args()
    build = options.build.resolve()

    commands = json.loads((build / "compile_commands.json").read_text())
    wanted = {str(pathlib.Path(f).resolve()) for f in options.files}
    source = str(ROOT / "src") + os.sep
    commands = [c for c in commands if (c["file"] in wanted if wanted else c["file"].startswith(source))]
    commands = list({c["file"]: c for c in commands}.values())
    made_of, fingerprint = dependencies(build), Fingerprint(build)
    version = subprocess.run([options.tool, "--version"], capture_output=True, text=True, check=True).stdout
    common = version + (ROOT / ".clang-tidy").read_text() + " ".join(EXTRA)

    def key(command):
        digest = hashlib.sha256(common.encode())
        digest.update(command["command"].replace(str(ROOT), "").encode())
        output = command.get("output") or command["command"].split(" -o ")[1].split()[0]
        for name in [command["file"], *made_of.get(output, [])]:
            digest.update(fingerprint.of(name).encode())
        return CACHE / digest.hexdigest()

    def look_at(command):
        stamp = key(command)
        if stamp.exists():
            return True, ""
        extra = [f"--extra-arg={argument}" for argument in EXTRA]
        run = subprocess.run([options.tool, "-p", str(build), "--quiet", *extra, command["file"]],
                             capture_output=True, text=True)
        if run.returncode == 0:
            stamp.touch()
            return False, ""
        return False, run.stdout + run.stderr

    CACHE.mkdir(parents=True, exist_ok=True)
    remembered, bad = 0, 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, options.jobs)) as pool:
        for command, (was_known, output) in zip(commands, pool.map(look_at, commands)):
            remembered += was_known
            if output:
                bad += 1
                print(f"{command['file']}:\n{output}")
    print(f"clang-tidy: {len(commands)} files, {bad} with findings, {remembered} unchanged since they were clean")
    return 1 if bad or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
