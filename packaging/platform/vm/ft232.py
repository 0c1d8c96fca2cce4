#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Emulate a USB meter cable: an FTDI FT232R that the kernel's own driver binds to, over USB/IP.

  ft232.py serve CONTROL [--port N] [--id VENDOR:PRODUCT] [--serial TEXT] [--inverted] [--unplugged] [--fifo BYTES]
                             the cable; prints 'port N' when it listens on 127.0.0.1 (default: a free port)
  ft232.py attach HOST PORT  where the cable shall appear (root, module vhci-hcd): attaches it whenever
                             it is plugged in, until ended
  ft232.py feed CONTROL FILE [--baud 115200] [--format 8N1] [--fault KIND@OFFSET]...
                             the meter sends FILE at its own baud rate; returns when the last bit is out.
                             KIND: framing (stop bit low), parity, flip (wrong data bit, no flag),
                             break (before the byte), overrun (the chip loses the byte)
  ft232.py break CONTROL SECONDS     hold the line in the space state
  ft232.py invert CONTROL on|off     is the line's signal inverted, as in a cable without inverter
  ft232.py eeprom CONTROL on|off     does the chip's EEPROM say to invert RXD; holds from the next plug on
  ft232.py plug|unplug CONTROL
  ft232.py status CONTROL            settings the driver made, counters; JSON

CONTROL is the path of a Unix socket. As a module: Cable(path).feed(data, baud=9600, format="7E1").

The signal is simulated bit by bit: a receiver set to another baud rate, parity or polarity than the
sender sees what a real one would, framing errors included. Simplifications: after a stop bit read
as space the receiver waits for mark; modem lines are constant; by default the chip's buffer does
not overflow (the real one has 256 bytes), for an emulated machine may be late where a real one is not.
"""
import argparse
import asyncio
import collections
import ctypes
import errno
import itertools
import json
import os
import pathlib
import signal
import socket
import struct
import sys
import time

# USB/IP, Documentation/usb/usbip_protocol.rst in the Linux sources
VERSION = 0x0111
OP_REQ_DEVLIST, OP_REP_DEVLIST, OP_REQ_IMPORT, OP_REP_IMPORT = 0x8005, 0x0005, 0x8003, 0x0003
CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
BUS_ID, DEVICE_ID, FULL_SPEED = b"1-1", 1 << 16 | 1, 2

# FT232R: line status bits in the second byte of every packet (as in a 16550's LSR)
OVERRUN, PARITY, FRAMING, BREAK, TRANSMITTER_EMPTY = 0x02, 0x04, 0x08, 0x10, 0x60
MODEM_STATUS = 0x01 | 0x10 | 0x20  # always 1 at full speed; CTS, DSR
PACKET, HEADER = 64, 2
INVERT_RXD = 0x02  # EEPROM byte 0x0B
DIVISOR_EIGHTHS = (0, 4, 2, 1, 3, 5, 6, 7)  # code in the divisor's top bits -> eighths


class Receiver:
    """The UART's input: turns line levels over time into characters with error flags."""

    def __init__(self, deliver):
        self.deliver = deliver  # called with (character, flags)
        self.baud, self.data_bits, self.parity, self.inverted = 9600, 8, "N", False
        self.now = 0.0
        self.samples = None  # levels sampled of the character being received; None between characters
        self.marking = False  # has the line been at mark since the last character

    def drive(self, level, seconds):
        """The line holds level (1 is mark) for this long."""
        level ^= self.inverted
        end = self.now + seconds
        while True:
            if self.samples is None:
                self.marking = self.marking or level == 1
                if level == 1 or not self.marking:
                    break
                self.start, self.samples, self.marking = self.now, [], False
            bit = 1 / self.baud
            wanted = 1 + self.data_bits + (self.parity != "N") + 1
            while len(self.samples) < wanted:
                at = self.start + (len(self.samples) + 0.5) * bit
                if at >= end:
                    self.now = end
                    return
                self.samples.append(level)
                if self.samples == [1]:
                    break  # a glitch, not a start bit
            self.now = at
            if len(self.samples) == wanted:
                self._character()
            self.samples = None
        self.now = end

    def _character(self):
        bits = self.samples[1:1 + self.data_bits]
        if not any(self.samples):
            self.deliver(0, BREAK)
            return
        flags = 0 if self.samples[-1] else FRAMING
        if self.parity in "EO":
            odd = (sum(bits) + self.samples[-2]) & 1
            flags |= PARITY if odd != (self.parity == "O") else 0
        self.deliver(sum(bit << at for at, bit in enumerate(bits)), flags)


def frame(byte, form, faults=()):
    """The levels, one per bit time, that send a byte in a format such as 8N1."""
    data_bits, parity, stop_bits = int(form[0]), form[1], int(form[2])
    bits = [(byte ^ ("flip" in faults)) >> at & 1 for at in range(data_bits)]
    levels = [0] + bits
    if parity != "N":
        levels.append((sum(bits) + (parity == "O") + ("parity" in faults)) & 1)
    if "framing" in faults:
        levels.append(0)  # the mark after it keeps the fault to this byte
    return levels + [1] * stop_bits


class Chip:
    """The FT232R: USB descriptors, vendor requests, receive buffer, packets with status bytes."""

    def __init__(self, identity, serial, fifo_size):
        self.identity = identity  # vendor, product
        self.strings = ["FTDI", "FT232R USB UART", serial]
        self.fifo_size = fifo_size
        self.eeprom = bytearray(128)
        self.eeprom[0x08:0x0C] = bytes([0xA0, 45, 0x08, 0])  # bus powered, 90 mA, no line inverted
        self.eeprom[0x14:0x17] = bytes([0x23, 0x10, 0x05])  # CBUS pins as shipped
        self.complete = None  # called with (seqnum, status, data) to end a transfer
        self.written = bytearray()
        self.counts = collections.Counter()
        self.receiver = Receiver(self.receive)
        self.power_on()

    def power_on(self):
        """Plugged in: the EEPROM is read, everything else forgotten."""
        self.receiver.inverted = bool(self.eeprom[0x0B] & INVERT_RXD)
        self.receiver.baud, self.receiver.data_bits, self.receiver.parity = 9600, 8, "N"
        self.fifo = collections.deque()
        self.reads = collections.OrderedDict()  # seqnum -> [length, data so far]
        self.latency, self.packet_due, self.lose_next, self.lost = 0.016, 0.0, False, False

    def receive(self, character, flags):
        self.counts["characters"] += 1
        for name, bit in (("framing", FRAMING), ("parity", PARITY), ("break", BREAK)):
            self.counts[name] += bool(flags & bit)
        if self.lose_next or len(self.fifo) >= self.fifo_size:
            self.lose_next, self.lost = False, True
            self.counts["overrun"] += 1
            return
        self.fifo.append((character, flags | (OVERRUN if self.lost else 0)))
        self.lost = False

    def _next_packet(self):
        """How many characters go into the next packet, and whether it goes before the latency timer expires."""
        for count, (_, flags) in enumerate(itertools.islice(self.fifo, PACKET - HEADER), 1):
            if flags & BREAK:  # the driver expects the break's NUL to be the packet's last character
                return count, True
        return min(len(self.fifo), PACKET - HEADER), len(self.fifo) >= PACKET - HEADER

    def pump(self, now):
        """Answer waiting reads: when a packet is full, and when the latency timer expires (even if empty)."""
        while self.reads:
            count, at_once = self._next_packet()
            if not at_once and now < self.packet_due:
                break
            taken = [self.fifo.popleft() for _ in range(count)]
            status = TRANSMITTER_EMPTY
            for _, flags in taken:  # one status for the whole packet: one bad character marks up to 62
                status |= flags
            seqnum, read = next(iter(self.reads.items()))
            read[1] += bytes([MODEM_STATUS, status]) + bytes(character for character, _ in taken)
            self.packet_due = now + self.latency
            if len(taken) < PACKET - HEADER or len(read[1]) + PACKET > read[0]:
                del self.reads[seqnum]
                self.complete(seqnum, 0, bytes(read[1]))

    def descriptor(self, kind, index):
        if kind == 1:
            return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 8, *self.identity, 0x0600, 1, 2,
                               3 if self.strings[2] else 0, 1)
        if kind == 2:
            return (struct.pack("<BBHBBBBB", 9, 2, 32, 1, 1, 0, self.eeprom[0x08], self.eeprom[0x09])
                    + struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, 0xFF, 0xFF, 0xFF, 2)
                    + struct.pack("<BBBBHB", 7, 5, 0x81, 2, PACKET, 0)
                    + struct.pack("<BBBBHB", 7, 5, 0x02, 2, PACKET, 0))
        if kind == 3 and index <= len(self.strings):
            text = self.strings[index - 1].encode("utf-16-le") if index else struct.pack("<H", 0x0409)
            return bytes([2 + len(text), 3]) + text
        return None  # a full-speed device has no qualifier

    def control(self, setup):
        """Handle a control request: the answer's bytes, or None to stall."""
        kind, request, value, index, length = struct.unpack("<BBHHH", setup)
        if kind & 0x60:
            answers = self._vendor_in(index) if kind & 0x80 else self._vendor_out(request, value, index)
        elif kind & 0x80:  # get status, descriptor, configuration
            answers = {0: b"\0\0", 6: self.descriptor(value >> 8, value & 0xFF), 8: b"\1"}
        else:  # clear feature, set configuration, set interface
            answers = {1: b"", 9: b"", 11: b""}
        answer = answers.get(request)
        return None if answer is None else answer[:length]

    def _vendor_in(self, index):
        word = 2 * index % len(self.eeprom)
        return {5: bytes([MODEM_STATUS, TRANSMITTER_EMPTY]), 0x0A: bytes([round(self.latency * 1000)]),
                0x90: bytes(self.eeprom[word:word + 2])}

    def _vendor_out(self, request, value, index):
        if request == 0 and value in (0, 1):  # reset, purge receive buffer
            self.fifo.clear()
        elif request == 3:  # 48 MHz / 16, divided in eighths; 0 and 1 stand for 3 and 2 Mbaud
            code = value >> 14 | (index & 1) << 2
            divisor = (value & 0x3FFF) + DIVISOR_EIGHTHS[code] / 8
            self.receiver.baud = {0: 3e6, 1: 2e6}.get(divisor, 3e6 / max(divisor, 1))
        elif request == 4:
            self.receiver.data_bits = value & 0xFF
            self.receiver.parity = "NOEMS"[(value >> 8) & 7]
        elif request == 9:
            self.latency = value / 1000
        elif request == 0x91:
            self.eeprom[2 * index % 128:2 * index % 128 + 2] = struct.pack("<H", value)
        return {code: b"" for code in (0, 1, 2, 3, 4, 6, 7, 9, 0x91)}


class Line:
    """The wire from the meter, in real time."""

    def __init__(self, chip, inverted):
        self.chip, self.inverted = chip, inverted
        self.time = time.monotonic()  # up to here the wire has been simulated
        self.sending = asyncio.Lock()

    def hold(self, level, seconds):
        self.chip.receiver.drive(level ^ self.inverted, seconds)
        self.time += seconds

    async def send(self, data, baud, form, faults):
        async with self.sending:
            bit = 1 / baud
            for at, byte in enumerate(data):
                here = faults.get(at, ())
                self.chip.lose_next = "overrun" in here
                levels = ([0] * 30 + [1] * 2 if "break" in here else []) + frame(byte, form, here)
                for level, run in itertools.groupby(levels):
                    self.hold(level, bit * len(list(run)))
                await self.wait()

    async def hold_break(self, seconds):
        async with self.sending:
            until = self.time + seconds
            while self.time < until:
                self.hold(0, min(0.001, until - self.time))
                await self.wait()

    async def wait(self):
        """Let real time catch up with the wire, or the wire, idle, with real time if it is late."""
        ahead = self.time - time.monotonic()
        if ahead > 0:
            await asyncio.sleep(ahead)
        elif ahead < -0.005:
            self.hold(1, -ahead)
        self.chip.pump(self.time)

    async def idle(self):
        while True:
            await asyncio.sleep(0.001)
            if not self.sending.locked():
                self.hold(1, max(0.0, time.monotonic() - self.time))
            self.chip.pump(self.time)


class Server:
    """USB/IP on a TCP port and the control interface on a Unix socket."""

    def __init__(self, options):
        self.chip = Chip(options.id, options.serial, options.fifo)
        self.line = Line(self.chip, options.inverted)
        self.plugged = asyncio.Event()
        if not options.unplugged:
            self.plugged.set()
        self.link = None  # the writer of the attached machine's connection

    def description(self):
        return struct.pack(">256s32sIIIHHHBBBBBB", b"/sys/devices/ft232", BUS_ID, 1, 1, FULL_SPEED,
                           *self.chip.identity, 0x0600, 0, 0, 0, 1, 1, 1)

    async def serve_usb(self, reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            _, code, _ = struct.unpack(">HHI", await reader.readexactly(8))
            if code == OP_REQ_DEVLIST:
                writer.write(struct.pack(">HHII", VERSION, OP_REP_DEVLIST, 0, 1) + self.description()
                             + bytes([0xFF, 0xFF, 0xFF, 0]))  # the interface: vendor specific
            elif code == OP_REQ_IMPORT:
                await reader.readexactly(32)
                while self.link or not self.plugged.is_set():
                    await asyncio.sleep(0.01)
                self.chip.power_on()
                self.link = writer
                self.chip.complete = self.answer
                writer.write(struct.pack(">HHI", VERSION, OP_REP_IMPORT, 0) + self.description())
                await self.serve_transfers(reader)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):  # cancelled when the server ends
            pass
        finally:
            if self.link is writer:
                self.link = None
                self.chip.reads.clear()
            writer.close()

    def answer(self, seqnum, status, data=b"", length=None):
        if self.link:
            length = len(data) if length is None else length
            self.link.write(struct.pack(">5I5i8x", RET_SUBMIT, seqnum, 0, 0, 0, status, length, 0, 0, 0) + data)

    async def serve_transfers(self, reader):
        while True:
            header = await reader.readexactly(48)
            command, seqnum, _, into_host, endpoint = struct.unpack(">5I", header[:20])
            if command == CMD_UNLINK:
                known = self.chip.reads.pop(struct.unpack(">I", header[20:24])[0], None)
                self.link.write(struct.pack(">5Ii24x", RET_UNLINK, seqnum, 0, 0, 0, -errno.ECONNRESET if known else 0))
                continue
            length = struct.unpack(">i", header[24:28])[0]
            data = b"" if into_host else await reader.readexactly(length)
            if endpoint == 0:
                answer = self.chip.control(header[40:48])
                self.answer(seqnum, 0 if answer is not None else -errno.EPIPE, answer or b"",
                            None if into_host else (length if answer is not None else 0))
            elif into_host:
                self.chip.reads[seqnum] = [length, bytearray()]
            else:
                self.chip.written += data
                self.answer(seqnum, 0, length=length)

    async def serve_control(self, reader, writer):
        try:
            while line := await reader.readline():
                try:
                    answer = await self.control(**json.loads(line)) or {}
                except (ValueError, TypeError, KeyError) as error:
                    answer = {"error": f"{type(error).__name__}: {error}"}
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):  # cancelled when the server ends
            pass
        finally:
            writer.close()

    async def control(self, action, data="", baud=115200, format="8N1", faults=(), seconds=0.0, inverted=False):
        if action == "feed":
            kinds = {}
            for kind, at in faults:
                if kind not in ("framing", "parity", "flip", "break", "overrun"):
                    raise ValueError(f"unknown fault {kind}")
                if kind == "parity" and format[1] == "N":
                    raise ValueError(f"format {format} has no parity bit")
                kinds.setdefault(at, set()).add(kind)
            await self.line.send(bytes.fromhex(data), baud, format, kinds)
        elif action == "break":
            await self.line.hold_break(seconds)
        elif action == "invert":
            self.line.inverted = bool(inverted)
        elif action == "eeprom":
            self.chip.eeprom[0x0B] = INVERT_RXD if inverted else 0
        elif action == "plug":
            self.plugged.set()
        elif action == "unplug":
            self.plugged.clear()
            if self.link:
                self.link.transport.abort()
        elif action == "status":
            receiver = self.chip.receiver
            return {"plugged": self.plugged.is_set(), "attached": self.link is not None, "baud": round(receiver.baud),
                    "format": f"{receiver.data_bits}{receiver.parity}", "latency_ms": round(self.chip.latency * 1000),
                    "line_inverted": self.line.inverted, "chip_inverts": receiver.inverted,
                    "reading": len(self.chip.reads) > 0, "buffered": len(self.chip.fifo), "received": self.chip.counts,
                    "written": self.chip.written.hex()}
        else:
            raise ValueError(f"unknown action {action}")
        return None


async def serve(options):
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: end with the process that started this one
    server = Server(options)
    usb = await asyncio.start_server(server.serve_usb, "127.0.0.1", options.port)
    await asyncio.start_unix_server(server.serve_control, options.control, limit=1 << 26)
    print("port", usb.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    idle = asyncio.create_task(server.line.idle())
    await asyncio.wait([idle, asyncio.create_task(ended.wait())], return_when=asyncio.FIRST_COMPLETED)
    if idle.done():
        idle.result()  # it never ends but by an error: show it
    os.unlink(options.control)


class Cable:
    """Client of the control interface."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rb")

    def close(self):
        self.lines.close()
        self.socket.close()

    def _ask(self, action, **arguments):
        self.socket.sendall(json.dumps({"action": action, **arguments}).encode() + b"\n")
        answer = json.loads(self.lines.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def feed(self, data, baud=115200, format="8N1", faults=()):
        """The meter sends data; faults are (kind, offset) pairs. Returns when the last bit is out."""
        self._ask("feed", data=data.hex(), baud=baud, format=format, faults=list(faults))

    def hold_break(self, seconds):
        self._ask("break", seconds=seconds)

    def invert(self, inverted):
        self._ask("invert", inverted=inverted)

    def program_inversion(self, inverted):
        """Set the EEPROM's invert_rxd, as ftdi_eeprom does; the chip reads it when it is plugged in."""
        self._ask("eeprom", inverted=inverted)

    def plug(self):
        self._ask("plug")

    def unplug(self):
        self._ask("unplug")

    def status(self):
        return self._ask("status")


def free_vhci_port():
    for line in pathlib.Path("/sys/devices/platform/vhci_hcd.0/status").read_text().splitlines()[1:]:
        hub, port, state = line.split()[:3]
        if hub == "hs" and int(state) == 4:
            return int(port)
    raise RuntimeError("no free vhci port")


def attach(options):
    """Attach the cable again each time it is plugged in. The kernel keeps the socket; we keep nothing."""
    while True:
        try:
            connection = socket.create_connection((options.host, options.port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(struct.pack(">HHI32s", VERSION, OP_REQ_IMPORT, 0, BUS_ID))
            answer = connection.recv(8 + 312, socket.MSG_WAITALL)  # comes when the cable is plugged in
            if len(answer) < 320:
                raise ConnectionError("the cable's server closed the connection")
            port = free_vhci_port()
            pathlib.Path("/sys/devices/platform/vhci_hcd.0/attach").write_text(
                f"{port} {connection.fileno()} {DEVICE_ID} {FULL_SPEED}")
        except OSError as error:
            print(f"ft232.py: {error}", file=sys.stderr, flush=True)
            time.sleep(0.5)
            continue
        finally:
            connection.close()
        print(f"attached to vhci port {port}", flush=True)
        while free_vhci_port() != port:  # until it is unplugged
            time.sleep(0.1)


def fault(text):
    kind, _, at = text.partition("@")
    return kind, int(at)


def identity(text):
    return tuple(int(number, 16) for number in text.split(":"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("serve", "feed", "break", "invert", "eeprom", "plug", "unplug", "status"):
        sub = actions.add_parser(name)
        sub.add_argument("control")
        if name == "serve":
            sub.add_argument("--port", type=int, default=0)
            sub.add_argument("--id", type=identity, default=(0x0403, 0x6001), metavar="VENDOR:PRODUCT")
            sub.add_argument("--serial", default="P1CABLE1")
            sub.add_argument("--inverted", action="store_true")
            sub.add_argument("--unplugged", action="store_true")
            sub.add_argument("--fifo", type=int, default=1 << 20, metavar="BYTES")
        elif name == "feed":
            sub.add_argument("file", type=pathlib.Path)
            sub.add_argument("--baud", type=int, default=115200)
            sub.add_argument("--format", default="8N1")
            sub.add_argument("--fault", action="append", default=[], type=fault, metavar="KIND@OFFSET")
        elif name == "break":
            sub.add_argument("seconds", type=float)
        elif name in ("invert", "eeprom"):
            sub.add_argument("state", choices=("on", "off"))
    sub = actions.add_parser("attach")
    sub.add_argument("host")
    sub.add_argument("port", type=int)
    options = parser.parse_args()

    if options.action == "serve":
        asyncio.run(serve(options))
        return
    if options.action == "attach":
        attach(options)
    try:
        command(options)
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"ft232.py: {error}")


def command(options):
    """Ask the running cable for what the command line says."""
    cable = Cable(options.control)
    if options.action == "feed":
        cable.feed(options.file.read_bytes(), options.baud, options.format, options.fault)
    elif options.action == "break":
        cable.hold_break(options.seconds)
    elif options.action == "invert":
        cable.invert(options.state == "on")
    elif options.action == "eeprom":
        cable.program_inversion(options.state == "on")
    elif options.action == "status":
        print(json.dumps(cable.status(), indent=1))
    else:
        getattr(cable, options.action)()


if __name__ == "__main__":
    main()
