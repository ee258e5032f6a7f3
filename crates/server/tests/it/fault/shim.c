/* Loaded before the C library: makes writes or flushes of files below one directory fail while a switch says so.
 * FAULT_DIR names the directory, FAULT_SWITCH a file: `w` in it fails writes for want of room, `s` fails flushes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_broken(int fd, char what) {
    const char *dir = getenv("FAULT_DIR"), *path = getenv("FAULT_SWITCH");
    if (!dir || !path) return 0;
    int saved = errno, found = 0;
    char mode = 0, link[64], name[PATH_MAX];
    int sw = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (sw >= 0) {
        if (syscall(SYS_read, sw, &mode, 1) != 1) mode = 0;
        syscall(SYS_close, sw);
    }
    if (mode == what) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, name, sizeof name - 1);
        found = n > 0 && (name[n] = 0, strncmp(name, dir, strlen(dir)) == 0);
    }
    errno = saved;
    return found;
}

#define NEXT(type, name, args) static type(*next) args; if (!next) next = (type(*) args)dlsym(RTLD_NEXT, #name)
#define FAIL(fd, what, code) if (is_broken(fd, what)) { errno = code; return -1; }

ssize_t write(int fd, const void *b, size_t n) {
    NEXT(ssize_t, write, (int, const void *, size_t)); FAIL(fd, 'w', ENOSPC) return next(fd, b, n);
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
    NEXT(ssize_t, pwrite, (int, const void *, size_t, off_t)); FAIL(fd, 'w', ENOSPC) return next(fd, b, n, o);
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
    NEXT(ssize_t, pwrite64, (int, const void *, size_t, off64_t)); FAIL(fd, 'w', ENOSPC) return next(fd, b, n, o);
}
ssize_t writev(int fd, const struct iovec *v, int n) {
    NEXT(ssize_t, writev, (int, const struct iovec *, int)); FAIL(fd, 'w', ENOSPC) return next(fd, v, n);
}
int fsync(int fd) {
    NEXT(int, fsync, (int)); FAIL(fd, 's', EIO) return next(fd);
}
int fdatasync(int fd) {
    NEXT(int, fdatasync, (int)); FAIL(fd, 's', EIO) return next(fd);
}
