#!/bin/sh
# Runs when the Debian package has been unpacked; the names in ${} are filled in by electron-builder.
set -e
program='/opt/${sanitizedProductName}'

ln -sf "$program/"'${executable}' '/usr/bin/${executable}'

# Chromium's sandbox needs user namespaces, or else a helper that runs as root.
if [ -L /proc/self/ns/user ] && unshare --user true 2>/dev/null; then
  chmod 0755 "$program/chrome-sandbox"
else
  chmod 4755 "$program/chrome-sandbox"
fi

# The group that may open the devices, and the rules that give them to it, also of devices that are plugged in already.
getent group limen >/dev/null || groupadd --system limen
install -D -m 0644 "$program/resources/60-limen.rules" /usr/lib/udev/rules.d/60-limen.rules
if command -v udevadm >/dev/null && [ -d /run/udev ]; then
  udevadm control --reload
  udevadm trigger --subsystem-match=hidraw --subsystem-match=tty --subsystem-match=usb --subsystem-match=input
fi
