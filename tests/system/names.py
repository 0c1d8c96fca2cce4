#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A name server on 127.0.0.1:53 that knows one name.

  names.py NAME ADDRESS       everything else does not exist (NXDOMAIN)
"""
import ipaddress
import socket
import struct
import sys

known, address = sys.argv[1].rstrip("."), ipaddress.ip_address(sys.argv[2]).packed
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True:
    query, client = server.recvfrom(1500)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace"))
        at += 1 + query[at]
    question = query[12:at + 5]
    kind = struct.unpack("!H", query[at + 1:at + 3])[0]
    right = ".".join(labels).lower() == known
    answer = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 5, 4) + address if right and kind == 1 else b""
    flags = 0x8180 if right else 0x8183
    server.sendto(query[:2] + struct.pack("!HHHHH", flags, 1, 1 if answer else 0, 0, 0) + question + answer, client)
