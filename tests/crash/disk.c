/* Stands between a process and its disk and clock, so that a trial can fill the disk, close it to writing, cut the power or turn the
 * clock. What is to happen is read from a file that both map (CRASH_CONTROL); only files below CRASH_FOLDER are meant.
 *
 * Power: whatever is written to the database or its log is remembered with what stood there before (FILE.undo), until the file is
 * synchronised. What is still remembered when the process is killed may never have reached the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
    volatile int64_t write_errno; /* 0: the disk takes what is written */
    volatile int64_t clock_ahead; /* seconds */
};

struct undo { /* followed by `held` bytes, of which there were fewer than `length` where the file ended before */
    int64_t offset, length, held, size;
};

static struct control nothing, *control = &nothing;
static const char *folder;
static useconds_t sync_takes; /* microseconds: between a write and its being safe is when power fails */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("CRASH_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *found = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (found != MAP_FAILED)
        control = found;
    folder = getenv("CRASH_FOLDER");
    const char *takes = getenv("CRASH_SYNC_TAKES");
    sync_takes = takes ? (useconds_t)atoi(takes) : 0;
    close(fd);
}

static int path_of(int fd, char *path, size_t room) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    if (length <= 0 || !folder)
        return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static int is_database(const char *path) {
    size_t length = strlen(path);
    return (length > 3 && !strcmp(path + length - 3, ".db")) || (length > 7 && !strcmp(path + length - 7, ".db-wal"));
}

static int refused(int fd) {
    char path[4096];
    if (!control->write_errno || !path_of(fd, path, sizeof path))
        return 0;
    errno = (int)control->write_errno;
    return 1;
}

static int undo_of(const char *path, int flags) {
    char name[4200];
    snprintf(name, sizeof name, "%s.undo", path);
    return open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0600);
}

/* What stands at this place now. `one` is held. */
static void remember(int fd, off_t offset, off_t length) {
    char path[4096];
    struct stat now;
    if (!path_of(fd, path, sizeof path) || !is_database(path) || fstat(fd, &now))
        return;
    off_t held = now.st_size > offset ? now.st_size - offset : 0;
    if (held > length)
        held = length;
    struct undo head = {offset, length, held, now.st_size};
    char *record = malloc(sizeof head + held);
    memcpy(record, &head, sizeof head);
    if (held && pread(fd, record + sizeof head, held, offset) != held)
        abort();
    int undo = undo_of(path, 0);
    if (undo < 0 || real_write(undo, record, sizeof head + held) != (ssize_t)(sizeof head + held))
        abort();
    close(undo);
    free(record);
}

static void forget(int fd) {
    char path[4096];
    if (path_of(fd, path, sizeof path) && is_database(path)) {
        int undo = undo_of(path, O_TRUNC);
        if (undo >= 0)
            close(undo);
    }
}

ssize_t pwrite64(int fd, const void *what, size_t length, off_t offset) {
    if (refused(fd))
        return -1;
    pthread_mutex_lock(&one);
    remember(fd, offset, (off_t)length);
    ssize_t written = real_pwrite(fd, what, length, offset);
    pthread_mutex_unlock(&one);
    return written;
}

ssize_t pwrite(int fd, const void *what, size_t length, off_t offset) { return pwrite64(fd, what, length, offset); }

ssize_t write(int fd, const void *what, size_t length) { return refused(fd) ? -1 : real_write(fd, what, length); }

int ftruncate64(int fd, off_t size) {
    struct stat now;
    if (refused(fd))
        return -1;
    pthread_mutex_lock(&one);
    if (!fstat(fd, &now) && now.st_size > size)
        remember(fd, size, now.st_size - size);
    int outcome = real_ftruncate(fd, size);
    pthread_mutex_unlock(&one);
    return outcome;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synchronised(int fd, int (*real)(int)) {
    char path[4096];
    if (sync_takes && path_of(fd, path, sizeof path) && is_database(path))
        usleep(sync_takes);
    pthread_mutex_lock(&one);
    int outcome = real(fd);
    if (outcome == 0)
        forget(fd);
    pthread_mutex_unlock(&one);
    return outcome;
}

int fsync(int fd) { return synchronised(fd, real_fsync); }

int fdatasync(int fd) { return synchronised(fd, real_fdatasync); }

int clock_gettime(clockid_t which, struct timespec *now) {
    int outcome = real_clock_gettime(which, now);
    if (outcome == 0 && which == CLOCK_REALTIME)
        now->tv_sec += control->clock_ahead;
    return outcome;
}
