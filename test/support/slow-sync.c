/* Loaded before libc (LD_PRELOAD): each sync of a file takes a millisecond longer, as on a disk that is slower than this one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int slow_sync(const char *name, int file) {
  int (*real_sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct timespec one_millisecond = {0, 1000000};
  nanosleep(&one_millisecond, 0);
  return real_sync(file);
}

int fsync(int file) { return slow_sync("fsync", file); }
int fdatasync(int file) { return slow_sync("fdatasync", file); }
