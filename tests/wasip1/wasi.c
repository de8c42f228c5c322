// See wasi.h.

#define _GNU_SOURCE

#include "wasi.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    BADF = 8, EXIST = 20, FAULT = 21, INVAL = 28, IO = 29, MFILE = 33, NAMETOOLONG = 37, NOENT = 44,
    NOTCAPABLE = 76,
};

static const uint8_t ERRORS[][2] = {
    {EACCES, 2}, {EAGAIN, 6}, {EBADF, BADF}, {EBUSY, 10}, {EEXIST, EXIST}, {EFBIG, 22}, {EINTR, 27},
    {EINVAL, INVAL}, {EIO, IO}, {EISDIR, 31}, {ELOOP, 32}, {EMFILE, MFILE}, {EMLINK, 34},
    {ENAMETOOLONG, NAMETOOLONG}, {ENFILE, 41}, {ENODEV, 43}, {ENOENT, NOENT}, {ENOMEM, 48}, {ENOSPC, 51},
    {ENOSYS, 52}, {ENOTDIR, 54}, {ENOTEMPTY, 55}, {ENOTSUP, 58}, {ENXIO, 60}, {EOVERFLOW, 61},
    {EPERM, 63}, {EPIPE, 64}, {EROFS, 69}, {ESPIPE, 70}, {ETXTBSY, 74}, {EXDEV, 75},
};

static uint32_t failed(void) {
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++)
        if (ERRORS[i][0] == errno) return ERRORS[i][1];
    return IO;
}

static uint32_t done(int result) { return result < 0 ? failed() : 0; }

// A range of the memory, or none.
static uint8_t *at(struct wasi *wasi, uint32_t address, uint64_t length) {
    uint64_t size;
    uint8_t *memory = wasi->memory(wasi->context, &size);
    return address + length > size ? NULL : memory + address;
}

// Those who use this put up with a fault: it ends the program.
static uint8_t *range(struct wasi *wasi, uint32_t address, uint64_t length) {
    uint8_t *found = at(wasi, address, length);
    if (!found) {
        fprintf(stderr, "wasi: a pointer leads out of the memory\n");
        exit(FAULT);
    }
    return found;
}

static void put16(uint8_t *to, uint16_t value) { memcpy(to, &value, sizeof value); }
static void put32(uint8_t *to, uint32_t value) { memcpy(to, &value, sizeof value); }
static void put64(uint8_t *to, uint64_t value) { memcpy(to, &value, sizeof value); }
static uint32_t get32(const uint8_t *from) { uint32_t value; memcpy(&value, from, sizeof value); return value; }
static uint64_t get64(const uint8_t *from) { uint64_t value; memcpy(&value, from, sizeof value); return value; }

static uint32_t out32(struct wasi *wasi, uint32_t to, uint32_t value) {
    put32(range(wasi, to, 4), value);
    return 0;
}

static uint32_t out64(struct wasi *wasi, uint32_t to, uint64_t value) {
    put64(range(wasi, to, 8), value);
    return 0;
}

static int file(struct wasi *wasi, uint32_t fd) { return fd < WASI_FILES ? wasi->files[fd] : -1; }

// A socket that listens, at a port that is written to a file.
static int listener(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int found = socket(AF_INET, SOCK_STREAM, 0);
    FILE *told = fopen(port, "w");
    if (found < 0 || !told || bind(found, (struct sockaddr *)&address, length) < 0 || listen(found, 8) < 0
        || getsockname(found, (struct sockaddr *)&address, &length) < 0) {
        perror(port);
        exit(2);
    }
    fprintf(told, "%d\n", ntohs(address.sin_port));
    fclose(told);
    return found;
}

void wasi_open(struct wasi *wasi, char **arguments, char **environment, const char *folder) {
    wasi->arguments = arguments;
    wasi->environment = environment;
    for (int i = 0; i < WASI_FILES; i++) {
        wasi->files[i] = i < 3 ? i : -1;
        wasi->flags[i] = 0;
    }
    wasi->files[3] = open(folder, O_RDONLY | O_DIRECTORY);
    if (wasi->files[3] < 0) {
        perror(folder);
        exit(2);
    }
    const char *port = getenv("WASI_LISTEN");
    if (port) wasi->files[4] = listener(port);
}

void wasi_proc_exit(struct wasi *wasi, uint32_t code) {
    (void)wasi;
    exit((int)code);
}

static uint32_t texts(struct wasi *wasi, char **all, uint32_t pointers, uint32_t bytes) {
    for (; *all; all++, pointers += 4) {
        uint32_t length = strlen(*all) + 1;
        memcpy(range(wasi, bytes, length), *all, length);
        put32(range(wasi, pointers, 4), bytes);
        bytes += length;
    }
    return 0;
}

static uint32_t sizes(struct wasi *wasi, char **all, uint32_t count, uint32_t size) {
    uint32_t number = 0, length = 0;
    for (; *all; all++, number++) length += strlen(*all) + 1;
    out32(wasi, count, number);
    return out32(wasi, size, length);
}

uint32_t wasi_args_get(struct wasi *wasi, uint32_t pointers, uint32_t bytes) {
    return texts(wasi, wasi->arguments, pointers, bytes);
}

uint32_t wasi_args_sizes_get(struct wasi *wasi, uint32_t count, uint32_t size) {
    return sizes(wasi, wasi->arguments, count, size);
}

uint32_t wasi_environ_get(struct wasi *wasi, uint32_t pointers, uint32_t bytes) {
    return texts(wasi, wasi->environment, pointers, bytes);
}

uint32_t wasi_environ_sizes_get(struct wasi *wasi, uint32_t count, uint32_t size) {
    return sizes(wasi, wasi->environment, count, size);
}

static uint64_t nanoseconds(struct timespec time) {
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static struct timespec timespec(uint64_t nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return time;
}

static clockid_t clock_of(uint32_t id) { return id == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC; }

static uint64_t now(uint32_t id) {
    struct timespec time;
    clock_gettime(clock_of(id), &time);
    return nanoseconds(time);
}

uint32_t wasi_clock_res_get(struct wasi *wasi, uint32_t id, uint32_t out) {
    struct timespec time;
    if (id > 1) return INVAL;
    clock_getres(clock_of(id), &time);
    return out64(wasi, out, nanoseconds(time));
}

uint32_t wasi_clock_time_get(struct wasi *wasi, uint32_t id, uint64_t precision, uint32_t out) {
    (void)precision;
    return id > 1 ? INVAL : out64(wasi, out, now(id));
}

uint32_t wasi_random_get(struct wasi *wasi, uint32_t buffer, uint32_t length) {
    uint8_t *to = range(wasi, buffer, length);
    while (length > 0) {
        uint32_t part = length < 256 ? length : 256;
        if (getrandom(to, part, 0) != (ssize_t)part) return IO;
        to += part;
        length -= part;
    }
    return 0;
}

uint32_t wasi_sched_yield(struct wasi *wasi, uint32_t nothing) {
    (void)wasi;
    (void)nothing;
    return 0;
}

uint32_t wasi_fd_advise(struct wasi *wasi, uint32_t fd, uint64_t begin, uint64_t length, uint32_t advice) {
    return advice > 5 ? INVAL : done(posix_fadvise(file(wasi, fd), begin, length, (int)advice));
}

uint32_t wasi_fd_close(struct wasi *wasi, uint32_t fd) {
    int closed = file(wasi, fd);
    if (closed < 0) return BADF;
    wasi->files[fd] = -1;
    return done(close(closed));
}

uint32_t wasi_fd_datasync(struct wasi *wasi, uint32_t fd) { return done(fdatasync(file(wasi, fd))); }

uint32_t wasi_fd_sync(struct wasi *wasi, uint32_t fd) { return done(fsync(file(wasi, fd))); }

static uint8_t kind(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFBLK: return 1;
    case S_IFCHR: return 2;
    case S_IFDIR: return 3;
    case S_IFREG: return 4;
    case S_IFSOCK: return 6;
    case S_IFLNK: return 7;
    default: return 0;
    }
}

uint32_t wasi_fd_fdstat_get(struct wasi *wasi, uint32_t fd, uint32_t out) {
    struct stat stat;
    if (fstat(file(wasi, fd), &stat) < 0) return failed();
    uint8_t *to = range(wasi, out, 24);
    memset(to, 0, 24);
    to[0] = kind(stat.st_mode);
    put16(to + 2, wasi->flags[fd]);
    put64(to + 8, UINT64_MAX >> 34);
    put64(to + 16, UINT64_MAX >> 34);
    return 0;
}

uint32_t wasi_fd_fdstat_set_flags(struct wasi *wasi, uint32_t fd, uint32_t flags) {
    int host = fcntl(file(wasi, fd), F_GETFL);
    if (host < 0) return failed();
    host = flags & 1 ? host | O_APPEND : host & ~O_APPEND;
    host = flags & 4 ? host | O_NONBLOCK : host & ~O_NONBLOCK;
    if (fcntl(file(wasi, fd), F_SETFL, host) < 0) return failed();
    wasi->flags[fd] = flags;
    return 0;
}

static uint32_t filestat(struct wasi *wasi, const struct stat *stat, uint32_t out) {
    uint8_t *to = range(wasi, out, 64);
    memset(to, 0, 64);
    put64(to, stat->st_dev);
    put64(to + 8, stat->st_ino);
    to[16] = kind(stat->st_mode);
    put64(to + 24, stat->st_nlink);
    put64(to + 32, stat->st_size);
    put64(to + 40, nanoseconds(stat->st_atim));
    put64(to + 48, nanoseconds(stat->st_mtim));
    put64(to + 56, nanoseconds(stat->st_ctim));
    return 0;
}

uint32_t wasi_fd_filestat_get(struct wasi *wasi, uint32_t fd, uint32_t out) {
    struct stat stat;
    return fstat(file(wasi, fd), &stat) < 0 ? failed() : filestat(wasi, &stat, out);
}

uint32_t wasi_fd_filestat_set_size(struct wasi *wasi, uint32_t fd, uint64_t size) {
    return done(ftruncate(file(wasi, fd), size));
}

static void times(struct timespec to[2], uint64_t accessed, uint64_t modified, uint32_t which) {
    to[0] = timespec(accessed);
    to[1] = timespec(modified);
    for (int i = 0; i < 2; i++) {
        uint32_t said = which >> 2 * i;
        if (said & 2) to[i].tv_nsec = UTIME_NOW;
        else if (!(said & 1)) to[i].tv_nsec = UTIME_OMIT;
    }
}

uint32_t wasi_fd_filestat_set_times(struct wasi *wasi, uint32_t fd, uint64_t accessed, uint64_t modified,
                                    uint32_t which) {
    struct timespec both[2];
    times(both, accessed, modified, which);
    return done(futimens(file(wasi, fd), both));
}

uint32_t wasi_fd_prestat_get(struct wasi *wasi, uint32_t fd, uint32_t out) {
    if (fd != 3) return BADF;
    out32(wasi, out, 0);
    return out32(wasi, out + 4, 1);
}

uint32_t wasi_fd_prestat_dir_name(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length) {
    if (fd != 3) return BADF;
    if (length < 1) return NAMETOOLONG;
    *range(wasi, path, 1) = '.';
    return 0;
}

// Reads or writes what lies in several places.
static uint32_t transfer(struct wasi *wasi, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out,
                         ssize_t (*move)(int, const struct iovec *, int, off_t), off_t from) {
    struct iovec all[64];
    if (file(wasi, fd) < 0) return BADF;
    if (count > 64) count = 64;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *iov = range(wasi, iovs + 8 * i, 8);
        all[i].iov_len = get32(iov + 4);
        all[i].iov_base = range(wasi, get32(iov), all[i].iov_len);
    }
    ssize_t moved = move(file(wasi, fd), all, (int)count, from);
    return moved < 0 ? failed() : out32(wasi, out, moved);
}

static ssize_t read_here(int fd, const struct iovec *all, int count, off_t from) {
    (void)from;
    return readv(fd, all, count);
}

static ssize_t write_here(int fd, const struct iovec *all, int count, off_t from) {
    (void)from;
    return writev(fd, all, count);
}

uint32_t wasi_fd_read(struct wasi *wasi, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out) {
    return transfer(wasi, fd, iovs, count, out, read_here, 0);
}

uint32_t wasi_fd_write(struct wasi *wasi, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out) {
    return transfer(wasi, fd, iovs, count, out, write_here, 0);
}

uint32_t wasi_fd_pread(struct wasi *wasi, uint32_t fd, uint32_t iovs, uint32_t count, uint64_t from,
                       uint32_t out) {
    return transfer(wasi, fd, iovs, count, out, preadv, from);
}

uint32_t wasi_fd_pwrite(struct wasi *wasi, uint32_t fd, uint32_t iovs, uint32_t count, uint64_t from,
                        uint32_t out) {
    return transfer(wasi, fd, iovs, count, out, pwritev, from);
}

uint32_t wasi_fd_readdir(struct wasi *wasi, uint32_t fd, uint32_t buffer, uint32_t length, uint64_t cookie,
                         uint32_t out) {
    int again = openat(file(wasi, fd), ".", O_RDONLY | O_DIRECTORY);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    if (!folder) return failed();
    uint32_t used = 0;
    struct dirent *entry;
    for (uint64_t next = 1; used < length && (entry = readdir(folder)); next++) {
        if (next <= cookie) continue;
        uint8_t record[24 + NAME_MAX + 1] = {0};
        uint32_t size = strlen(entry->d_name);
        put64(record, next);
        put64(record + 8, entry->d_ino);
        put32(record + 16, size);
        record[20] = kind(DTTOIF(entry->d_type));
        memcpy(record + 24, entry->d_name, size);
        size += 24;
        // What is not there any more is cut off, and asked for again.
        if (size > length - used) size = length - used;
        memcpy(range(wasi, buffer + used, size), record, size);
        used += size;
    }
    closedir(folder);
    return out32(wasi, out, used);
}

// A path, which stays in its folder as far as its words go.
static uint32_t path_of(struct wasi *wasi, uint32_t address, uint32_t length, char path[PATH_MAX]) {
    if (length >= PATH_MAX) return NAMETOOLONG;
    memcpy(path, range(wasi, address, length), length);
    path[length] = 0;
    if (strlen(path) != length) return INVAL;
    if (length == 0) return NOENT;
    if (path[0] == '/') return NOTCAPABLE;
    int depth = 0;
    for (const char *part = path; *part; part += strspn(part, "/")) {
        size_t size = strcspn(part, "/");
        if (size == 2 && part[0] == '.' && part[1] == '.') depth--;
        else if (size != 1 || part[0] != '.') depth++;
        if (depth < 0) return NOTCAPABLE;
        part += size;
    }
    return 0;
}

#define PATH(name, address, length) \
    char name[PATH_MAX]; \
    { \
        uint32_t wrong = path_of(wasi, address, length, name); \
        if (wrong) return wrong; \
    }

uint32_t wasi_path_create_directory(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length) {
    PATH(name, path, length)
    return done(mkdirat(file(wasi, fd), name, 0777));
}

static int follow(uint32_t lookup) { return lookup & 1 ? 0 : AT_SYMLINK_NOFOLLOW; }

uint32_t wasi_path_filestat_get(struct wasi *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                                uint32_t length, uint32_t out) {
    PATH(name, path, length)
    struct stat stat;
    if (fstatat(file(wasi, fd), name, &stat, follow(lookup)) < 0) return failed();
    return filestat(wasi, &stat, out);
}

uint32_t wasi_path_filestat_set_times(struct wasi *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                                      uint32_t length, uint64_t accessed, uint64_t modified,
                                      uint32_t which) {
    PATH(name, path, length)
    struct timespec both[2];
    times(both, accessed, modified, which);
    return done(utimensat(file(wasi, fd), name, both, follow(lookup)));
}

uint32_t wasi_path_link(struct wasi *wasi, uint32_t fd, uint32_t lookup, uint32_t path, uint32_t length,
                        uint32_t to_fd, uint32_t to, uint32_t to_length) {
    PATH(from, path, length)
    PATH(name, to, to_length)
    int flags = lookup & 1 ? AT_SYMLINK_FOLLOW : 0;
    return done(linkat(file(wasi, fd), from, file(wasi, to_fd), name, flags));
}

uint32_t wasi_path_open(struct wasi *wasi, uint32_t fd, uint32_t lookup, uint32_t path, uint32_t length,
                        uint32_t how, uint64_t rights, uint64_t inherited, uint32_t flags, uint32_t out) {
    (void)inherited;
    PATH(name, path, length)
    uint32_t free = 4;
    while (free < WASI_FILES && wasi->files[free] >= 0) free++;
    if (free == WASI_FILES) return MFILE;
    int reads = (rights & (1 << 1 | 1 << 14)) != 0;
    int writes = (rights & (1 << 0 | 1 << 6 | 1 << 8 | 1 << 22)) != 0;
    int mode = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
    if (how & 1) mode |= O_CREAT;
    if (how & 2) mode |= O_DIRECTORY;
    if (how & 4) mode |= O_EXCL;
    if (how & 8) mode |= O_TRUNC;
    if (flags & 1) mode |= O_APPEND;
    if (flags & 2) mode |= O_DSYNC;
    if (flags & 4) mode |= O_NONBLOCK;
    if (flags & (8 | 16)) mode |= O_SYNC;
    if (!(lookup & 1)) mode |= O_NOFOLLOW;
    int opened = openat(file(wasi, fd), name, mode | O_CLOEXEC, 0666);
    // Who asks for everything of a folder has what there is of one.
    if (opened < 0 && errno == EISDIR && !(how & ~2u))
        opened = openat(file(wasi, fd), name, (mode & ~O_ACCMODE) | O_RDONLY | O_CLOEXEC);
    if (opened < 0) return failed();
    wasi->files[free] = opened;
    wasi->flags[free] = flags;
    return out32(wasi, out, free);
}

uint32_t wasi_path_readlink(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length, uint32_t buffer,
                            uint32_t size, uint32_t out) {
    PATH(name, path, length)
    ssize_t read = readlinkat(file(wasi, fd), name, (char *)range(wasi, buffer, size), size);
    return read < 0 ? failed() : out32(wasi, out, read);
}

uint32_t wasi_path_remove_directory(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length) {
    PATH(name, path, length)
    return done(unlinkat(file(wasi, fd), name, AT_REMOVEDIR));
}

uint32_t wasi_path_rename(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length, uint32_t to_fd,
                          uint32_t to, uint32_t to_length) {
    PATH(from, path, length)
    PATH(name, to, to_length)
    return done(renameat(file(wasi, fd), from, file(wasi, to_fd), name));
}

uint32_t wasi_path_symlink(struct wasi *wasi, uint32_t target, uint32_t target_length, uint32_t fd,
                           uint32_t path, uint32_t length) {
    PATH(to, target, target_length)
    PATH(name, path, length)
    return done(symlinkat(to, file(wasi, fd), name));
}

uint32_t wasi_path_unlink_file(struct wasi *wasi, uint32_t fd, uint32_t path, uint32_t length) {
    PATH(name, path, length)
    return done(unlinkat(file(wasi, fd), name, 0));
}

uint32_t wasi_poll_oneoff(struct wasi *wasi, uint32_t subscriptions, uint32_t events, uint32_t count,
                          uint32_t out) {
    enum { SUBSCRIPTION = 48, EVENT = 32, MOST = 64 };
    struct pollfd files[MOST];
    uint64_t deadlines[MOST];
    if (count == 0 || count > MOST) return INVAL;
    const uint64_t never = UINT64_MAX, begin = now(1);
    uint64_t first = never;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *it = range(wasi, subscriptions + SUBSCRIPTION * i, SUBSCRIPTION);
        files[i].fd = -1;
        files[i].revents = 0;
        deadlines[i] = never;
        if (it[8] == 0) {
            uint64_t wait = get64(it + 24);
            if (it[40] & 1) {
                uint64_t now_there = now(get32(it + 16));
                wait = wait > now_there ? wait - now_there : 0;
            }
            deadlines[i] = begin + wait < begin ? never - 1 : begin + wait;
        } else {
            files[i].fd = file(wasi, get32(it + 16));
            files[i].events = it[8] == 1 ? POLLIN : POLLOUT;
        }
        if (deadlines[i] < first) first = deadlines[i];
    }
    uint32_t written = 0;
    while (written == 0) {
        uint64_t here = now(1), left = first > here ? first - here : 0;
        struct timespec wait = timespec(left);
        if (ppoll(files, count, first == never ? NULL : &wait, NULL) < 0 && errno != EINTR) return failed();
        here = now(1);
        for (uint32_t i = 0; i < count; i++) {
            const uint8_t *it = range(wasi, subscriptions + SUBSCRIPTION * i, SUBSCRIPTION);
            int is_ready = it[8] == 0 ? deadlines[i] <= here : files[i].revents != 0 || files[i].fd < 0;
            if (!is_ready) continue;
            uint8_t event[EVENT] = {0};
            memcpy(event, it, 8);
            put16(event + 8, it[8] != 0 && files[i].fd < 0 ? BADF : 0);
            event[10] = it[8];
            put64(event + 16, 1);
            event[24] = files[i].revents & POLLHUP ? 1 : 0;
            memcpy(range(wasi, events + EVENT * written++, EVENT), event, EVENT);
        }
    }
    return out32(wasi, out, written);
}

uint32_t wasi_sock_accept(struct wasi *wasi, uint32_t fd, uint32_t flags, uint32_t out) {
    int found = accept(file(wasi, fd), NULL, NULL);
    if (found < 0) return failed();
    for (uint32_t free = 0; free < WASI_FILES; free++)
        if (wasi->files[free] < 0) {
            wasi->files[free] = found;
            wasi->flags[free] = flags;
            return out32(wasi, out, free);
        }
    close(found);
    return MFILE;
}

uint32_t wasi_sock_shutdown(struct wasi *wasi, uint32_t fd, uint32_t how) {
    static const int HOST[] = {-1, SHUT_RD, SHUT_WR, SHUT_RDWR};
    return how > 3 ? INVAL : done(shutdown(file(wasi, fd), HOST[how]));
}
