"""Sockets of the bridge, all on one GLib loop: device frames as in test/sim/devices/device-frames.ts, verbs as in test/sim/control.ts."""
import json
import os
import socket
import struct

from gi.repository import GLib

GONE = GLib.IOCondition.HUP | GLib.IOCondition.ERR


class DeviceLine:
    """The line to one hosted model. The model says who it is before this returns."""

    def __init__(self, path):
        self.hear = lambda kind, tag, payload: None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.waiting = b''
        frames = []
        while not frames:
            self.waiting += self.socket.recv(65536)
            frames = self.frames()
        self.hello = json.loads(frames[0][2])
        self.watch = GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, self.socket.fileno(), GLib.IOCondition.IN | GONE, self.receive)

    def receive(self, _fd, _condition):
        chunk = self.socket.recv(65536)
        self.waiting += chunk
        for frame in self.frames():
            self.hear(*frame)
        return bool(chunk)

    def frames(self):
        found = []
        while len(self.waiting) >= 9:
            length, kind, tag = struct.unpack_from('<IcI', self.waiting)
            if len(self.waiting) < 4 + length:
                break
            found.append((kind.decode(), tag, self.waiting[9:4 + length]))
            self.waiting = self.waiting[4 + length:]
        return found

    def send(self, kind, payload=b'', tag=0):
        self.socket.sendall(struct.pack('<IcI', 5 + len(payload), kind.encode(), tag) + payload)


class ControlServer:
    """Serves verbs, one JSON object a line. A verb gets its arguments as keywords and gives what JSON can say."""

    def __init__(self, path, verbs):
        self.verbs = verbs
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen()
        self.buffers = {}
        GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, self.server.fileno(), GLib.IOCondition.IN, self.accept)

    def accept(self, _fd, _condition):
        client, _ = self.server.accept()
        self.buffers[client] = b''
        GLib.unix_fd_add_full(
            GLib.PRIORITY_DEFAULT, client.fileno(), GLib.IOCondition.IN | GONE, lambda *_: self.receive(client))
        return True

    def receive(self, client):
        try:
            chunk = client.recv(65536)
        except OSError:
            chunk = b''
        *lines, self.buffers[client] = (self.buffers[client] + chunk).split(b'\n')
        for line in lines:
            client.sendall((json.dumps(self.answer(json.loads(line))) + '\n').encode())
        return bool(chunk)

    def answer(self, asked):
        try:
            return {'id': asked['id'], 'value': self.verbs[asked['verb']](**asked['args'])}
        except Exception as error:  # told to whoever asked, whatever it is
            return {'id': asked['id'], 'error': repr(error)}


def write_whole(fd, data):
    """What a descriptor takes of the data without waiting."""
    try:
        return os.write(fd, data)
    except BlockingIOError:
        return 0
