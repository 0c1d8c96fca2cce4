#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The package in a virtual machine: called by machine.sh, which see.

  machine.py cable|power IMAGE DEB
"""
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

PLATFORM = pathlib.Path(__file__).resolve().parents[2] / "packaging/platform/vm"
sys.path.insert(0, str(PLATFORM))
from ft232 import Cable  # noqa: E402
from vm import Vm  # noqa: E402

NAME = "/dev/p1meter-P1CABLE1"
BODY = b"/ISK5\\2M550T-1012\r\n\r\n1-3:0.2.8(50)\r\n1-0:1.8.1(%010.3f*kWh)\r\n1-0:1.7.0(%06.3f*kW)\r\n"


def checksum(data):
    """CRC-16/ARC"""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def telegram(watts):
    body = BODY % (4321.567, watts / 1000) + b"!"
    return body + b"%04X\r\n" % checksum(body)


def until(condition, seconds=60, what=""):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {seconds} s: {what}")
        time.sleep(0.1)


class Machine:
    """The service beside a broker in a running machine."""

    def __init__(self, vm):
        self.vm = vm

    def run(self, command):
        return self.vm.run(command)[1].strip()

    def install(self, deb, meters):
        self.vm.push(deb, "/opt/p1meter.deb")
        self.vm.run("dpkg -i /opt/p1meter.deb", check=True)
        self.vm.run("printf 'listener 1883\\nallow_anonymous true\\npersistence false\\n' >/etc/mosquitto/conf.d/all.conf; "
                    "systemctl restart mosquitto", check=True)
        self.configure("/etc/p1meter.yaml", "{host: 127.0.0.1}", meters)
        self.vm.run("systemctl enable --now p1meter", check=True)

    def configure(self, path, mqtt, meters):
        self.vm.run(f"printf '%s\\n' 'mqtt: {mqtt}' {meters!r} >{path}; chown root:p1meter {path}; chmod 640 {path}", check=True)

    def message(self, topic, seconds=3):
        return self.run(f"mosquitto_sub -t '{topic}' -C 1 -W {seconds} 2>/dev/null")

    def journal(self):
        return self.run("journalctl --unit='p1meter*' --no-pager --output=cat")

    def wait_for(self, topic, value, seconds=60):
        until(lambda: self.message(topic) == value, seconds, f"{topic} {value}; journal:\n{self.journal()[-3000:]}")


class TheCable(unittest.TestCase):
    image = deb = None

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.stack = stack
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="p1meter-cable.")))
        vm = stack.enter_context(Vm(self.image))
        vm.push(PLATFORM / "ft232.py", "/opt/ft232.py")
        self.machine = Machine(vm)
        self.cable = self.new_cable("P1CABLE1")

    def new_cable(self, serial, identity="0403:6001"):
        """One that is not plugged in yet."""
        control = self.folder / (identity + serial)
        server = subprocess.Popen([sys.executable, PLATFORM / "ft232.py", "serve", control, "--unplugged",
                                   "--id", identity, "--serial", serial], stdout=subprocess.PIPE, text=True)
        self.stack.callback(server.wait)
        self.stack.callback(server.terminate)
        port = server.stdout.readline().split()[1]
        self.stack.callback(server.stdout.close)
        cable = Cable(control)
        self.stack.callback(cable.close)
        self.machine.vm.start(f"exec python3 /opt/ft232.py attach 10.0.2.2 {port}")
        return cable

    def reads(self, watts):
        """The meter sends until the value is at the broker."""
        def arrived():
            self.cable.feed(telegram(watts))
            return self.machine.message("p1meter/home/power_import", 2) == str(watts)
        until(arrived, 90, f"{watts} W; journal:\n" + self.machine.journal()[-3000:])
        print(f"ok    {watts} W arrived at the broker", flush=True)

    def statistics(self):
        return json.loads(self.machine.message("p1meter/statistics", 70))["meters"]["home"]

    def test_is_named_read_unplugged_and_its_errors_are_counted(self):
        machine, vm = self.machine, self.machine.vm
        # Without a real-time clock a Raspberry Pi begins in 1970, and jumps when the network tells it the time.
        vm.run("systemctl stop systemd-timesyncd 2>/dev/null; date --set=@60", check=True)
        # Plugged in before the package is there, as a user does it.
        self.cable.plug()
        until(lambda: vm.run("test -c /dev/ttyUSB0")[0] == 0, 60, "the kernel knows the cable")
        machine.install(self.deb, "# no meters: the one cable is found")
        machine.wait_for("p1meter/status", "online")
        # udevadm verify is from systemd 254.
        vm.run("! udevadm verify --help >/dev/null 2>&1 || udevadm verify --resolve-names=late /lib/udev/rules.d/60-p1meter.rules", check=True)
        until(lambda: vm.run(f"test -c {NAME}")[0] == 0, 30, "our rule names the cable")
        print("ok    the rule names the cable that was there before", flush=True)
        self.assertEqual(machine.run(f"stat -L -c %G:%a {NAME}"), "dialout:660")
        properties = machine.run(f"udevadm info --query=property --name={NAME}")
        self.assertIn("ID_MM_DEVICE_IGNORE=1", properties)
        self.assertEqual(machine.run("cat /sys/bus/usb-serial/devices/ttyUSB0/latency_timer"), "1")
        self.reads(100)
        self.assertEqual(machine.run("stat -c %U /proc/$(systemctl show -P MainPID p1meter)"), "p1meter")

        vm.run(f"date --set=@{time.time():.0f}", check=True)
        self.reads(150)
        print("ok    the clock jumped from 1970 to now", flush=True)

        for round_ in range(1, 6):
            self.cable.unplug()
            until(lambda: vm.run(f"test -e {NAME}")[0] != 0, 30, "the name goes")
            self.cable.plug()
            until(lambda: vm.run(f"test -c {NAME}")[0] == 0, 30, "the name comes back")
            self.assertEqual(machine.run("cat /sys/bus/usb-serial/devices/ttyUSB0/latency_timer"), "1")
            self.reads(200 + round_)

        before = self.statistics()["line_errors"]
        for kind in ("framing", "break", "overrun"):
            self.cable.feed(telegram(300), faults=[(kind, 60)])
        names = {"framing": "framing", "break": "breaks", "overrun": "overruns"}
        def counted():
            now = self.statistics()["line_errors"]
            return all(now[name] > before[name] for name in names.values())
        until(counted, 150, "line errors are counted")
        print("ok    framing errors, breaks and overruns are counted", flush=True)
        self.reads(400)

        machine.configure("/etc/p1meter-second.yaml", "{host: 127.0.0.1, base_topic: second}", f"meters: [{{name: home, source: \"serial:{NAME}\"}}]")
        vm.run("systemctl start p1meter@second", check=True)
        until(lambda: "in use" in machine.run("journalctl --unit=p1meter@second --no-pager --output=cat"), 30, "the port is taken")
        self.assertEqual(machine.run("systemctl show -P NRestarts p1meter@second"), "0")
        print("ok    a second service says that the port is taken, and waits", flush=True)
        self.assertEqual(machine.run("systemctl show -P NRestarts p1meter"), "0")

        # By default all CP2102 have this serial number.
        for cable in ("left", "right"):
            vm.qmp("chardev-add", id=cable, backend={"type": "null", "data": {}})
            vm.qmp("device_add", driver="usb-serial", chardev=cable, id=cable, serial="0001",
                   **{"always-plugged": True})
        names = lambda: machine.run("ls /dev/p1meter-*").split()
        until(lambda: len(names()) == 3, 30, "both cables of one serial number have a name")
        self.assertEqual(len(set(machine.run("readlink -f /dev/p1meter-*").split())), 3)
        print("ok    cables with the same serial number have names of their own:", *names(), flush=True)
        for cable in ("left", "right"):
            vm.qmp("device_del", id=cable)

        # The generic driver takes other chips, so that what is emulated need not know their own drivers.
        vm.run("for module in ch341 cp210x pl2303; do echo install $module /bin/false; done >/etc/modprobe.d/test.conf", check=True)
        for identity, chip in (("1a86:7523", "ch340"), ("10c4:ea60", "cp210x"), ("067b:2303", "pl2303")):
            vm.run(f"echo {identity.replace(':', ' ')} >/sys/bus/usb-serial/drivers/generic/new_id", check=True)
            cable = self.new_cable("", identity)
            cable.plug()
            until(lambda: vm.run(f"test -c /dev/p1meter-{chip}-*")[0] == 0, 30, f"{chip} has a name")
            self.assertEqual(machine.run(f"stat -L -c %G:%a /dev/p1meter-{chip}-*"), "dialout:660")
            cable.unplug()
            print(f"ok    {chip} without a serial number has the name of its socket", flush=True)

        # A cable that no rule of ours knows: the user's own line and commands, as the head of our rules shows them.
        own = machine.run("sed -n 's/^# *\\(SUBSYSTEM==.*SYMLINK.*\\)/\\1/p' /lib/udev/rules.d/60-p1meter.rules")
        self.assertIn("A12345", own)
        vm.run("echo 1234 5678 >/sys/bus/usb-serial/drivers/generic/new_id", check=True)
        cable = self.new_cable("A12345", "1234:5678")
        cable.plug()
        until(lambda: "=A12345" in machine.run("udevadm info --query=property /dev/ttyUSB*"), 30, "udev knows the cable")
        self.assertNotEqual(vm.run("test -e /dev/p1meter")[0], 0)
        apply = machine.run("sed -n 's/^# *`\\(udevadm control.*\\)`:/\\1/p' /lib/udev/rules.d/60-p1meter.rules")
        self.assertIn("udevadm trigger", apply)
        vm.run(f"printf '%s\\n' '{own}' >/etc/udev/rules.d/61-p1meter.rules; {apply}", check=True)
        until(lambda: vm.run("test -c /dev/p1meter")[0] == 0, 30, "the user's own line names a cable")
        self.assertEqual(machine.run("stat -L -c %G:%a /dev/p1meter"), "dialout:660")
        print("ok    the user's own line names a cable", flush=True)
        print(machine.journal())


# The service notes another meter each time, so that power goes while it writes, sooner or later.
NOTING = """while :; do for meter in dsmr5 fluvius; do
  printf '%s\n' 'mqtt: {host: 127.0.0.1}' "meters: [{name: home, source: \"simulator:$meter\", live: true}]" >/etc/p1meter.new
  chown root:p1meter /etc/p1meter.new; chmod 640 /etc/p1meter.new; sync /etc/p1meter.new; mv /etc/p1meter.new /etc/p1meter.yaml
  systemctl reload p1meter
done; done"""


class ThePower(unittest.TestCase):
    image = deb = None

    def test_is_cut_five_times(self):
        with tempfile.TemporaryDirectory(prefix="p1meter-power.") as folder:
            disk = pathlib.Path(folder) / "disk.qcow2"
            with Vm(self.image, disk=disk) as vm:
                machine = Machine(vm)
                machine.install(self.deb, 'meters: [{name: home, source: "simulator:dsmr5", live: true}]')
                until(lambda: machine.message("p1meter/home/power_import"), 60, "values")
                vm.run("sync", check=True)
            for round_ in range(1, 6):
                with Vm(self.image, disk=disk) as vm:
                    machine = Machine(vm)
                    until(lambda: machine.message("p1meter/home/power_import"), 180, "values after a power cut:\n" + machine.journal())
                    self.assertEqual(machine.run("systemctl is-active p1meter"), "active")
                    self.assertNotIn("was damaged", machine.journal())
                    print(f"ok    power cut {round_}: started by itself and reads again", flush=True)
                    vm.start(NOTING)
                    until(lambda: machine.journal().count("configuration reloaded") > round_, 60, "reloads")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(64)
    chosen, image, deb = sys.argv[1:]
    case = {"cable": TheCable, "power": ThePower}[chosen]
    case.image, case.deb = image, deb
    outcome = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    sys.exit(0 if outcome.wasSuccessful() else 1)
