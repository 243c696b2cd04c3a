// Preloaded: while the file $FAILING exists, writes to files whose name begins with $FAILING_BELOW fail with $FAILING_WITH
// (an errno), as on a file system that went read-only or a disk that went bad.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int fd) {
  const char *flag = getenv("FAILING"), *below = getenv("FAILING_BELOW");
  char link[32], name[4096];
  if (!flag || !below || access(flag, F_OK) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, name, sizeof name - 1);
  if (n < 0) return 0;
  name[n] = 0;
  if (strncmp(name, below, strlen(below)) != 0) return 0;
  errno = atoi(getenv("FAILING_WITH"));
  return 1;
}

// What this file stands before.
#define NEXT(name) static __typeof__(name) *next; if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  NEXT(pwrite64);
  return fails(fd) ? -1 : next(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  NEXT(pwrite);
  return fails(fd) ? -1 : next(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  NEXT(write);
  return fails(fd) ? -1 : next(fd, bytes, count);
}

int fdatasync(int fd) {
  NEXT(fdatasync);
  return fails(fd) ? -1 : next(fd);
}

int ftruncate64(int fd, off64_t size) {
  NEXT(ftruncate64);
  return fails(fd) ? -1 : next(fd, size);
}
