#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A serial port with a meter that never ends: a pseudo-terminal behind a name, fed with telegrams.

  port.py NAME COMMAND...     COMMAND's output (p1meter simulate ...) is what the meter sends; NAME becomes a link to the
                              port, which belongs to the group dialout, as Debian's serial ports do
"""
import fcntl
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import termios

name, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
master, port = pty.openpty()
attributes = termios.tcgetattr(port)
attributes[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(port, termios.TCSANOW, attributes)
device = os.ttyname(port)
shutil.chown(device, "root", "dialout")
os.chmod(device, 0o660)
name.unlink(missing_ok=True)
name.symlink_to(device)
# Nobody may be reading: what does not fit is lost, as on a wire.
fcntl.fcntl(master, fcntl.F_SETFL, os.O_NONBLOCK)
with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as meter:
    while data := meter.stdout.read(1024):
        try:
            os.write(master, data)
        except BlockingIOError:
            termios.tcflush(port, termios.TCIFLUSH)
