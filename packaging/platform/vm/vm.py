#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run commands in a virtual machine with a real kernel and udev (QEMU, emulated: no KVM needed).

  vm.py prepare IMAGE           boot IMAGE once and keep a snapshot of the booted machine in it
  vm.py run IMAGE [options] -- COMMAND...
                                resume the snapshot, run COMMAND as root inside, power off;
                                the exit status is COMMAND's
  options of run
    --push LOCAL:REMOTE         copy a file in before COMMAND (repeatable)
    --pull REMOTE:LOCAL         copy a file out after COMMAND, also when it failed (repeatable)
    --cold                      boot instead of resuming the snapshot
    --timeout SECONDS           end COMMAND and fail after this long (default 300)

IMAGE is a directory made by make-vm-image.sh; running never changes it. As a module:

    with Vm(image) as vm:
        vm.push("p1meter.deb", "/opt/p1meter.deb")
        status, output = vm.run("dpkg -i /opt/p1meter.deb")
        vm.qmp("device_add", driver="usb-serial", chardev="cable", id="cable")

Inside, the host's loopback is 10.0.2.2; there is no other network. Everything a machine writes is
in a temporary directory, removed when it stops.
"""
import argparse
import base64
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BOOT_SECONDS = 300  # 20 to 80 s measured; an emulated machine shares the processor with other work


def end_with_parent():
    """Have the kernel end this process when the one that started it is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Failure(Exception):
    """The machine could not be started or did not answer."""


class JsonLines:
    """One JSON message per line over a Unix socket, as QMP and the guest agent speak it."""

    def __init__(self, path, deadline):
        self.buffer = b""
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(str(path))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Failure(f"{path}: {error}") from error
                time.sleep(0.02)

    def close(self):
        self.socket.close()

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, timeout):
        """The next message. Raises TimeoutError; a message cut off by it is completed by the next call."""
        self.socket.settimeout(timeout)
        while b"\n" not in self.buffer:
            chunk = self.socket.recv(1 << 20)
            if not chunk:
                raise Failure("the machine stopped")
            self.buffer += chunk
        line, _, self.buffer = self.buffer.partition(b"\n")
        return json.loads(line.lstrip(b"\xff"))


class Vm:
    """A running machine. Stops and removes its files when the with-block ends."""

    def __init__(self, image, cold=False, memory_mib=768, disk=None):
        """disk: an overlay that outlives the machine, made when it is missing: what was written is there at the next
        (cold) start. Leaving the with-block cuts the machine's power."""
        self.image = pathlib.Path(image).resolve()
        self.disk = pathlib.Path(disk).resolve() if disk else None
        self.cold = cold or disk is not None
        self.memory_mib = memory_mib
        self.events = []
        self.process = self._qmp = self._agent = None

    def __enter__(self):
        if not (self.image / ("disk.qcow2" if self.cold else "booted.qcow2")).exists():
            raise Failure(f"{self.image} is no image made by make-vm-image.sh")
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="p1meter-vm."))
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for connection in (self._qmp, self._agent):
            if connection:
                connection.close()
        if self.process:
            self.process.kill()  # nothing to save: the disk is a throw-away overlay
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def _start(self):
        # The overlay finds its backing file by name beside itself, so that the cache can be moved.
        disk = self.disk or self.dir / "overlay.qcow2"
        (self.dir / "disk.qcow2").symlink_to(self.image / "disk.qcow2")
        if self.disk:
            if not disk.exists():
                subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", self.image / "disk.qcow2", disk],
                               check=True)
        elif self.cold:
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "disk.qcow2", disk],
                           check=True)
        else:
            subprocess.run(["cp", "--reflink=auto", self.image / "booted.qcow2", disk], check=True)
        # The command line is part of the snapshot's contract: change it and prepare the image again.
        command = [
            "qemu-system-x86_64", "-nodefaults", "-display", "none", "-machine", "pc", "-accel", "tcg,thread=multi",
            "-cpu", "qemu64", "-smp", "2", "-m", str(self.memory_mib),
            "-kernel", self.image / "vmlinuz", "-initrd", self.image / "initrd",
            "-append", "root=/dev/vda rw console=ttyS0 quiet mitigations=off nokaslr apparmor=0 audit=0",
            "-drive", f"file={disk},if=virtio,format=qcow2,cache=unsafe",
            "-netdev", "user,id=net,ipv6=off", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "qemu-xhci,id=xhci", "-device", "virtio-rng-pci",
            "-serial", f"file:{self.dir}/console.log",
            "-chardev", f"socket,id=agent,path={self.dir}/agent,server=on,wait=off",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            "-qmp", f"unix:{self.dir}/qmp,server=on,wait=off",
        ]
        if not self.cold:
            command += ["-loadvm", "booted"]
        with open(self.dir / "qemu.log", "wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, preexec_fn=end_with_parent)
        deadline = time.monotonic() + BOOT_SECONDS
        try:
            self._qmp = JsonLines(self.dir / "qmp", time.monotonic() + 20)
            self._qmp.receive(20)  # greeting
            self.qmp("qmp_capabilities")
            self._agent = JsonLines(self.dir / "agent", time.monotonic() + 20)
            self._synchronise(deadline)
        except (Failure, TimeoutError) as error:
            raise Failure(f"{error}\n{self._logs()}") from error
        if not self.cold:  # the clock still shows when the snapshot was taken
            self.run(f"date --set=@{time.time():.3f}", check=True)

    def _logs(self):
        names = [self.dir / "qemu.log", self.dir / "console.log"]
        return "".join(name.read_text(errors="replace")[-4000:] for name in names if name.exists())

    def _synchronise(self, deadline):
        """Wait until the guest agent answers this very connection."""
        token = 0
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"qemu ended with status {self.process.returncode}")
            token += 1
            self._agent.send({"execute": "guest-sync", "arguments": {"id": token}})
            try:
                while True:
                    if self._agent.receive(1).get("return") == token:
                        return
            except TimeoutError:
                continue
        raise Failure(f"the machine did not boot in {BOOT_SECONDS} s")

    def qmp(self, execute, **arguments):
        """Run a QEMU monitor command. Events met on the way are kept in self.events."""
        self._qmp.send({"execute": execute, "arguments": arguments})
        while True:
            message = self._qmp.receive(120)
            if "error" in message:
                raise Failure(f"{execute}: {message['error']['desc']}")
            if "return" in message:
                return message["return"]
            self.events.append(message)

    def monitor(self, line):
        """Run a human monitor command (savevm has no QMP form that waits)."""
        answer = self.qmp("human-monitor-command", **{"command-line": line})
        if answer.strip():
            raise Failure(f"{line}: {answer.strip()}")

    def agent(self, execute, **arguments):
        """Run a guest agent command."""
        self._agent.send({"execute": execute, "arguments": arguments})
        message = self._agent.receive(60)
        if "error" in message:
            raise Failure(f"{execute}: {message['error']['desc']}")
        return message["return"]

    def push(self, local, remote, mode=0o644):
        """Copy a file in. About 2 MB/s."""
        handle = self.agent("guest-file-open", path=str(remote), mode="wb")
        data = pathlib.Path(local).read_bytes()
        for at in range(0, len(data), 1 << 18):
            part = base64.b64encode(data[at:at + (1 << 18)]).decode()
            self.agent("guest-file-write", handle=handle, **{"buf-b64": part})
        self.agent("guest-file-close", handle=handle)
        if mode != 0o644:
            self.run(f"chmod {mode:o} '{remote}'", check=True)

    def pull(self, remote, local):
        """Copy a file out."""
        handle = self.agent("guest-file-open", path=str(remote), mode="rb")
        with open(local, "wb") as out:
            while True:
                part = self.agent("guest-file-read", handle=handle, count=1 << 18)
                out.write(base64.b64decode(part["buf-b64"]))
                if part["eof"]:
                    break
        self.agent("guest-file-close", handle=handle)

    def start(self, command):
        """Start a shell command in the background; wait() takes what this returns."""
        return self.agent("guest-exec", path="/bin/sh", arg=["-c", f"exec 2>&1; {command}"],
                          env=["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
                               "DEBIAN_FRONTEND=noninteractive"],
                          **{"capture-output": True})["pid"]

    def wait(self, pid, timeout=300):
        """The (exit status, output) of a started command; status is 128 + signal if one ended it."""
        deadline = time.monotonic() + timeout
        while True:
            state = self.agent("guest-exec-status", pid=pid)
            if state["exited"]:
                output = base64.b64decode(state.get("out-data", "")).decode(errors="replace")
                return state.get("exitcode", 128 + state.get("signal", 0)), output
            if time.monotonic() > deadline:
                raise Failure(f"the command still ran after {timeout} s")
            time.sleep(0.05)

    def run(self, command, timeout=300, check=False):
        """Run a shell command as root; (exit status, output with errors merged in). check: raise unless 0."""
        status, output = self.wait(self.start(command), timeout)
        if check and status != 0:
            raise Failure(f"'{command}' ended with status {status}:\n{output}")
        return status, output


def prepare(image):
    """Boot the image once, wait until nothing is starting any more, keep a snapshot of the machine."""
    started = time.monotonic()
    with Vm(image, cold=True) as vm:
        vm.run("systemctl is-system-running --wait", timeout=BOOT_SECONDS)
        # Load what every test uses into the page cache.
        vm.run("udevadm settle; python3 -c 'import asyncio, json, termios' || true; sync", check=True)
        print(f"booted in {time.monotonic() - started:.0f} s")
        vm.monitor("savevm booted")
        vm.qmp("quit")
        vm.process.wait(30)
        shutil.move(vm.dir / "overlay.qcow2", pathlib.Path(image) / "booted.qcow2")
    print(f"snapshot ready after {time.monotonic() - started:.0f} s")


def run(options):
    with Vm(options.image, cold=options.cold) as vm:
        for local, _, remote in (pair.partition(":") for pair in options.push):
            vm.push(local, remote, mode=os.stat(local).st_mode & 0o777)
        status, output = vm.run(" ".join(options.command), timeout=options.timeout)
        sys.stdout.write(output)
        for remote, _, local in (pair.partition(":") for pair in options.pull):
            vm.pull(remote, local)
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("prepare").add_argument("image")
    runner = commands.add_parser("run")
    runner.add_argument("image")
    runner.add_argument("--push", action="append", default=[], metavar="LOCAL:REMOTE")
    runner.add_argument("--pull", action="append", default=[], metavar="REMOTE:LOCAL")
    runner.add_argument("--cold", action="store_true")
    runner.add_argument("--timeout", type=float, default=300)
    runner.add_argument("command", nargs="+")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # leaves the with-block, which cleans up
    try:
        if options.action == "prepare":
            prepare(options.image)
            return 0
        return run(options)
    except Failure as error:
        print(f"vm.py: {error}", file=sys.stderr)
        return 120


if __name__ == "__main__":
    sys.exit(main())
