"""A USB device behind /dev/bus/usb/BUS/DEVICE, whose every transfer is a hosted model's: enough of usbfs for libusb."""
import base64
import errno
import os
import struct
import termios
import tty
from collections import deque

from gi.repository import GLib, UMockdev

from nodes import FakedDevice, usb_device

# Numbers of the USBDEVFS_* requests, linux/usbdevice_fs.h.
SETINTERFACE, SETCONFIGURATION, GETDRIVER, SUBMITURB, DISCARDURB, REAPURB, REAPURBNDELAY = 4, 5, 8, 10, 11, 12, 13
CLAIMINTERFACE, RELEASEINTERFACE, IOCTL, RESET, CLEAR_HALT, GET_CAPABILITIES, DISCONNECT_CLAIM = 15, 16, 18, 20, 21, 26, 27
GET_SPEED = 31
ACCEPTED = {SETINTERFACE, SETCONFIGURATION, CLAIMINTERFACE, RELEASEINTERFACE, RESET, CLEAR_HALT, DISCONNECT_CLAIM}
ZERO_PACKET, NO_PACKET_SIZE_LIMIT, REAP_AFTER_DISCONNECT = 0x01, 0x04, 0x10
CONTROL = 2
GET_DESCRIPTOR, STRING, HIGH_SPEED = 6, 3, 3
URB = struct.Struct('<BBxxiIxxxxQiiiiiIQ')  # type, endpoint, status, flags, buffer, length, actual, ...
STATUS_AT, BUFFER_AT, ACTUAL_AT = 4, 16, 28
HELD_TRANSFERS = 4096


class Urb:
    def __init__(self, owner, address, data):
        self.owner, self.address, self.data = owner, address, data
        fields = URB.unpack(bytes(data.retrieve()))
        self.kind, self.endpoint, self.length = fields[0], fields[1], fields[5]
        self.buffer = data.resolve(BUFFER_AT, self.length) if self.length else None
        self.sent = bytes(self.buffer.retrieve()) if self.buffer else b''
        self.status, self.actual, self.received = 0, 0, (0, b'')


class UsbFs(UMockdev.IoctlBase):
    def __init__(self, testbed, place, line, late_ms):
        super().__init__()
        self.line = line
        self.gone = False
        self.tag = 0
        self.asked = {}      # control URBs that the model has been asked for, by tag
        self.waiting = {}    # IN URBs by endpoint
        self.held = {}       # what the device has said on an endpoint and nobody has read
        self.completed = {}  # by open file
        hello = line.hello
        self.texts = {2: hello['product'], 3: hello['serial']}
        descriptors = base64.b64decode(hello['descriptors'])
        usb, description = usb_device(place, hello, descriptors[18 + 9 + 5])
        paths = [f'{usb}/1-{place}:1.0', usb]
        speed = 'A: speed=480\\n\nA: bConfigurationValue=1\\n\nE: MAJOR=189\nE: MINOR=' + f'{place}\n'
        head, tail = description.split('\n\n', 1)
        description = f'{head}\n{speed}H: descriptors={descriptors.hex().upper()}\n\n{tail}'
        if line.descriptor:
            hid = f"{paths[0]}/0003:{hello['vendorId']:04X}:{hello['productId']:04X}.{place:04X}"
            description += f'\nP: {hid}\nE: SUBSYSTEM=hid\nH: report_descriptor={line.descriptor.hex().upper()}\n'
            paths.insert(0, hid)
        # A pseudo-terminal stands for the node: stopped it takes nothing, which is how usbfs shows that nothing is to be
        # reaped, and hung up it is in error, which is how usbfs shows that the device is gone.
        self.master, self.holder = os.openpty()
        tty.setraw(self.holder)
        self.ready(False)
        testbed.add_from_string(description)
        self.device = FakedDevice(testbed, paths, f'/dev/bus/usb/001/{place + 1:03}')
        os.unlink(self.device.file)
        testbed.attach_ioctl(self.device.node, self)
        GLib.timeout_add(late_ms, self.appear) if late_ms else self.appear()
        line.hear = self.hear

    def appear(self):
        if not self.gone:
            os.symlink(os.ttyname(self.holder), self.device.file)

    def ready(self, something):
        if not self.gone:
            termios.tcflow(self.holder, termios.TCOON if something else termios.TCOOFF)

    def hear(self, kind, tag, payload):
        if kind == 'u':
            self.unplug()
        elif kind == 'i' and not self.gone:
            held = self.held.setdefault(payload[0], deque())
            if len(held) < HELD_TRANSFERS:
                held.append(payload[1:])
            self.serve(payload[0])
        elif tag in self.asked and payload:  # no payload: the device is silent, and whoever asked gives up
            urb = self.asked.pop(tag)
            if payload[0] == 0:
                self.complete(urb, -errno.EPIPE)
            else:
                self.answer(urb, payload[1:])

    def serve(self, endpoint):
        """Gives what is held to the URBs that wait for it; a transfer longer than an URB goes on in the next."""
        held, waiting = self.held.get(endpoint, ()), self.waiting.get(endpoint, ())
        while held and waiting:
            urb, transfer = waiting.popleft(), held.popleft()
            if len(transfer) > urb.length:
                held.appendleft(transfer[urb.length:])
            self.receive(urb, 0, transfer[:urb.length])

    def receive(self, urb, at, data):
        urb.received = (at, data)
        urb.actual = len(data)
        self.complete(urb)

    def answer(self, urb, data):
        """The data of a control transfer stands behind its setup."""
        if urb.sent[0] & 0x80:
            self.receive(urb, 8, data[:urb.length - 8])
        else:
            urb.actual = urb.length - 8
            self.complete(urb)

    def complete(self, urb, status=0):
        urb.status = status
        self.completed.setdefault(urb.owner, deque()).append(urb)
        self.ready(True)

    def submit(self, owner, address, data):
        urb = Urb(owner, address, data)
        if urb.kind == CONTROL:
            return self.control(urb)
        if urb.endpoint & 0x80:
            self.waiting.setdefault(urb.endpoint, deque()).append(urb)
            return self.serve(urb.endpoint)
        self.line.send('o', bytes([urb.endpoint]) + urb.sent)
        urb.actual = urb.length
        return self.complete(urb)

    def control(self, urb):
        request_type, request, value = struct.unpack_from('<BBH', urb.sent)
        if request_type == 0x80 and request == GET_DESCRIPTOR and value >> 8 == STRING:
            return self.answer(urb, self.text(value & 0xff))
        self.tag += 1
        self.asked[self.tag] = urb
        return self.line.send('c', urb.sent[:8] if request_type & 0x80 else urb.sent, self.tag)

    def text(self, index):
        body = struct.pack('<H', 0x0409) if index == 0 else self.texts.get(index, 'Limen').encode('utf-16-le')
        return bytes([2 + len(body), STRING]) + body

    def discard(self, owner, address):
        for urbs in self.waiting.values():
            for urb in [urb for urb in urbs if urb.owner is owner and urb.address == address]:
                urbs.remove(urb)
                self.complete(urb, -errno.ENOENT)
                return True
        for tag, urb in list(self.asked.items()):
            if urb.owner is owner and urb.address == address:
                del self.asked[tag]
                self.complete(urb, -errno.ENOENT)
                return True
        return False

    def reap(self, client, argument):
        completed = self.completed.get(client)
        if not completed:
            return client.complete(-1, errno.ENODEV if self.gone else errno.EAGAIN)
        urb = completed.popleft()
        at, data = urb.received
        if data:
            urb.buffer.update(at, data)
        urb.data.update(STATUS_AT, struct.pack('<i', urb.status))
        urb.data.update(ACTUAL_AT, struct.pack('<i', urb.actual))
        # What hangs on the argument is written to the client's memory when the request completes.
        argument.resolve(0, 8).set_ptr(0, urb.data)
        client.complete(0, 0)
        return self.ready(any(self.completed.values()))

    def unplug(self):
        if self.gone:
            return
        for urb in [urb for urbs in self.waiting.values() for urb in urbs] + list(self.asked.values()):
            self.complete(urb, -errno.ESHUTDOWN)
        self.waiting.clear()
        self.asked.clear()
        self.gone = True
        self.line.send('p')
        self.device.vanish()
        os.close(self.holder)
        os.close(self.master)

    def do_client_vanished(self, client):
        self.completed.pop(client, None)
        for urbs in self.waiting.values():
            for urb in [urb for urb in urbs if urb.owner is client]:
                urbs.remove(urb)
        self.asked = {tag: urb for tag, urb in self.asked.items() if urb.owner is not client}
        self.ready(any(self.completed.values()))
        if not self.completed and not any(self.waiting.values()):
            self.held.clear()

    def do_handle_ioctl(self, client):
        request = client.get_request()
        number = request & 0xff
        if (request >> 8) & 0xff != ord('U'):
            return False
        argument = client.get_arg()
        if number in (REAPURB, REAPURBNDELAY):
            self.reap(client, argument)
        elif self.gone:
            client.complete(-1, errno.ENODEV)
        elif number == SUBMITURB:
            address = bytes(argument.retrieve())
            client_data = argument.resolve(0, URB.size)
            self.submit(client, address, client_data)
            client.complete(0, 0)
        elif number == DISCARDURB:
            found = self.discard(client, bytes(argument.retrieve()))
            client.complete(*((0, 0) if found else (-1, errno.EINVAL)))
        elif number == GET_CAPABILITIES:
            capabilities = ZERO_PACKET | NO_PACKET_SIZE_LIMIT | REAP_AFTER_DISCONNECT
            argument.resolve(0, 4).update(0, struct.pack('<I', capabilities))
            client.complete(0, 0)
        elif number == GET_SPEED:
            client.complete(HIGH_SPEED, 0)
        elif number in ACCEPTED:
            client.complete(0, 0)
        elif number in (GETDRIVER, IOCTL):
            client.complete(-1, errno.ENODATA)  # no driver of the kernel holds it
        else:
            client.complete(-1, errno.ENOTTY)
        return True
