#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints each failed test of a JUnit report by ctest, with the end of what it said.

A log that keeps only its last lines then still tells which test failed, and why.
"""

import sys
import xml.etree.ElementTree as xml

LINES_EACH = 40
TESTS_AT_MOST = 10


def main() -> None:
    failed = [case for case in xml.parse(sys.argv[1]).iter("testcase") if case.find("failure") is not None]
    for case in failed[:TESTS_AT_MOST]:
        said = (case.findtext("system-out") or "").rstrip().splitlines()
        print(f"-- FAILED: {case.get('name')} (the last {min(LINES_EACH, len(said))} of {len(said)} lines)")
        for line in said[-LINES_EACH:]:
            print(f"   {line}")
    for case in failed[TESTS_AT_MOST:]:
        print(f"-- FAILED: {case.get('name')}")


if __name__ == "__main__":
    main()
