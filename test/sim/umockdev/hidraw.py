"""A HID device behind /dev/hidrawN, whose reports and features are those of a hosted model."""
import errno
import fcntl
import os
import struct

from gi.repository import GLib, UMockdev

from lines import write_whole
from nodes import FakedDevice, usb_device

# Numbers of the HIDIOC* requests, linux/hidraw.h.
GRDESCSIZE, GRDESC, GRAWINFO, GRAWNAME, GRAWPHYS, SFEATURE, GFEATURE, GRAWUNIQ = 1, 2, 3, 4, 5, 6, 7, 8
BUS_USB = 3
SLOTS = 64  # hidraw keeps as many reports for each reader, and drops what comes after
PAGE = 4096
# The kernel gives a control transfer up after five seconds; half a second is as good to those who wait for less.
FEATURE_MS = 500


class Hidraw(UMockdev.IoctlBase):
    def __init__(self, testbed, place, line, late):
        super().__init__()
        self.line = line
        hello = line.hello
        self.descriptor = line.descriptor
        self.ids = (BUS_USB, hello['vendorId'], hello['productId'])
        self.names = {
            GRAWNAME: f"Limen {hello['product']}",
            GRAWPHYS: f'usb-0000:00:14.0-{place}/input0',
            GRAWUNIQ: hello['serial'],
        }
        self.gone = False
        self.open = 0
        self.asked = {}
        self.tag = 0
        usb, description = usb_device(place, hello, 3)
        hid = f"{usb}/1-{place}:1.0/0003:{hello['vendorId']:04X}:{hello['productId']:04X}.{place:04X}"
        raw = f'{hid}/hidraw/hidraw{place}'
        testbed.add_from_string(description + f'''
P: {hid}
E: SUBSYSTEM=hid
E: HID_ID=0003:{hello['vendorId']:08X}:{hello['productId']:08X}
E: HID_NAME={self.names[GRAWNAME]}
E: HID_PHYS={self.names[GRAWPHYS]}
E: HID_UNIQ={hello['serial']}
H: report_descriptor={self.descriptor.hex().upper()}
L: driver=../../../../../../../../bus/hid/drivers/hid-generic

P: {raw}
N: hidraw{place}
E: DEVNAME=/dev/hidraw{place}
E: SUBSYSTEM=hidraw
A: dev=240:{place}\\n
L: device=../../../{os.path.basename(hid)}
''')
        self.device = FakedDevice(testbed, [raw, hid, f'{usb}/1-{place}:1.0', usb], f'/dev/hidraw{place}')
        os.unlink(self.device.file)
        testbed.attach_ioctl(self.device.node, self)
        self.writer = None
        if not late:
            self.appear(0o600)
        line.hear = self.hear

    def appear(self, mode):
        """
        umockdev makes the node a pseudo-terminal: a byte stream that merges queued reports. A FIFO whose writer is in packet
        mode (O_DIRECT, pipe(2)) keeps one report a read(), as hidraw does, each in a page of its own.
        """
        if self.writer is not None:
            return os.chmod(self.device.file, mode)
        staged = self.device.file + '.new'
        os.mkfifo(staged, 0o600)
        self.writer = os.open(staged, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(self.writer, fcntl.F_SETFL, os.O_DIRECT | os.O_NONBLOCK)
        fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, SLOTS * PAGE)
        os.chmod(staged, mode)
        return os.rename(staged, self.device.file)

    def hear(self, kind, tag, payload):
        if kind == 'i' and self.open and not self.gone:
            write_whole(self.writer, payload)
        elif kind == 'u':
            self.unplug()
        elif tag in self.asked:
            self.asked.pop(tag)(payload)

    def unplug(self):
        if self.gone:
            return
        self.gone = True
        self.line.send('p')
        for answer in list(self.asked.values()):
            answer(b'')
        self.asked.clear()
        if self.writer is not None:
            write_whole(self.writer, b'x')  # wakes whoever polls; the read that follows fails
        self.device.vanish()

    def do_client_connected(self, client):
        self.open += 1

    def do_client_vanished(self, client):
        self.open -= 1
        if self.open == 0 and not self.gone:
            self.drain()

    def drain(self):
        """What nobody read is forgotten when the last one closes."""
        try:
            while os.read(self.writer, PAGE):
                pass
        except BlockingIOError:
            pass

    def do_handle_read(self, client):
        if self.gone:
            client.complete(-1, errno.EIO)
        return self.gone  # else the client reads the FIFO itself

    def do_handle_write(self, client):
        if self.gone:
            client.complete(-1, errno.ENODEV)
            return True
        report = bytes(client.get_arg().retrieve())
        self.line.send('o', report)
        client.complete(len(report), 0)
        return True

    def do_handle_ioctl(self, client):
        request = client.get_request()
        number, size = request & 0xff, (request >> 16) & 0x3fff
        if (request >> 8) & 0xff != ord('H'):
            return False
        if self.gone:
            client.complete(-1, errno.ENODEV)
            return True
        argument = client.get_arg()

        def give(data, room):
            argument.resolve(0, room).update(0, data)

        if number == GRDESCSIZE:
            give(struct.pack('i', len(self.descriptor)), 4)
            client.complete(0, 0)
        elif number == GRDESC:
            give(struct.pack('I', len(self.descriptor)) + self.descriptor, 4 + 4096)
            client.complete(0, 0)
        elif number == GRAWINFO:
            give(struct.pack('IHH', *self.ids), 8)
            client.complete(0, 0)
        elif number in self.names:
            text = self.names[number].encode()[:size - 1] + b'\0'
            give(text, size)
            client.complete(len(text), 0)
        elif number == SFEATURE:
            report = bytes(argument.resolve(0, size).retrieve())
            self.ask('s', report, client, lambda _: client.complete(size, 0))
        elif number == GFEATURE:
            room = argument.resolve(0, size)
            report_id = bytes(room.retrieve())[0]

            def answered(report):
                room.update(0, report[:size])
                client.complete(min(size, len(report)), 0)

            self.ask('g', struct.pack('<BH', report_id, size), client, answered)
        else:
            client.complete(-1, errno.ENOTTY)
        return True

    def ask(self, kind, payload, client, answered):
        """Asks the model; one that does not answer fails the request as the kernel would, only sooner."""
        self.tag += 1
        tag = self.tag

        def settle(reply):
            if reply:
                answered(reply[1:])
            elif self.gone:
                client.complete(-1, errno.ENODEV)
            else:
                GLib.timeout_add(FEATURE_MS, lambda: client.complete(-1, errno.ETIMEDOUT) and False)

        self.asked[tag] = settle
        self.line.send(kind, payload, tag)
