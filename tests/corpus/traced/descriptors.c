/* Programs that change what a number of a descriptor means, after they have used it often. Each writes through a descriptor what
   the kernel says at that moment that it is: whoever shows another name beside such a write is wrong. The first word chooses. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OFTEN = 80 };

static void need(int holds) { if (!holds) { perror("descriptors"); exit(1); } }

/* Write through a descriptor what it is, so many times. */
static void tell(int number, int times) {
    char link[64], name[512] = "=";
    snprintf(link, sizeof link, "/proc/thread-self/fd/%d", number);
    ssize_t length = readlink(link, name + 1, sizeof name - 1);
    need(length > 0);
    for (int i = 0; i < times; i++) need(write(number, name, length + 1) == length + 1);
}

static int make(const char *name) {
    int number = open(name, O_RDWR | O_CREAT, 0666);
    need(number >= 0);
    return number;
}

static int reopen(void) {
    int number = make("a");
    tell(number, OFTEN);
    close(number);
    need(make("b") == number);
    tell(number, OFTEN);
    return 0;
}

static int replace(void) {
    int number = make("a"), other = make("b"), ends[2];
    tell(number, OFTEN);
    need(dup2(other, number) == number);
    tell(number, OFTEN);
    need(pipe(ends) == 0);
    need(dup3(ends[1], number, O_CLOEXEC) == number);
    tell(number, OFTEN);
    tell(ends[1], 1);
    close(number);
    close(ends[1]);
    need(make("a") == number);
    tell(number, OFTEN);
    return 0;
}

static int shared;
static pthread_barrier_t barrier;

static void *change(void *unused) {
    (void)unused;
    tell(shared, OFTEN);
    pthread_barrier_wait(&barrier);
    close(shared);
    need(make("b") == shared);
    pthread_barrier_wait(&barrier);
    tell(shared, OFTEN);
    return NULL;
}

/* Two threads share the table; one of them sits in a call that may close something while the other goes on. */
static int threads(void) {
    pthread_t thread;
    shared = make("a");
    tell(shared, OFTEN);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, change, NULL);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    tell(shared, OFTEN);
    pthread_join(thread, NULL);
    return 0;
}

static void ended(pid_t child) {
    int status;
    need(waitpid(child, &status, __WALL) == child && status == 0);
}

/* A child has a copy of the table, so that neither sees what the other changes. */
static int copies(void) {
    int number = make("a");
    tell(number, OFTEN);
    pid_t child = fork();
    if (child == 0) {
        tell(number, OFTEN);
        close(number);
        need(make("b") == number);
        tell(number, OFTEN);
        _exit(0);
    }
    ended(child);
    tell(number, OFTEN);
    return 0;
}

static int change_shared(void *unused) {
    (void)unused;
    tell(shared, OFTEN);
    need(dup2(make("b"), shared) == shared);
    return 0;
}

static int leave_table(void *unused) {
    (void)unused;
    need(unshare(CLONE_FILES) == 0);
    need(dup2(make("b"), shared) == shared);
    tell(shared, OFTEN);
    return 0;
}

/* A process that shares the table with the one that made it, and one that shared it first. */
static int processes(void) {
    static char stack[1 << 16] __attribute__((aligned(16)));
    shared = make("a");
    tell(shared, OFTEN);
    ended(clone(change_shared, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL));
    tell(shared, OFTEN);
    need(dup2(make("a"), shared) == shared);
    tell(shared, OFTEN);
    ended(clone(leave_table, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL));
    tell(shared, OFTEN);
    return 0;
}

/* A new program has only what is not closed by its start. */
static int start(const char *self, int is_second) {
    if (!is_second) {
        int closed = make("a"), open = make("b");
        need(fcntl(closed, F_SETFD, FD_CLOEXEC) == 0);
        tell(closed, OFTEN);
        tell(open, OFTEN);
        execl(self, self, "start", "again", NULL);
    }
    int number = make("c");
    tell(number, OFTEN);
    tell(number + 1, OFTEN);
    return 0;
}

/* A descriptor comes through a socket, at a number that was something else. */
static int passed(void) {
    int ends[2], number = make("a"), other = make("b");
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    tell(number, OFTEN);
    tell(ends[0], OFTEN);
    char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), &other, sizeof other);
    need(sendmsg(ends[0], &message, 0) == 1);
    close(number);
    for (;;) {
        message.msg_controllen = sizeof room;
        memset(room, 0, sizeof room);
        need(recvmsg(ends[1], &message, 0) == 1);
        head = CMSG_FIRSTHDR(&message);
        if (head && head->cmsg_type == SCM_RIGHTS) break;
    }
    need(memcmp(CMSG_DATA(head), &number, sizeof number) == 0);
    tell(number, OFTEN);
    return 0;
}

/* Names follow a file that is renamed, replaced, deleted, or whose folder is renamed. */
static int renamed(void) {
    need(mkdir("folder", 0777) == 0);
    int number = make("folder/a");
    tell(number, OFTEN);
    need(rename("folder/a", "folder/b") == 0);
    tell(number, OFTEN);
    need(rename("folder", "other") == 0);
    tell(number, 4 * OFTEN);
    close(make("other/c"));
    need(rename("other/c", "other/b") == 0);
    tell(number, OFTEN);
    int second = make("other/d");
    tell(second, 8 * OFTEN);
    need(unlink("other/d") == 0);
    tell(second, OFTEN);
    return 0;
}

/* Somebody else renames the file, each time that a line is asked for. */
static int moved(void) {
    int number = make("a");
    for (int i = 0; i < 4; i++) {
        tell(number, OFTEN << i);
        need(write(1, "\n", 1) == 1);
        char byte;
        need(read(0, &byte, 1) == 1);
    }
    tell(number, OFTEN);
    return 0;
}

static int ranges(void) {
    int number = make("a");
    tell(number, OFTEN);
    need(syscall(SYS_close_range, number, ~0U, 0) == 0);
    need(make("b") == number);
    tell(number, OFTEN);
    return 0;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (!strcmp(what, "reopen")) return reopen();
    if (!strcmp(what, "replace")) return replace();
    if (!strcmp(what, "threads")) return threads();
    if (!strcmp(what, "copies")) return copies();
    if (!strcmp(what, "processes")) return processes();
    if (!strcmp(what, "start")) return start(words[0], count > 2);
    if (!strcmp(what, "passed")) return passed();
    if (!strcmp(what, "renamed")) return renamed();
    if (!strcmp(what, "moved")) return moved();
    if (!strcmp(what, "ranges")) return ranges();
    return 2;
}
