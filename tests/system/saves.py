#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a line for each time a file below a folder is written anew: its name and size. Looks ten times a second.

saves.py FOLDER
"""
import pathlib
import sys
import time


def main():
    folder = pathlib.Path(sys.argv[1])
    seen = set()
    while True:
        for path in sorted(folder.rglob("*")):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            save = (path, status.st_ino, status.st_mtime_ns, status.st_size)
            # What is half written gets its name when it is whole.
            if path.is_dir() or path.suffix == ".new" or save in seen:
                continue
            seen.add(save)
            print(path.relative_to(folder), status.st_size, flush=True)
        time.sleep(0.1)


main()
