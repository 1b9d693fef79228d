"""What every faked device has: places in sysfs that come and go with it."""
import os


def usb_device(place, hello, interface_class):
    """The USB device and its one interface, in umockdev's description language. A place is never given twice."""
    usb = f'/devices/pci0000:00/0000:00:14.0/usb1/1-{place}'
    return usb, f'''P: {usb}
N: bus/usb/001/{place + 1:03}
E: DEVTYPE=usb_device
E: DEVNAME=/dev/bus/usb/001/{place + 1:03}
E: BUSNUM=001
E: DEVNUM={place + 1:03}
E: SUBSYSTEM=usb
A: idVendor={hello['vendorId']:04x}\\n
A: idProduct={hello['productId']:04x}\\n
A: bcdDevice=0100\\n
A: busnum=1\\n
A: devnum={place + 1}\\n
A: manufacturer=Limen\\n
A: product={hello['product']}\\n
A: serial={hello['serial']}\\n

P: {usb}/1-{place}:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
A: bInterfaceNumber=00\\n
A: bInterfaceClass={interface_class:02x}\\n
'''


class FakedDevice:
    """A device whose nodes are listed from the leaf to the root."""

    def __init__(self, testbed, paths, node):
        self.testbed = testbed
        self.paths = ['/sys' + path for path in paths]
        self.node = node

    @property
    def file(self):
        return os.path.join(self.testbed.get_root_dir(), self.node.lstrip('/'))

    def vanish(self):
        for path in self.paths:
            self.testbed.uevent(path, 'remove')
        for path in self.paths:
            self.testbed.remove_device(path)
