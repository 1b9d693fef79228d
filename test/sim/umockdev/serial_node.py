"""A USB serial device behind /dev/ttyACMN: a pseudo-terminal whose other end is a hosted model."""
import os
import tty

from gi.repository import GLib

from lines import write_whole
from nodes import FakedDevice, usb_device


class SerialNode:
    def __init__(self, testbed, place, line, late):
        self.line = line
        self.gone = False
        hello = line.hello
        usb, description = usb_device(place, hello, 2)
        path = f'{usb}/1-{place}:1.0/tty/ttyACM{place}'
        testbed.add_from_string(description + f'''
P: {path}
N: ttyACM{place}
E: DEVNAME=/dev/ttyACM{place}
E: SUBSYSTEM=tty
E: ID_VENDOR_ID={hello['vendorId']:04x}
E: ID_MODEL_ID={hello['productId']:04x}
E: ID_SERIAL_SHORT={hello['serial']}
A: dev=166:{place}\\n
''')
        self.device = FakedDevice(testbed, [path, f'{usb}/1-{place}:1.0', usb], f'/dev/ttyACM{place}')
        # umockdev's own pseudo-terminal cannot be hung up. The far end of this one is held open here, or it would hang up
        # whenever the last client closes it.
        self.master, self.holder = os.openpty()
        os.set_blocking(self.master, False)
        tty.setraw(self.holder)
        os.unlink(self.device.file)
        if not late:
            self.appear()
        self.waiting = b''
        self.writing = 0
        self.reading = GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, self.master, GLib.IOCondition.IN, self.receive)
        line.hear = self.hear

    def appear(self, _mode=0o600):
        os.symlink(os.ttyname(self.holder), self.device.file)

    def receive(self, _fd, _condition):
        self.line.send('o', os.read(self.master, 65536))
        return True

    def hear(self, kind, _tag, payload):
        if kind == 'u':
            self.unplug()
        elif kind == 'i' and not self.gone:
            self.waiting += payload
            if not self.writing:
                self.writing = GLib.unix_fd_add_full(
                    GLib.PRIORITY_DEFAULT, self.master, GLib.IOCondition.OUT, self.write)

    def write(self, _fd, _condition):
        self.waiting = self.waiting[write_whole(self.master, self.waiting):]
        if not self.waiting:
            self.writing = 0
        return bool(self.waiting)

    def unplug(self):
        if self.gone:
            return
        self.gone = True
        self.line.send('p')
        GLib.source_remove(self.reading)
        if self.writing:
            GLib.source_remove(self.writing)
        os.close(self.holder)
        os.close(self.master)
        self.device.vanish()
