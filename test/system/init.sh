#!/bin/busybox sh
# The first process of the system tests' guest. The machine's own files are its root, read-only; what is written goes to
# memory. The console is ttyS0; what the tests say goes to ttyS1, where no kernel message can tear it.
/bin/busybox mkdir -p /dev /proc /sys /root
/bin/busybox --install -s /bin
export PATH=/bin
fail() { echo "limen: $*"; poweroff -f; }

mount -t proc proc /proc && mount -t sysfs sys /sys && mount -t devtmpfs dev /dev || fail 'no proc, sys or dev'
while read -r module parameters; do
  insmod "/modules/$module" $parameters || fail "module $module"
done < /modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro files /root || fail 'no files'
mount -t configfs config /sys/kernel/config || fail 'no configfs'
mkdir -p /dev/pts /dev/shm
for folder in proc sys dev; do mount --rbind "/$folder" "/root/$folder" || fail "no $folder"; done
mount -t devpts pts /root/dev/pts
for folder in /root/dev/shm /root/run; do mount -t tmpfs memory "$folder" || fail "no $folder"; done

value() { tr ' ' '\n' < /proc/cmdline | sed -n "s/^limen.$1=//p" | sed 's/%20/ /g'; }
echo "limen: guest up after $(cut -d' ' -f1 /proc/uptime) s"
chroot /root /bin/sh "$(value folder)/test/system/guest.sh" "$(value folder)" $(value arguments) > /dev/ttyS1 2>&1
echo "limen: guest ends with $?"
echo "limen: guest was up for $(cut -d' ' -f1 /proc/uptime) s, and had nothing to do for $(cut -d' ' -f2 /proc/uptime) s of them"
poweroff -f
