#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the bill of materials of a Debian package as CycloneDX 1.5 JSON.

  bill-of-materials.py PACKAGE.deb FILE.buildinfo

What the package needs at run time is a component with scope "required"; what it was built with, by the .buildinfo of
its build (exact versions), has scope "excluded": header-only libraries among it are part of the program.
The same inputs give the same bytes.
"""
import hashlib
import json
import re
import subprocess
import sys
import uuid

# Their code is compiled into the program; they have no package at run time.
HEADER_ONLY = {"libboost1.74-dev", "libboost1.83-dev", "libexpected-dev", "libcli11-dev", "nlohmann-json3-dev"}


def field(deb, name):
    return subprocess.run(["dpkg-deb", "--field", deb, name], check=True, capture_output=True, text=True).stdout.strip()


def purl(name, version=None, arch=None):
    return f"pkg:deb/debian/{name}" + (f"@{version}" if version else "") + (f"?arch={arch}" if arch else "")


def needed(deb):
    for group in filter(None, (part.strip() for part in field(deb, "Depends").split(","))):
        match = re.match(r"([\w.+-]+)(?::\w+)?\s*(?:\(([^)]*)\))?", group)
        component = {"type": "library", "name": match[1], "purl": purl(match[1]), "scope": "required"}
        if match[2]:
            component["properties"] = [{"name": "debian:constraint", "value": match[2]}]
        yield component


def built_with(buildinfo):
    text = open(buildinfo, encoding="utf-8").read()
    listed = re.search(r"^Installed-Build-Depends:\n((?: .*\n)+)", text, flags=re.M)[1]
    for name, version in re.findall(r"^ ([\w.+-]+)(?::\w+)? \(= ([^)]+)\)", listed, flags=re.M):
        compiled_in = name in HEADER_ONLY
        yield {"type": "library" if name.startswith("lib") or compiled_in else "application", "name": name, "version": version,
               "purl": purl(name, version), "scope": "required" if compiled_in else "excluded"}


def bill(deb, buildinfo):
    name, version, arch = (field(deb, key) for key in ("Package", "Version", "Architecture"))
    data = open(deb, "rb").read()
    digest = hashlib.sha256(data).hexdigest()
    unique = {}
    for component in [*needed(deb), *built_with(buildinfo)]:
        unique.setdefault((component["name"], component["scope"]), component)
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "metadata": {"component": {
            "type": "application", "bom-ref": purl(name, version, arch), "name": name, "version": version,
            "purl": purl(name, version, arch), "licenses": [{"license": {"id": "Apache-2.0"}}],
            "hashes": [{"alg": "SHA-256", "content": digest}]}},
        "components": [unique[key] for key in sorted(unique)],
    }


if len(sys.argv) != 3 or sys.argv[1] in ("-h", "--help"):
    print(__doc__.strip(), file=sys.stdout if len(sys.argv) == 2 else sys.stderr)
    sys.exit(0 if len(sys.argv) == 2 else 64)
print(json.dumps(bill(sys.argv[1], sys.argv[2]), indent=1, ensure_ascii=False))
