#!/usr/bin/python3
"""
A testbed of faked devices, each of which is spoken for by a hosted model (test/sim/devices/model-host.ts), and a program that runs
among them. Listens for control verbs on a Unix socket: `plug` takes the socket of a model and gives the node, which is
listed and not there yet when it is `late`; then `appear` makes it, or changes its mode; `unplug` takes the node.

usage: umockdev-wrapper /usr/bin/python3 bridge.py SOCKET COMMAND...
"""
import base64
import os
import subprocess
import sys

import gi

gi.require_version('UMockdev', '1.0')
from gi.repository import GLib, UMockdev  # noqa: E402

from hidraw import Hidraw  # noqa: E402
from lines import ControlServer, DeviceLine  # noqa: E402
from serial_node import SerialNode  # noqa: E402
from usbfs import UsbFs  # noqa: E402

kinds = {'hid': Hidraw, 'bytes': SerialNode, 'usb': UsbFs}
testbed = UMockdev.Testbed.new()
plugged = {}
places = iter(range(1, 1 << 16))


def plug(model, late=False):
    line = DeviceLine(model)
    line.descriptor = base64.b64decode(line.hello.get('reportDescriptor', ''))
    faked = kinds[line.hello['bus']](testbed, next(places), line, late)
    plugged[faked.device.node] = faked
    return {'node': faked.device.node}


def appear(node, mode):
    plugged[node].appear(mode)


def unplug(node):
    plugged[node].unplug()


control, *command = sys.argv[1:]
server = ControlServer(control, {'plug': plug, 'appear': appear, 'unplug': unplug})
loop = GLib.MainLoop()
child = subprocess.Popen(command)
ending = []


def ended(_pid, status):
    ending.append(status)
    loop.quit()


GLib.child_watch_add(GLib.PRIORITY_DEFAULT, child.pid, ended)
loop.run()
# The testbed is taken down by its finalizer, which must not wait for clients that are gone.
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(ending[0]))
