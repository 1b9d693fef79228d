/*
 * Stands between a process and its files (LD_PRELOAD) and does to those under LIMEN_DISK what the environment says. Counts are
 * of calls on such files, from 1.
 *   LIMEN_TORN_AT=n        the nth write puts down a third of its bytes, and the process is killed there
 *   LIMEN_SYNC_FAILS_AT=n  the nth sync fails with EIO, and what was not synced before is gone from the file, as it is when a
 *                          kernel marks pages clean that it could not write
 *   LIMEN_SYNC_LIES=1      no sync reaches the disk, all say that they did
 *   LIMEN_FULL_EVERY=n     every nth write fails with ENOSPC
 *   LIMEN_JOURNAL=FILE     writes, truncations, removals and syncs are written down there as they happen
 *   LIMEN_CLOCK_OFFSET_S=s the clock is so many seconds ahead
 * gcc -shared -fPIC -o disk.so disk.c
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(name) *)real(#name))

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, REMOVE = 4 };

struct change {
  struct change *before;
  char path[PATH_MAX];
  off64_t offset, size_before;
  ssize_t length;
  char bytes[];
};

static struct change *unsynced;
static long writes, syncs;
static int journal = -1;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static long setting(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int under(const char *path) {
  const char *disk = getenv("LIMEN_DISK");
  return disk && strncmp(path, disk, strlen(disk)) == 0;
}

static int watched(int fd, char *path) {
  if (!getenv("LIMEN_DISK")) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return under(path);
}

static void note(uint64_t what, const char *path, uint64_t offset, const void *bytes, uint64_t length) {
  const char *file = getenv("LIMEN_JOURNAL");
  if (!file) return;
  if (journal < 0) journal = open64(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  uint64_t head[4] = {what, strlen(path), offset, length};
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, head[1]}, {(void *)bytes, length}};
  if (writev(journal, parts, 3) < 0) abort();
}

/* Keeps what a write is about to change, so that a sync that fails can lose it. */
static void keep(int fd, const char *path, off64_t offset, size_t size) {
  if (!setting("LIMEN_SYNC_FAILS_AT")) return;
  struct stat64 is;
  fstat64(fd, &is);
  struct change *change = malloc(sizeof *change + size);
  strcpy(change->path, path);
  change->offset = offset;
  change->size_before = is.st_size;
  int readable = open64(path, O_RDONLY | O_CLOEXEC);
  change->length = pread64(readable, change->bytes, size, offset);
  close(readable);
  change->before = unsynced;
  unsynced = change;
}

static void forget(const char *path, int lose) {
  for (struct change **at = &unsynced; *at;) {
    struct change *change = *at;
    if (strcmp(change->path, path) != 0) {
      at = &change->before;
      continue;
    }
    if (lose) {
      int file = open64(path, O_WRONLY | O_CLOEXEC);
      if (change->length > 0) REAL(pwrite64)(file, change->bytes, change->length, change->offset);
      if (REAL(ftruncate64)(file, change->size_before) < 0) abort();
      close(file);
    }
    *at = change->before;
    free(change);
  }
}

static int must_fail(int fd, const char *path, const void *bytes, size_t size, off64_t offset) {
  long torn = setting("LIMEN_TORN_AT"), full = setting("LIMEN_FULL_EVERY");
  writes++;
  if (full && writes % full == 0) return errno = ENOSPC, 1;
  if (torn && writes == torn) {
    REAL(pwrite64)(fd, bytes, size / 3, offset);
    kill(getpid(), SIGKILL);
  }
  keep(fd, path, offset, size);
  return 0;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  char path[PATH_MAX];
  if (!watched(fd, path)) return REAL(pwrite64)(fd, bytes, size, offset);
  if (must_fail(fd, path, bytes, size, offset)) return -1;
  ssize_t done = REAL(pwrite64)(fd, bytes, size, offset);
  if (done > 0) note(WRITE, path, offset, bytes, done);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) { return pwrite64(fd, bytes, size, offset); }

ssize_t write(int fd, const void *bytes, size_t size) {
  char path[PATH_MAX];
  if (!watched(fd, path)) return REAL(write)(fd, bytes, size);
  off64_t offset = lseek64(fd, 0, SEEK_CUR);
  if (must_fail(fd, path, bytes, size, offset)) return -1;
  ssize_t done = REAL(write)(fd, bytes, size);
  if (done > 0) note(WRITE, path, offset, bytes, done);
  return done;
}

int ftruncate64(int fd, off64_t size) {
  char path[PATH_MAX];
  int done = REAL(ftruncate64)(fd, size);
  if (done == 0 && watched(fd, path)) note(TRUNCATE, path, size, "", 0);
  return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) {
  int done = REAL(unlink)(path);
  if (done == 0 && under(path)) note(REMOVE, path, 0, "", 0);
  return done;
}

static int sync_with(int (*sync)(int), int fd) {
  char path[PATH_MAX];
  struct stat64 is;
  if (!watched(fd, path) || fstat64(fd, &is) != 0 || !S_ISREG(is.st_mode)) return sync(fd);
  if (setting("LIMEN_SYNC_LIES")) return 0;
  if (++syncs == setting("LIMEN_SYNC_FAILS_AT")) {
    forget(path, 1);
    return errno = EIO, -1;
  }
  int done = sync(fd);
  if (done == 0) forget(path, 0), note(SYNC, path, 0, "", 0);
  return done;
}

int fsync(int fd) { return sync_with(REAL(fsync), fd); }

int fdatasync(int fd) { return sync_with(REAL(fdatasync), fd); }

int clock_gettime(clockid_t clock, struct timespec *now) {
  static __typeof__(clock_gettime) *real_clock;
  if (!real_clock) real_clock = real("clock_gettime");
  int done = real_clock(clock, now);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += setting("LIMEN_CLOCK_OFFSET_S");
  return done;
}

int gettimeofday(struct timeval *now, void *zone) {
  int done = ((int (*)(struct timeval *, void *))real("gettimeofday"))(now, zone);
  if (done == 0) now->tv_sec += setting("LIMEN_CLOCK_OFFSET_S");
  return done;
}

time_t time(time_t *now) {
  time_t is = ((time_t(*)(time_t *))real("time"))(NULL) + setting("LIMEN_CLOCK_OFFSET_S");
  return now ? (*now = is) : is;
}
