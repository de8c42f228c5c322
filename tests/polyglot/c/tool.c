// A command in C, on wasi-libc: what it does is its first argument.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    exit(3);
}

static FILE *opened(const char *path, const char *mode) {
    FILE *file = fopen(path, mode);
    if (!file) fail(path);
    return file;
}

static void show(const char *path) {
    char line[64];
    FILE *file = opened(path, "r");
    while (fgets(line, sizeof line, file)) printf("%s: %s", path, line);
    fclose(file);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path) {
    char *names[64];
    size_t count = 0;
    DIR *folder = opendir(path);
    if (!folder) fail(path);
    for (struct dirent *entry; (entry = readdir(folder)) && count < 64;)
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) printf("%s\n", names[i]);
}

static void files(void) {
    FILE *file = opened("new", "w");
    fprintf(file, "%d %s %.3f\n", 42, "words", 1.0 / 3);
    fclose(file);
    file = opened("new", "a");
    fputs("at the end\n", file);
    fclose(file);
    show("new");
    file = opened("new", "r+");
    fseek(file, -4, SEEK_END);
    fputs("END\n", file);
    printf("at %ld\n", ftell(file));
    fclose(file);
    show("new");
    show("text");
}

static void folders(void) {
    struct stat found;
    if (mkdir("folder", 0777)) fail("mkdir");
    if (rename("text", "folder/text")) fail("rename");
    if (link("folder/text", "folder/again")) fail("link");
    list("folder");
    if (stat("folder/again", &found)) fail("stat");
    printf("%lld bytes, %d links\n", (long long)found.st_size, (int)found.st_nlink);
    if (truncate("folder/text", 3)) fail("truncate");
    if (unlink("folder/again")) fail("unlink");
    list("folder");
    printf("%d %s\n", rmdir("folder"), strerror(errno));
    printf("%d %s\n", open("missing", 0), strerror(errno));
}

static void input(void) {
    size_t lines = 0, bytes = 0;
    for (int c; (c = getchar()) != EOF; bytes++) lines += c == '\n';
    printf("%zu lines, %zu bytes\n", lines, bytes);
}

static void clocks(void) {
    struct timespec before, after, pause = {0, 2000000};
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long long past = (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec;
    printf("%s %s\n", past >= 2000000 ? "later" : "too soon", time(NULL) > 1700000000 ? "now" : "then");
}

static void numbers(void) {
    unsigned char a[64] = {0}, b[64] = {0};
    if (getentropy(a, sizeof a) || getentropy(b, sizeof b)) fail("getentropy");
    printf("%s\n", memcmp(a, b, sizeof a) ? "different" : "equal");
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    for (int i = 1; i < argc; i++) printf("%d %s\n", i, argv[i]);
    printf("NAME=%s\n", getenv("NAME") ? getenv("NAME") : "none");
    if (!strcmp(what, "files")) files();
    if (!strcmp(what, "folders")) folders();
    if (!strcmp(what, "input")) input();
    if (!strcmp(what, "clocks")) clocks();
    if (!strcmp(what, "numbers")) numbers();
    if (!strcmp(what, "abort")) abort();
    return strcmp(what, "exit") ? 0 : 7;
}
