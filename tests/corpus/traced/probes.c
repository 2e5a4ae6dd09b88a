/* Calls with known arguments: `probes NAME` makes one of them in the current folder, and says on standard output what
   nobody can know beforehand (`name=number` lines). test_probes.py knows what each of them must be decoded to. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <linux/fs.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

#define PROBE(name) static void probe_##name(void)
#define CALL(name, ...) syscall(SYS_##name, ##__VA_ARGS__)
#define TELL(name, number) printf(#name "=%lld\n", (long long)(number))

static int made(const char *path, const char *text) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (write(fd, text, strlen(text)) < 0) exit(9);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Paths, flags, descriptors, buffers. */
PROBE(open_create) { CALL(openat, AT_FDCWD, "made.txt", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640); }
PROBE(open_plain) { made("here.txt", ""); CALL(open, "here.txt", O_RDONLY | O_NOFOLLOW); }
PROBE(open_below) { mkdir("sub", 0755); int fd = open(".", O_RDONLY | O_DIRECTORY); TELL(fd, fd); CALL(openat, fd, "sub", O_DIRECTORY | O_PATH); }
PROBE(open_how) {
    struct open_how how = {.flags = O_WRONLY | O_CREAT | O_EXCL, .mode = 0600, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    CALL(openat2, AT_FDCWD, "how.txt", &how, sizeof how);
}
PROBE(open_missing) { CALL(openat, AT_FDCWD, "no\tsuch \"file\"", O_RDONLY); }
PROBE(open_latin) { CALL(openat, AT_FDCWD, "caf\xe9", O_RDONLY); }
PROBE(open_fault) { CALL(openat, AT_FDCWD, (char *)16, O_RDONLY); }
PROBE(read_some) { int fd = made("in.txt", "hello"); TELL(fd, fd); char room[64]; CALL(read, fd, room, sizeof room); }
PROBE(read_long) { char text[101]; memset(text, 'x', 100); text[100] = 0; int fd = made("in.txt", text); char room[200]; CALL(read, fd, room, sizeof room); }
PROBE(write_bytes) { int fd = made("out.bin", ""); TELL(fd, fd); CALL(write, fd, "a\0\xff", 3); }
PROBE(write_accents) { int fd = made("out.txt", ""); CALL(write, fd, "h\xc3\xa9!\n", 5); }
PROBE(pread_place) { int fd = made("in.txt", "0123456789"); char room[4]; CALL(pread64, fd, room, 4, 3L); }
PROBE(pwrite_place) { int fd = made("out.txt", ""); CALL(pwrite64, fd, "xyz", 3, 7L); }
PROBE(readv_two) {
    int fd = made("in.txt", "abcdefg"); char one[3], two[10];
    struct iovec parts[] = {{one, 3}, {two, 10}}; CALL(readv, fd, parts, 2);
}
PROBE(writev_two) {
    int fd = made("out.txt", ""); struct iovec parts[] = {{"one", 3}, {"four", 4}}; CALL(writev, fd, parts, 2);
}
PROBE(unlink_folder) { mkdir("gone", 0700); CALL(unlinkat, AT_FDCWD, "gone", AT_REMOVEDIR); }
PROBE(rename_over) { made("a", ""); CALL(renameat2, AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE); }
PROBE(link_hard) { made("a", ""); CALL(linkat, AT_FDCWD, "a", AT_FDCWD, "c", AT_SYMLINK_FOLLOW); }
PROBE(link_soft) { CALL(symlinkat, "target", AT_FDCWD, "soft"); }
PROBE(link_read) { if (symlink("where/to", "soft")) exit(9); char room[64]; CALL(readlinkat, AT_FDCWD, "soft", room, sizeof room); }
PROBE(make_folder) { CALL(mkdirat, AT_FDCWD, "folder", 0711); }
PROBE(make_pipe) { CALL(mknodat, AT_FDCWD, "fifo", S_IFIFO | 0620, 0); }
PROBE(change_mode) { made("a", ""); CALL(fchmodat, AT_FDCWD, "a", 04755); }
PROBE(change_owner) { made("a", ""); CALL(fchownat, AT_FDCWD, "a", -1, -1, AT_SYMLINK_NOFOLLOW); }
PROBE(may_access) { made("a", ""); CALL(faccessat2, AT_FDCWD, "a", R_OK | X_OK, AT_EACCESS); }
PROBE(map_file) { int fd = made("a", "page"); TELL(fd, fd); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0L); }
PROBE(map_memory) { CALL(mmap, 0L, 8192L, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L); }
PROBE(protect) { void *at = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); CALL(mprotect, at, 4096L, PROT_READ | PROT_EXEC); }
PROBE(map_again) { void *at = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); CALL(mremap, at, 4096L, 8192L, MREMAP_MAYMOVE); }
PROBE(advise) { void *at = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); CALL(madvise, at, 4096L, MADV_DONTNEED); }
PROBE(dup_three) { int fd = made("a", ""); TELL(fd, fd); CALL(dup3, fd, 77, O_CLOEXEC); }
PROBE(pipe_flags) { int ends[2]; CALL(pipe2, ends, O_CLOEXEC | O_NONBLOCK); TELL(reads, ends[0]); TELL(writes, ends[1]); }
PROBE(set_flags) { int fd = made("a", ""); CALL(fcntl, fd, F_SETFL, O_APPEND | O_NONBLOCK); }
PROBE(dup_above) { int fd = made("a", ""); CALL(fcntl, fd, F_DUPFD_CLOEXEC, 50); }
PROBE(seek_end) { int fd = made("a", "12345"); CALL(lseek, fd, -2L, SEEK_END); }
PROBE(seal) { int fd = memfd_create("x", MFD_ALLOW_SEALING); CALL(fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW); }
PROBE(fork_flags) { long child = CALL(clone, CLONE_FS | SIGCHLD, 0L, 0L, 0L, 0L); if (child == 0) _exit(0); waitpid(child, 0, 0); }
PROBE(wait_child) { pid_t child = fork(); if (child == 0) _exit(7); TELL(child, child); int status; CALL(wait4, child, &status, __WALL, 0L); }
PROBE(wait_killed) { pid_t child = fork(); if (child == 0) { for (;;) pause(); } TELL(child, child); kill(child, SIGKILL); int status; CALL(wait4, child, &status, WUNTRACED, 0L); }
PROBE(socket_kind) { CALL(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP); }
PROBE(event_number) { CALL(eventfd2, 3, EFD_CLOEXEC | EFD_SEMAPHORE); }
PROBE(watch) { int fd = inotify_init1(0); made("a", ""); CALL(inotify_add_watch, fd, "a", IN_MODIFY | IN_CLOSE_WRITE | IN_ONESHOT); }
PROBE(memory_file) { CALL(memfd_create, "name", MFD_CLOEXEC | MFD_ALLOW_SEALING); }
PROBE(random_bytes) { char room[16]; CALL(getrandom, room, sizeof room, GRND_NONBLOCK); }
PROBE(send_signal) { signal(SIGUSR1, SIG_IGN); TELL(self, getpid()); CALL(kill, getpid(), SIGUSR1); }
PROBE(reserve) { int fd = made("a", ""); CALL(fallocate, fd, FALLOC_FL_KEEP_SIZE, 0L, 4096L); }
PROBE(lock_file) { int fd = made("a", ""); CALL(flock, fd, LOCK_EX | LOCK_NB); }
PROBE(send_file) { int from = made("a", "abcdef"), to = made("b", ""); off_t place = 2; TELL(from, from); TELL(to, to); CALL(sendfile, to, from, &place, 3L); }
PROBE(set_attribute) { made("a", ""); CALL(setxattr, "a", "user.colour", "blue", 4, XATTR_CREATE); }
PROBE(mask) { CALL(umask, 027); }
PROBE(where) { char room[4096]; CALL(getcwd, room, sizeof room); }
PROBE(cut_file) { made("a", "12345"); CALL(truncate, "a", 3L); }

/* Structures. */
PROBE(stat_descriptor) { int fd = made("a", "1234567"); struct stat now; CALL(fstat, fd, &now); TELL(inode, now.st_ino); TELL(uid, now.st_uid); TELL(changed, now.st_mtime); }
PROBE(stat_folder) { mkdir("sub", 0750); struct stat now; CALL(newfstatat, AT_FDCWD, "sub", &now, AT_SYMLINK_NOFOLLOW); TELL(links, now.st_nlink); }
PROBE(stat_extended) { made("a", "12"); struct statx now; CALL(statx, AT_FDCWD, "a", AT_STATX_DONT_SYNC, STATX_SIZE | STATX_MODE, &now); TELL(inode, now.stx_ino); }
PROBE(stat_system) { struct statfs now; CALL(statfs, ".", &now); TELL(block, now.f_bsize); TELL(blocks, now.f_blocks); }
PROBE(bind_unix) { int fd = socket(AF_UNIX, SOCK_STREAM, 0); struct sockaddr_un name = {AF_UNIX, "door"}; CALL(bind, fd, &name, sizeof name); }
PROBE(bind_abstract) { int fd = socket(AF_UNIX, SOCK_DGRAM, 0); struct sockaddr_un name = {AF_UNIX, "\0hidden-probe"}; CALL(bind, fd, &name, 2 + 13); }
PROBE(connect_four) { int fd = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in to = {AF_INET, htons(9), {htonl(0x7f000001)}, {0}}; CALL(connect, fd, &to, sizeof to); }
PROBE(connect_six) { int fd = socket(AF_INET6, SOCK_DGRAM, 0); struct sockaddr_in6 to = {AF_INET6, htons(53), htonl(5), IN6ADDR_LOOPBACK_INIT, 0}; CALL(connect, fd, &to, sizeof to); }
PROBE(bind_netlink) { int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); struct sockaddr_nl name = {AF_NETLINK, 0, 0, 1}; CALL(bind, fd, &name, sizeof name); }
PROBE(own_name) {
    int fd = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in own = {AF_INET, 0, {htonl(0x7f000001)}, {0}}; socklen_t size = sizeof own;
    bind(fd, (void *)&own, size); CALL(getsockname, fd, &own, &size); TELL(port, ntohs(own.sin_port));
}
PROBE(send_descriptor) {
    int ends[2]; socketpair(AF_UNIX, SOCK_DGRAM, 0, ends); int fd = made("a", "");
    union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = {0};
    struct iovec part = {"take", 4}; struct msghdr letter = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&letter); head->cmsg_level = SOL_SOCKET; head->cmsg_type = SCM_RIGHTS; head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &fd, sizeof fd); TELL(fd, fd); CALL(sendmsg, ends[0], &letter, MSG_NOSIGNAL | MSG_DONTWAIT);
}
PROBE(receive_message) {
    int ends[2]; socketpair(AF_UNIX, SOCK_DGRAM, 0, ends); if (write(ends[0], "letter", 6) < 0) exit(9);
    char room[32]; struct iovec part = {room, sizeof room}; struct msghdr letter = {.msg_iov = &part, .msg_iovlen = 1}; CALL(recvmsg, ends[1], &letter, 0);
}
PROBE(send_to) { int fd = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in to = {AF_INET, htons(9), {htonl(0x7f000001)}, {0}}; CALL(sendto, fd, "ping", 4L, MSG_DONTWAIT, &to, sizeof to); }
PROBE(option_time) { int fd = socket(AF_INET, SOCK_DGRAM, 0); struct timeval after = {2, 500}; CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &after, sizeof after); }
PROBE(option_linger) { int fd = socket(AF_INET, SOCK_STREAM, 0); struct linger how = {1, 30}; CALL(setsockopt, fd, SOL_SOCKET, SO_LINGER, &how, sizeof how); }
PROBE(option_delay) { int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1; CALL(setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); }
PROBE(option_kind) { int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), kind; socklen_t size = sizeof kind; CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, &kind, &size); }
PROBE(sleep_a_little) { struct timespec time = {0, 1500000}; CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, &time, 0L); }
PROBE(time_now) { struct timespec now; CALL(clock_gettime, CLOCK_REALTIME, &now); TELL(seconds, now.tv_sec); TELL(nanoseconds, now.tv_nsec); }
PROBE(set_timer) { struct itimerval when = {{1, 2}, {30, 4}}, old; CALL(setitimer, ITIMER_REAL, &when, &old); }
PROBE(set_timer_file) { int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC); struct itimerspec when = {{0, 7}, {9, 0}}; CALL(timerfd_settime, fd, 0, &when, 0L); }
struct kernel_sigaction { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; };
PROBE(on_signal) { struct kernel_sigaction act = {SIG_IGN, SA_RESTART | SA_NODEFER, 0, 1UL << (SIGTERM - 1) | 1UL << (SIGINT - 1)}, old; CALL(rt_sigaction, SIGUSR2, &act, &old, 8L); }
PROBE(block_signals) { unsigned long set = 1UL << (SIGHUP - 1) | 1UL << (SIGCHLD - 1), old; CALL(rt_sigprocmask, SIG_BLOCK, &set, &old, 8L); }
PROBE(limits) { struct rlimit64 { unsigned long cur, max; } wanted = {64, 128}, old; CALL(prlimit64, 0, RLIMIT_NOFILE, &wanted, &old); TELL(old, old.cur); }
PROBE(watch_end) { int epfd = epoll_create1(0), fd = eventfd(1, 0); struct epoll_event what = {EPOLLIN | EPOLLET | EPOLLRDHUP, {.u64 = 42}}; TELL(fd, fd); CALL(epoll_ctl, epfd, EPOLL_CTL_ADD, fd, &what); }
PROBE(wait_ends) { int epfd = epoll_create1(0), fd = eventfd(1, 0); struct epoll_event what = {EPOLLIN, {.u64 = 99}}, got[4]; epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &what); CALL(epoll_wait, epfd, got, 4, 1000); }
PROBE(poll_ends) { int fd = eventfd(1, 0); struct pollfd ends[] = {{fd, POLLIN | POLLPRI, 0}, {-1, POLLOUT, 0}}; TELL(fd, fd); CALL(poll, ends, 2, 100); }
PROBE(select_ends) { int fd = eventfd(1, 0), other = eventfd(0, 0); fd_set set; FD_ZERO(&set); FD_SET(fd, &set); FD_SET(other, &set); struct timeval time = {1, 0}; TELL(fd, fd); TELL(other, other); CALL(select, other + 1, &set, 0L, 0L, &time); }
PROBE(names) { struct utsname own; CALL(uname, &own); }
PROBE(wait_info) { pid_t child = fork(); if (child == 0) _exit(5); TELL(child, child); siginfo_t info; CALL(waitid, P_PID, child, &info, WEXITED | WNOWAIT, 0L); wait(0); }
PROBE(clone_three) { struct clone_args how = {.flags = CLONE_FS, .exit_signal = SIGCHLD}; long child = CALL(clone3, &how, sizeof how); if (child == 0) _exit(0); waitpid(child, 0, 0); }
PROBE(list_folder) { mkdir("sub", 0700); made("sub/file", ""); int fd = open("sub", O_RDONLY | O_DIRECTORY); char room[1024]; CALL(getdents64, fd, room, sizeof room); }
PROBE(bytes_waiting) { int ends[2], count; if (pipe(ends) || write(ends[1], "12345", 5) < 0) exit(9); CALL(ioctl, ends[0], FIONREAD, &count); }
PROBE(window_size) {
    int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY); struct winsize size = {24, 80, 0, 0}; CALL(ioctl, fd, TIOCSWINSZ, &size);
}
PROBE(not_blocking) { int ends[2], on = 1; if (pipe(ends)) exit(9); CALL(ioctl, ends[0], FIONBIO, &on); }
PROBE(close_on_exec) { int ends[2]; if (pipe(ends)) exit(9); CALL(ioctl, ends[0], FIOCLEX); }
PROBE(size_of_window) {
    int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY); struct winsize size = {25, 90, 0, 0}; ioctl(fd, TIOCSWINSZ, &size); CALL(ioctl, fd, TIOCGWINSZ, &size);
}
PROBE(interface_number) { struct ifreq ask = {.ifr_name = "lo"}; CALL(ioctl, socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFINDEX, &ask); TELL(index, ask.ifr_ifindex); }
PROBE(interface_flags) { struct ifreq ask = {.ifr_name = "lo"}; CALL(ioctl, socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFFLAGS, &ask); }
PROBE(clone_range) { made("from", "12345"); int from = open("from", O_RDONLY), to = open("to", O_WRONLY | O_CREAT, 0600); struct file_clone_range what = {from, 1, 2, 3}; TELL(from, from); CALL(ioctl, to, FICLONERANGE, &what); }
PROBE(set_file_flags) { int flags = FS_NODUMP_FL | FS_NOATIME_FL; CALL(ioctl, made("flags", ""), FS_IOC_SETFLAGS, &flags); }
PROBE(terminal) { int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY); char room[64]; CALL(ioctl, fd, TCGETS, room); }
PROBE(futex_wait) { unsigned word = 5; struct timespec time = {0, 1000}; CALL(futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &time, 0L, 0); }
PROBE(futex_wake) { unsigned word = 0; CALL(futex, &word, FUTEX_WAKE, 2, 0L, 0L, 0); }
PROBE(usage) { struct rusage now; CALL(getrusage, RUSAGE_SELF, &now); TELL(maxrss, now.ru_maxrss); }
PROBE(system_facts) { struct sysinfo now; CALL(sysinfo, &now); TELL(total, now.totalram); TELL(unit, now.mem_unit); }
PROBE(set_times) { made("a", ""); struct timespec when[] = {{1000, 5}, {0, UTIME_OMIT}}; CALL(utimensat, AT_FDCWD, "a", when, 0); }
PROBE(signal_stack) { static char room[8192]; stack_t stack = {room, 0, sizeof room}; CALL(sigaltstack, &stack, 0L); }
PROBE(processors) { unsigned long mask; sched_getaffinity(0, sizeof mask, (void *)&mask); mask &= -mask; TELL(first, __builtin_ctzl(mask)); CALL(sched_setaffinity, 0, sizeof mask, &mask); }
PROBE(own_title) { CALL(prctl, PR_SET_NAME, "probe", 0L, 0L, 0L); }
PROBE(lock_range) { int fd = made("a", "12345"); struct flock range = {F_WRLCK, SEEK_SET, 1, 3, 0}; CALL(fcntl, fd, F_SETLK, &range); }
PROBE(execute) { char *argv[] = {"true", "one two", "\xff", 0}, *envp[] = {"A=1", "B=2", 0}; CALL(execve, "/bin/true", argv, envp); }

/* The same of a program of 32 bits: calls by `int $0x80`, whose addresses lie low. */
static long old_call(long number, long a, long b, long c) {
    long answer;
    asm volatile("int $0x80" : "=a"(answer) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
    return answer;
}

static char *low(void) { return mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0); }
PROBE(old_open) { char *room = low(); strcpy(room, "old.txt"); old_call(5, (long)room, O_WRONLY | O_CREAT | O_APPEND, 0600); }
PROBE(old_stat) { made("a", "1234567"); char *room = low(); strcpy(room, "a"); old_call(195, (long)room, (long)(room + 64), 0); struct stat now; stat("a", &now); TELL(inode, now.st_ino); }
PROBE(old_write) {
    int fd = made("a", ""); char *room = low(); memcpy(room, "onetwo", 6); unsigned *parts = (unsigned *)(room + 64);
    parts[0] = (unsigned)(long)room; parts[1] = 3; parts[2] = parts[0] + 3; parts[3] = 3; old_call(146, fd, (long)parts, 2);
}
PROBE(old_time) { char *room = low(); old_call(265, CLOCK_REALTIME, (long)room, 0); TELL(seconds, *(int *)room); TELL(nanoseconds, ((int *)room)[1]); }
PROBE(old_action) {
    unsigned *room = (unsigned *)low(); room[0] = 1; room[1] = SA_RESTART; room[2] = 0; room[3] = 1 << (SIGTERM - 1); room[4] = 0;
    asm volatile("int $0x80" : : "a"(174), "b"(SIGUSR2), "c"(room), "d"(0), "S"(8) : "memory", "r8", "r9", "r10", "r11");
}

#define ENTRY(name) {#name, probe_##name}
static const struct { const char *name; void (*run)(void); } probes[] = {
    ENTRY(open_create), ENTRY(open_plain), ENTRY(open_below), ENTRY(open_how), ENTRY(open_missing), ENTRY(open_latin), ENTRY(open_fault), ENTRY(read_some),
    ENTRY(read_long), ENTRY(write_bytes), ENTRY(write_accents), ENTRY(pread_place), ENTRY(pwrite_place), ENTRY(readv_two), ENTRY(writev_two), ENTRY(unlink_folder),
    ENTRY(rename_over), ENTRY(link_hard), ENTRY(link_soft), ENTRY(link_read), ENTRY(make_folder), ENTRY(make_pipe), ENTRY(change_mode), ENTRY(change_owner),
    ENTRY(may_access), ENTRY(map_file), ENTRY(map_memory), ENTRY(protect), ENTRY(map_again), ENTRY(advise), ENTRY(dup_three), ENTRY(pipe_flags), ENTRY(set_flags),
    ENTRY(dup_above), ENTRY(seek_end), ENTRY(seal), ENTRY(fork_flags), ENTRY(wait_child), ENTRY(wait_killed), ENTRY(socket_kind), ENTRY(event_number), ENTRY(watch),
    ENTRY(memory_file), ENTRY(random_bytes), ENTRY(send_signal), ENTRY(reserve), ENTRY(lock_file), ENTRY(send_file), ENTRY(set_attribute), ENTRY(mask), ENTRY(where),
    ENTRY(cut_file), ENTRY(stat_descriptor), ENTRY(stat_folder), ENTRY(stat_extended), ENTRY(stat_system), ENTRY(bind_unix), ENTRY(bind_abstract), ENTRY(connect_four),
    ENTRY(connect_six), ENTRY(bind_netlink), ENTRY(own_name), ENTRY(send_descriptor), ENTRY(receive_message), ENTRY(send_to), ENTRY(option_time), ENTRY(option_linger),
    ENTRY(option_delay), ENTRY(option_kind), ENTRY(sleep_a_little), ENTRY(time_now), ENTRY(set_timer), ENTRY(set_timer_file), ENTRY(on_signal), ENTRY(block_signals),
    ENTRY(limits), ENTRY(watch_end), ENTRY(wait_ends), ENTRY(poll_ends), ENTRY(select_ends), ENTRY(names), ENTRY(wait_info), ENTRY(clone_three), ENTRY(list_folder),
    ENTRY(bytes_waiting), ENTRY(window_size), ENTRY(terminal), ENTRY(not_blocking), ENTRY(close_on_exec), ENTRY(size_of_window), ENTRY(interface_number),
    ENTRY(interface_flags), ENTRY(clone_range), ENTRY(set_file_flags), ENTRY(futex_wait), ENTRY(futex_wake), ENTRY(usage), ENTRY(system_facts), ENTRY(set_times),
    ENTRY(signal_stack), ENTRY(processors), ENTRY(own_title), ENTRY(lock_range), ENTRY(execute),
    ENTRY(old_open), ENTRY(old_stat), ENTRY(old_write), ENTRY(old_time), ENTRY(old_action),
};

int main(int count, char **words) {
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    for (unsigned i = 0; count > 1 && i < sizeof probes / sizeof *probes; i++)
        if (!strcmp(words[1], probes[i].name)) {
            probes[i].run();
            fflush(stdout);
            return 0;
        }
    return 2;
}
