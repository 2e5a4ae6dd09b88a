/* Programs whose behaviour a tracer must not change. Each prints what it saw, the same on every run; the first word chooses. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t children, alarms, continued;

static void on_child(int signal) { (void)signal; int saved = errno; while (waitpid(-1, NULL, WNOHANG) > 0) children++; errno = saved; }
static void on_alarm(int signal) { (void)signal; alarms++; }
static void on_continue(int signal) { (void)signal; continued++; }

static void handle(int signal, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal, &action, NULL);
}

/* Every child is counted by the handler of SIGCHLD. */
static int count_children(void) {
    handle(SIGCHLD, on_child, SA_RESTART);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
    }
    for (int i = 0; i < 5000 && children < 50; i++) usleep(1000);
    printf("children %d\n", (int)children);
    return 0;
}

/* A timer interrupts a read, which goes on where SA_RESTART says so and fails where it does not. */
static int alarm_clock(void) {
    int ends[2];
    char byte;
    struct itimerval timer = {.it_value = {0, 20000}, .it_interval = {0, 20000}};
    if (pipe(ends)) return 1;
    handle(SIGALRM, on_alarm, 0);
    setitimer(ITIMER_REAL, &timer, NULL);
    ssize_t got = read(ends[0], &byte, 1);
    printf("read %zd errno %s alarms %d\n", got, errno == EINTR ? "EINTR" : "other", alarms > 0);
    handle(SIGALRM, on_alarm, SA_RESTART);
    alarms = 0;
    if (fork() == 0) { usleep(300000); _exit(write(ends[1], "x", 1) == 1 ? 0 : 1); }
    got = read(ends[0], &byte, 1);
    printf("read %zd alarms %d\n", got, alarms > 0);
    struct timespec left = {1, 0};
    int slept = nanosleep(&left, &left);
    printf("sleep %d left %d\n", slept, left.tv_sec < 1);
    return 0;
}

/* The parent sees its child stopped, continued and ended, each once. */
static int stop_and_go(void) {
    pid_t child = fork();
    int status;
    if (child == 0) {
        handle(SIGCONT, on_continue, 0);
        raise(SIGSTOP);
        usleep(100000);
        _exit(continued == 1 ? 7 : 1);
    }
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
    usleep(50000);
    printf("still %d\n", waitpid(child, &status, WNOHANG | WUNTRACED));
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    printf("continued %d\n", WIFCONTINUED(status));
    waitpid(child, &status, 0);
    printf("exit %d\n", WEXITSTATUS(status));
    return 0;
}

/* A child of vfork runs before its parent goes on. */
static int virtual_fork(void) {
    static volatile int seen;
    pid_t child = vfork();
    if (child == 0) { seen = 1; _exit(5); }
    int status;
    waitpid(child, &status, 0);
    printf("seen %d exit %d\n", seen, WEXITSTATUS(status));
    return 0;
}

static void *become_echo(void *words) {
    (void)words;
    usleep(200000); /* by then the others wait */
    execl("/bin/echo", "echo", "from a thread", (char *)NULL);
    return NULL;
}
static void *wait_for_ever(void *words) { while (!words) pause(); return words; }

/* A thread that is not the first becomes another program, and all others are gone. */
static int thread_executes(void) {
    pthread_t thread;
    for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, wait_for_ever, NULL);
    printf("pid is kept\n");
    fflush(stdout);
    pthread_create(&thread, NULL, become_echo, NULL);
    return pause();
}

/* Many children that hardly live, by both ways. */
static int short_forks(const char *count) {
    int good = 0;
    for (int i = 0; i < atoi(count); i++) {
        pid_t child = i % 2 ? vfork() : fork();
        int status;
        if (child == 0) _exit(i % 100);
        waitpid(child, &status, 0);
        good += WIFEXITED(status) && WEXITSTATUS(status) == i % 100;
    }
    printf("good %d\n", good);
    return 0;
}

static void *count_up(void *place) {
    for (int i = 0; i < 2000; i++) { syscall(SYS_getppid); __atomic_add_fetch((int *)place, 1, __ATOMIC_SEQ_CST); }
    return NULL;
}

/* Threads that ask the kernel at the same time. */
static int many_threads(void) {
    pthread_t threads[16];
    int sum = 0;
    for (int i = 0; i < 16; i++) pthread_create(threads + i, NULL, count_up, &sum);
    for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
    printf("sum %d\n", sum);
    return 3;
}

/* Orphans: a child whose parent ends first, and the process group's signal. */
static int orphans(void) {
    int ends[2];
    if (pipe(ends)) return 1;
    if (fork() == 0) {
        if (fork() == 0) { usleep(20000); _exit(write(ends[1], "late", 4) == 4 ? 0 : 1); }
        _exit(0);
    }
    close(ends[1]);
    char text[8] = {0};
    wait(NULL);
    ssize_t got = read(ends[0], text, sizeof text - 1);
    printf("%zd %s\n", got, text);
    return 0;
}

/* Runs until it is told to end, writing how far it came into a file; its handler sees SIGTERM. */
static volatile sig_atomic_t is_over;
static void on_term(int signal) { (void)signal; is_over = 1; }
static int server(const char *path) {
    handle(SIGTERM, on_term, 0);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    for (unsigned long round = 0; !is_over; round++) {
        char line[32];
        int length = snprintf(line, sizeof line, "%020lu\n", round);
        if (pwrite(file, line, length, 0) != length) return 9;
        if (round % 64 == 0) usleep(100);
    }
    puts("ended by itself");
    return 4;
}

/* int 0x80 from a program of 64 bits: getpid and write of i386. */
static int old_calls(void) {
    long answer;
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
    printf("same %d\n", answer == getpid());
    return 0;
}

static int crash(void) { raise(SIGSEGV); return 0; }

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "", *more = count > 2 ? words[2] : "";
    if (!strcmp(what, "children")) return count_children();
    if (!strcmp(what, "alarm")) return alarm_clock();
    if (!strcmp(what, "stop")) return stop_and_go();
    if (!strcmp(what, "vfork")) return virtual_fork();
    if (!strcmp(what, "thread-exec")) return thread_executes();
    if (!strcmp(what, "forks")) return short_forks(more);
    if (!strcmp(what, "threads")) return many_threads();
    if (!strcmp(what, "orphans")) return orphans();
    if (!strcmp(what, "server")) return server(more);
    if (!strcmp(what, "i386")) return old_calls();
    if (!strcmp(what, "crash")) return crash();
    if (!strcmp(what, "kill")) { kill(getpid(), SIGKILL); pause(); }
    return 64;
}
