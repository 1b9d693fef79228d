/* Cuts the power of an ext4 file system: what was not flushed is gone, and nothing more is written. power MOUNTPOINT (root) */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define EXT4_IOC_SHUTDOWN _IOR('X', 125, uint32_t)
#define NO_LOG_FLUSH 2

int main(int argc, char **argv) {
  uint32_t how = NO_LOG_FLUSH;
  int directory = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  if (directory < 0 || ioctl(directory, EXT4_IOC_SHUTDOWN, &how) != 0) return perror("power"), 1;
  return 0;
}
