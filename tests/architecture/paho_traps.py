#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Some traps of Paho C++ 1.2.0 and Paho C 1.3.12 are met by never going near them: this looks that nobody does.

The traps that show themselves on the wire have tests that run (tests/component/mqtt/traps_test.cpp lists them all). With
--self-test each rule is shown sources that break it.
"""

import argparse
import pathlib
import re
import sys

FOLDER = "src/adapters/mqtt"
SESSION = f"{FOLDER}/paho_session.cpp"
CONNECTION = f"{FOLDER}/connection.cpp"

# What must not stand anywhere in the folder, and why.
NEVER = {
    r"\breconnect\s*\(|automatic_reconnect\b": "automatic and manual reconnects crash together, and neither retries a first connection",
    r"\bset_error_handler\b|\bpsk_handler\b|\bset_psk\w*": "the context of TLS handlers is used after it is freed",
    r"\bTOPIC_ALIAS\b|\btopic_alias\b": "queued messages lose their topic after a reconnect",
    r"\bfile_persistence\b|PERSISTENCE_(?!NONE\b)\w+|\biclient_persistence\b": "persistence replays stale values",
    r"\bca_path\b": "copies of TLS options lose the folder of authorities",
    r"\bset_mqtt_verison\b": "a misspelt setter that a later version has no more",
    r"\bconnect_options_builder\b|\bset_properties\s*\(": "copied connect options point into the original's properties",
    r"\bmax_buffered_messages\b|\bset_send_while_disconnected\b": "Paho's own queue replays old values in a burst",
}
# What must not stand in the session, which runs on Paho's threads too.
NEVER_IN_SESSION = {
    r"(?:->|\.)\s*wait(?:_for|_until)?\s*\(": "waiting in a callback never ends",
    r"\bstart_consuming\b|\bconsume_message\b": "consuming waits, and sets handlers of its own",
}
HANDLER = re.compile(r"\bset_(?:\w+_handler|\w*callback)\s*\(")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def body_of(text, head):
    """What stands between the braces that follow `head`; nothing when there is no such head."""
    found = re.search(head, text)
    if not found:
        return ""
    begin = text.index("{", found.end() - 1)
    depth = 0
    for at in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[begin + 1:at]
    return ""


def faults(sources):
    """`sources`: path -> text of every file of src."""
    for path, raw in sources.items():
        text = without_comments(raw)
        if path != SESSION and re.search(r"#\s*include\s*<(?:mqtt/|MQTT)", text):
            yield f"{path}: only {SESSION} includes Paho"
        if not path.startswith(FOLDER):
            continue
        rules = NEVER | (NEVER_IN_SESSION if path == SESSION else {})
        yield from (f"{path}: '{found.group(0)}': {why}" for rule, why in rules.items() for found in re.finditer(rule, text))
    session = without_comments(sources[SESSION])
    yield from handlers(session)
    yield from options(session)
    yield from callbacks(sources[CONNECTION])


def handlers(session):
    listen = body_of(session, r"\bvoid listen\(\)\s*\{")
    if len(HANDLER.findall(session)) != len(HANDLER.findall(listen)):
        yield f"{SESSION}: a handler is set outside listen(): Paho locks in another order once it is connected"
    constructor = body_of(session, r"\bclient\{options\.uri[^;]*?\}\}\s*\{")
    if "listen();" not in constructor or ".connect(" in constructor:
        yield f"{SESSION}: the constructor sets all handlers, before there is a connection"


def options(session):
    if len(re.findall(r"::mqtt::connect_options\s+\w+", session)) != 1:
        yield f"{SESSION}: exactly one object of connect options, which lives as long as the connection"
    if not re.search(r"client\.connect\(impl_->connect_options,", session):
        yield f"{SESSION}: the connect options are passed as they are, never copied"
    if "set_mqtt_version(static_cast<int>(options.version))" not in session or \
            "create_options{static_cast<int>(options.version)}" not in session:
        yield f"{SESSION}: client and connection name the same version"


def callbacks(connection):
    _, marker, there = connection.partition("// ---- on Paho's threads")
    if not marker:
        yield f"{CONNECTION}: where do Paho's threads begin?"
    for found in re.finditer(r"\bsession_\b|\bwait\w*\s*\(", without_comments(there)):
        yield f"{CONNECTION}: '{found.group(0)}' on Paho's threads: they only take note"


def read(root):
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8")
            for path in sorted((root / "src").rglob("*.?pp"))}


# File, what is replaced there (nothing: appended), by what.
BREAKS = [
    (SESSION, None, "void f() { client.reconnect(); }"),
    (SESSION, None, "void f() { options.set_automatic_reconnect(true); connect.automatic_reconnect(); }"),
    (SESSION, None, "void f() { tls.set_error_handler(g); }"),
    (SESSION, None, "void f() { properties.add(property::TOPIC_ALIAS); }"),
    (SESSION, "MQTTCLIENT_PERSISTENCE_NONE", "MQTTCLIENT_PERSISTENCE_DEFAULT"),
    (SESSION, None, "void f() { tls.ca_path(x); }"),
    (SESSION, None, "void f() { options.set_mqtt_verison(5); }"),
    (SESSION, None, "void f() { ::mqtt::connect_options_builder(); }"),
    (SESSION, None, "void f() { ::mqtt::connect_options other; }"),
    (SESSION, "connect(impl_->connect_options,", "connect(copy(impl_->connect_options),"),
    (SESSION, None, "void f() { token->wait(); }"),
    (SESSION, None, "void f() { token->wait_for(x); }"),
    (SESSION, None, "void f() { client.set_callback(x); }"),
    (SESSION, "    listen();\n", ""),
    (SESSION, "create_options{static_cast<int>(options.version)}", "create_options{}"),
    (CONNECTION, None, "void f() { session_.ask({}); }"),
    (CONNECTION, None, "void f() { exchange_.wait_for_work(); }"),
    ("src/daemon/broker.cpp", None, "#include <mqtt/async_client.h>"),
]


def self_test(sources):
    wrong = list(faults(sources))
    for path, old, new in BREAKS:
        text = sources[path]
        if old is not None and old not in text:
            wrong.append(f"{path} holds no '{old.strip()}' to break")
            continue
        broken = f"{text}\n{new}\n" if old is None else text.replace(old, new)
        if not list(faults({**sources, path: broken})):
            wrong.append(f"{path}: found nothing wrong with '{new}'")
    for line in wrong:
        print(f"the check itself is broken: {line}")
    print(f"{len(BREAKS)} ways to break the rules, {len(wrong)} not found")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    options_given = parser.parse_args()
    sources = read(options_given.root)
    if options_given.self_test:
        return self_test(sources)
    found = list(faults(sources))
    for line in found:
        print(line)
    print(f"traps of Paho: {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
