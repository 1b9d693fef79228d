#!/bin/sh
# Runs when the Debian package has been removed. An upgrade has installed the new rules by then and keeps them.
set -e
[ "$1" = upgrade ] && exit 0
rm -f '/usr/bin/${executable}' /usr/lib/udev/rules.d/60-limen.rules
if command -v udevadm >/dev/null && [ -d /run/udev ]; then udevadm control --reload; fi
