#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small rules that a person forgets: each is one subcommand, and each looks at the checkout's own files.

    sleeps    tests wait for conditions, never for time
    words     no notes to self are left in the tree
    links     every link from one document to a file, and every heading it names, exists
    scripts   what begins with #! can be run, and shell scripts stop at the first error
    headers   every source file names its licence
    problems  docs/meters.md explains exactly the problem codes that there are
    all       all of them

With --self-test each is shown a tree that breaks it.
"""

import argparse
import pathlib
import re
import sys
import tempfile

LEFT_OUT = {"build", ".git", "node_modules", "data", "seeds"}
# Spelled in two halves, so that this file does not find itself.
SLEEPS = re.compile(r"\b(" + "|".join(["sleep" + "_for", "sleep" + "_until", "u" + "sleep", "nano" + "sleep"]) + r")\b|\bsleep" + r"\(")
WORDS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX:", "HA" + "CK"]) + r")(?!\w)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")


def files(root, suffixes=None):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part in LEFT_OUT for part in relative.parts) or not path.is_file() or path.is_symlink():
            continue
        if suffixes is None or path.suffix in suffixes:
            yield path


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def lines_with(pattern, paths, root, complaint):
    for path in paths:
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            found = pattern.search(line)
            if found:
                yield f"{path.relative_to(root)}:{number}: {complaint.format(found.group(0))}"


def sleeps(root):
    """Programs under tests; shell scripts poll with short pauses and a bound, and are not meant."""
    yield from lines_with(SLEEPS, files(root / "tests", {".cpp", ".hpp", ".c", ".h"}), root,
                          "{}: wait for a condition with a bound instead")


def words(root):
    paths = [p for p in files(root) if p.suffix in
             {".cpp", ".hpp", ".c", ".h", ".py", ".sh", ".md", ".txt", ".cmake", ".yaml", ".yml", ".service", ".mjs", ".js", ""}]
    yield from lines_with(WORDS, paths, root, "'{}' is left")


def without_code(text):
    text = re.sub(r"^```.*?^```", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path):
    """The names that a page's headings can be linked by, in GitHub's way."""
    found = set()
    times = {}  # a heading that comes again gets a number
    for line in re.sub(r"^```.*?^```", "", text_of(path) or "", flags=re.S | re.M).splitlines():
        match = HEADING.match(line)
        if match:
            plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda m: m.group(1) or ("_" if m.group(0) == "_" else ""),
                           match.group(1)).lower()
            name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            found.add(f"{name}-{times[name]}" if name in times else name)
            times[name] = times.get(name, 0) + 1
    return found


def links(root):
    for page in files(root, {".md"}):
        for number, line in enumerate(without_code(text_of(page) or "").splitlines(), 1):
            for match in LINK.finditer(line):
                target = match.group(1) or match.group(2)
                where = f"{page.relative_to(root)}:{number}"
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                file = (page.parent / name).resolve() if name else page
                if not file.exists():
                    yield f"{where}: {target} does not exist"
                elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                    yield f"{where}: {target}: no such heading"


def scripts(root):
    for path in files(root):
        with path.open("rb") as opened:
            begin = opened.read(2)
        if begin != b"#!":
            continue
        where = path.relative_to(root)
        if not path.stat().st_mode & 0o100:
            yield f"{where}: begins with #! and has no run bit"
        first, text = (text_of(path) or "").partition("\n")[::2]
        if "bash" in first and not re.search(r"^set -[a-z]*e[a-z]*", text, flags=re.M):
            yield f"{where}: a bash script without 'set -e'"


def headers(root):
    for top in ("include", "src", "tests"):
        if (root / top).is_dir():
            for path in files(root / top, {".cpp", ".hpp", ".c", ".h", ".py", ".sh"}):
                if "SPDX-License-Identifier: Apache-2.0" not in (text_of(path) or "")[:300]:
                    yield f"{path.relative_to(root)}: no SPDX line on top"


def problems(root):
    header = root / "include/p1meter/values/problem.hpp"
    enumerators = re.search(r"enum class ProblemCode[^{]*\{(.*?)\};", text_of(header), flags=re.S).group(1)
    codes = re.findall(r"^\s*(\w+),", re.sub(r"//.*", "", enumerators), flags=re.M)
    page = text_of(root / "docs/meters.md")
    explained = re.findall(r"^\| `(\w+)` \|", page[page.index("## Problem codes"):], flags=re.M)
    yield from (f"docs/meters.md does not explain {code}" for code in codes if code not in explained)
    yield from (f"docs/meters.md explains {code}, which is no problem code" for code in explained if code not in codes)


CHECKS = {"sleeps": sleeps, "words": words, "links": links, "scripts": scripts, "headers": headers, "problems": problems}

BROKEN = {
    "sleeps": ("tests/unit/a.cpp", "void f() { std::this_thread::sleep" + "_for(1s); }\n"),
    "words": ("src/values/a.cpp", "// TO" + "DO: later\n"),
    "links": ("docs/a.md", "[there](nowhere.md)\n"),
    "scripts": ("tests/a.sh", "#!/usr/bin/env bash\nset -eu\n"),
    "headers": ("src/values/a.cpp", "int x;\n"),
    "problems": ("docs/meters.md", "## Problem codes\n| `no_end` | a | b |\n| `gone` | a | b |\n"),
}
SOUND = [
    ("tests/unit/b.cpp", "// SPDX-License-Identifier: Apache-2.0\n"),
    ("docs/b.md", "# One thing\n[here](#one-thing) [code](../src/x.cpp) `[no](link)` [far](https://example.org/x)\n"),
    ("include/p1meter/values/problem.hpp", "// SPDX-License-Identifier: Apache-2.0\nenum class ProblemCode : int {\n  no_end,  // end\n};\n"),
    ("docs/meters.md", "## Problem codes\n| `no_end` | a | b |\n"),
    ("src/x.cpp", "// SPDX-License-Identifier: Apache-2.0\n"),
]


def self_test():
    wrong = []
    for name, check in CHECKS.items():
        for broken in (False, True):
            with tempfile.TemporaryDirectory() as directory:
                root = pathlib.Path(directory)
                for where, text in SOUND + ([BROKEN[name]] if broken else []):
                    (root / where).parent.mkdir(parents=True, exist_ok=True)
                    (root / where).write_text(text)
                found = list(check(root))
                if bool(found) != broken:
                    wrong.append(f"{name}: {found or 'found nothing in a broken tree'}")
    for line in wrong:
        print(f"the check itself is broken: {line}")
    print(f"{len(CHECKS)} checks, {len(wrong)} broken")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", nargs="?", choices=[*CHECKS, "all"], default="all")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    names = list(CHECKS) if options.check == "all" else [options.check]
    found = [line for name in names for line in CHECKS[name](options.root)]
    for line in found:
        print(line)
    print(f"{', '.join(names)}: {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
