// A small WASI preview 1 over POSIX, for engines in C that have none or only a part of it.
//
// It is for tests: what it gives is what they ask for, and a folder is not more than a place to begin. A path
// that leaves it by its words is refused; what links lead to is not looked at.

#ifndef WASI_H
#define WASI_H

#include <stdint.h>

enum { WASI_FILES = 256 };

struct wasi {
    // The memory of the module, where it is now, and its size.
    uint8_t *(*memory)(void *context, uint64_t *size);
    void *context;
    char **arguments;
    char **environment;
    // The host's descriptors, or -1; and how each was opened.
    int files[WASI_FILES];
    uint16_t flags[WASI_FILES];
};

// Descriptors 0, 1 and 2, and a folder as 3, which is called `.`. Where the environment has a file as WASI_LISTEN,
// 4 is a socket that listens at a port of this machine, which is written there.
void wasi_open(struct wasi *wasi, char **arguments, char **environment, const char *folder);

// Every function, with its signature and the arguments that it takes from an array of 64 bits each.
#define WASI_FUNCTIONS(F) \
    F(args_get, "i(ii)", a[0], a[1]) \
    F(args_sizes_get, "i(ii)", a[0], a[1]) \
    F(environ_get, "i(ii)", a[0], a[1]) \
    F(environ_sizes_get, "i(ii)", a[0], a[1]) \
    F(clock_res_get, "i(ii)", a[0], a[1]) \
    F(clock_time_get, "i(iIi)", a[0], a[1], a[2]) \
    F(fd_advise, "i(iIIi)", a[0], a[1], a[2], a[3]) \
    F(fd_close, "i(i)", a[0]) \
    F(fd_datasync, "i(i)", a[0]) \
    F(fd_fdstat_get, "i(ii)", a[0], a[1]) \
    F(fd_fdstat_set_flags, "i(ii)", a[0], a[1]) \
    F(fd_filestat_get, "i(ii)", a[0], a[1]) \
    F(fd_filestat_set_size, "i(iI)", a[0], a[1]) \
    F(fd_filestat_set_times, "i(iIIi)", a[0], a[1], a[2], a[3]) \
    F(fd_pread, "i(iiiIi)", a[0], a[1], a[2], a[3], a[4]) \
    F(fd_prestat_get, "i(ii)", a[0], a[1]) \
    F(fd_prestat_dir_name, "i(iii)", a[0], a[1], a[2]) \
    F(fd_pwrite, "i(iiiIi)", a[0], a[1], a[2], a[3], a[4]) \
    F(fd_read, "i(iiii)", a[0], a[1], a[2], a[3]) \
    F(fd_readdir, "i(iiiIi)", a[0], a[1], a[2], a[3], a[4]) \
    F(fd_sync, "i(i)", a[0]) \
    F(fd_write, "i(iiii)", a[0], a[1], a[2], a[3]) \
    F(path_create_directory, "i(iii)", a[0], a[1], a[2]) \
    F(path_filestat_get, "i(iiiii)", a[0], a[1], a[2], a[3], a[4]) \
    F(path_filestat_set_times, "i(iiiiIIi)", a[0], a[1], a[2], a[3], a[4], a[5], a[6]) \
    F(path_link, "i(iiiiiii)", a[0], a[1], a[2], a[3], a[4], a[5], a[6]) \
    F(path_open, "i(iiiiiIIii)", a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]) \
    F(path_readlink, "i(iiiiii)", a[0], a[1], a[2], a[3], a[4], a[5]) \
    F(path_remove_directory, "i(iii)", a[0], a[1], a[2]) \
    F(path_rename, "i(iiiiii)", a[0], a[1], a[2], a[3], a[4], a[5]) \
    F(path_symlink, "i(iiiii)", a[0], a[1], a[2], a[3], a[4]) \
    F(path_unlink_file, "i(iii)", a[0], a[1], a[2]) \
    F(poll_oneoff, "i(iiii)", a[0], a[1], a[2], a[3]) \
    F(random_get, "i(ii)", a[0], a[1]) \
    F(sched_yield, "i()", 0) \
    F(sock_accept, "i(iii)", a[0], a[1], a[2]) \
    F(sock_shutdown, "i(ii)", a[0], a[1])

uint32_t wasi_args_get(struct wasi *, uint32_t pointers, uint32_t bytes);
uint32_t wasi_args_sizes_get(struct wasi *, uint32_t count, uint32_t size);
uint32_t wasi_environ_get(struct wasi *, uint32_t pointers, uint32_t bytes);
uint32_t wasi_environ_sizes_get(struct wasi *, uint32_t count, uint32_t size);
uint32_t wasi_clock_res_get(struct wasi *, uint32_t id, uint32_t out);
uint32_t wasi_clock_time_get(struct wasi *, uint32_t id, uint64_t precision, uint32_t out);
uint32_t wasi_fd_advise(struct wasi *, uint32_t fd, uint64_t at, uint64_t length, uint32_t advice);
uint32_t wasi_fd_close(struct wasi *, uint32_t fd);
uint32_t wasi_fd_datasync(struct wasi *, uint32_t fd);
uint32_t wasi_fd_fdstat_get(struct wasi *, uint32_t fd, uint32_t out);
uint32_t wasi_fd_fdstat_set_flags(struct wasi *, uint32_t fd, uint32_t flags);
uint32_t wasi_fd_filestat_get(struct wasi *, uint32_t fd, uint32_t out);
uint32_t wasi_fd_filestat_set_size(struct wasi *, uint32_t fd, uint64_t size);
uint32_t wasi_fd_filestat_set_times(struct wasi *, uint32_t fd, uint64_t accessed, uint64_t modified,
                                    uint32_t which);
uint32_t wasi_fd_pread(struct wasi *, uint32_t fd, uint32_t iovs, uint32_t count, uint64_t at, uint32_t out);
uint32_t wasi_fd_prestat_get(struct wasi *, uint32_t fd, uint32_t out);
uint32_t wasi_fd_prestat_dir_name(struct wasi *, uint32_t fd, uint32_t path, uint32_t length);
uint32_t wasi_fd_pwrite(struct wasi *, uint32_t fd, uint32_t iovs, uint32_t count, uint64_t at, uint32_t out);
uint32_t wasi_fd_read(struct wasi *, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out);
uint32_t wasi_fd_readdir(struct wasi *, uint32_t fd, uint32_t buffer, uint32_t length, uint64_t cookie,
                         uint32_t out);
uint32_t wasi_fd_sync(struct wasi *, uint32_t fd);
uint32_t wasi_fd_write(struct wasi *, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out);
uint32_t wasi_path_create_directory(struct wasi *, uint32_t fd, uint32_t path, uint32_t length);
uint32_t wasi_path_filestat_get(struct wasi *, uint32_t fd, uint32_t lookup, uint32_t path, uint32_t length,
                                uint32_t out);
uint32_t wasi_path_filestat_set_times(struct wasi *, uint32_t fd, uint32_t lookup, uint32_t path,
                                      uint32_t length, uint64_t accessed, uint64_t modified,
                                      uint32_t which);
uint32_t wasi_path_link(struct wasi *, uint32_t fd, uint32_t lookup, uint32_t path, uint32_t length,
                        uint32_t to_fd, uint32_t to, uint32_t to_length);
uint32_t wasi_path_open(struct wasi *, uint32_t fd, uint32_t lookup, uint32_t path, uint32_t length,
                        uint32_t how, uint64_t rights, uint64_t inherited, uint32_t flags, uint32_t out);
uint32_t wasi_path_readlink(struct wasi *, uint32_t fd, uint32_t path, uint32_t length, uint32_t buffer,
                            uint32_t size, uint32_t out);
uint32_t wasi_path_remove_directory(struct wasi *, uint32_t fd, uint32_t path, uint32_t length);
uint32_t wasi_path_rename(struct wasi *, uint32_t fd, uint32_t path, uint32_t length, uint32_t to_fd,
                          uint32_t to, uint32_t to_length);
uint32_t wasi_path_symlink(struct wasi *, uint32_t target, uint32_t target_length, uint32_t fd, uint32_t path,
                           uint32_t length);
uint32_t wasi_path_unlink_file(struct wasi *, uint32_t fd, uint32_t path, uint32_t length);
uint32_t wasi_poll_oneoff(struct wasi *, uint32_t subscriptions, uint32_t events, uint32_t count, uint32_t out);
uint32_t wasi_random_get(struct wasi *, uint32_t buffer, uint32_t length);
uint32_t wasi_sched_yield(struct wasi *, uint32_t nothing);
uint32_t wasi_sock_accept(struct wasi *, uint32_t fd, uint32_t flags, uint32_t out);
uint32_t wasi_sock_shutdown(struct wasi *, uint32_t fd, uint32_t how);
void wasi_proc_exit(struct wasi *, uint32_t code);

#endif
