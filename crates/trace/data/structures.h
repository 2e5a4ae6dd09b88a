/* Structures that the kernel fills or reads and that its user headers do not (or not in every release) define; after the
   manual pages. tools/syscalls.py asks the C compiler where their fields lie, in 64 bits, x32 and 32 bits. */
#include <linux/types.h>
#include <asm/posix_types.h>
struct our_timespec { __kernel_long_t tv_sec; __kernel_long_t tv_nsec; };
struct our_timespec64 { long long tv_sec; long long tv_nsec; };
struct our_timeval { __kernel_long_t tv_sec; __kernel_long_t tv_usec; };
struct our_itimerval { struct our_timeval it_interval, it_value; };
struct our_itimerspec { struct our_timespec it_interval, it_value; };
struct our_itimerspec64 { struct our_timespec64 it_interval, it_value; };
struct our_timezone { int tz_minuteswest, tz_dsttime; };
struct our_utimbuf { __kernel_long_t actime, modtime; };
struct our_rlimit { __kernel_ulong_t rlim_cur, rlim_max; };
struct our_tms { __kernel_long_t tms_utime, tms_stime, tms_cutime, tms_cstime; };
struct our_stack { void *ss_sp; int ss_flags; __kernel_size_t ss_size; };
struct our_iovec { void *iov_base; __kernel_size_t iov_len; };
struct our_msghdr { void *msg_name; int msg_namelen; struct our_iovec *msg_iov; __kernel_size_t msg_iovlen; void *msg_control; __kernel_size_t msg_controllen; unsigned msg_flags; };
struct our_mmsghdr { struct our_msghdr msg_hdr; unsigned msg_len; };
struct our_cmsghdr { __kernel_size_t cmsg_len; int cmsg_level, cmsg_type; };
struct our_sigaction { void *sa_handler; unsigned long sa_flags; void *sa_restorer; unsigned long long sa_mask; };
struct our_mmap_arg { __u32 addr, len, prot, flags, fd, offset; };
struct our_sched_param { int sched_priority; };
struct our_sched_attr { __u32 size, sched_policy; __u64 sched_flags; __s32 sched_nice; __u32 sched_priority; __u64 sched_runtime, sched_deadline, sched_period; __u32 sched_util_min, sched_util_max; };
struct our_cachestat_range { __u64 off, len; };
struct our_cachestat { __u64 nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted; };
struct our_file_attr { __u64 fa_xflags; __u32 fa_extsize, fa_nextents, fa_projid, fa_cowextsize; };
struct our_sigevent { unsigned long sigev_value; int sigev_signo, sigev_notify, sigev_notify_thread_id; };
struct our_futex_waitv { __u64 val, uaddr; __u32 flags, reserved; };
struct our_sysinfo { __kernel_long_t uptime; __kernel_ulong_t loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap; __u16 procs, pad; __kernel_ulong_t totalhigh, freehigh; __u32 mem_unit; };
struct our_pselect_mask { void *mask; __kernel_size_t size; };
struct our_linger { int l_onoff, l_linger; };
struct our_ucred { __u32 pid, uid, gid; };
/* The kernel aligns these long numbers in x32 to 4 bytes, and so its siginfo is as long as in 32 bits. */
typedef __kernel_long_t our_clock __attribute__((aligned(sizeof(void *))));
struct our_siginfo { int si_signo, si_errno, si_code; union { char fill[128 - 4 * sizeof(int)];
  struct { __u32 pid, uid; } kill; struct { __u32 pid, uid; int status; our_clock utime, stime; } child; struct { void *addr; } fault;
  struct { int tid, overrun; void *value; } timer; struct { __u32 pid, uid; void *value; } queue;
  struct { our_clock band; int fd; } poll; struct { void *call_addr; int syscall; unsigned arch; } sys; } f
#if defined(__x86_64__) && !defined(__ILP32__)
  __attribute__((aligned(8)))
#endif
  ; };
struct our_file_handle { __u32 handle_bytes; int handle_type; };
struct our_termios { __u32 c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[19]; };
struct our_flock { short l_type, l_whence; __kernel_long_t l_start, l_len; int l_pid; };
struct our_flock64 { short l_type, l_whence; long long l_start, l_len; int l_pid; }
#if defined(__x86_64__)
  ;
#else
  __attribute__((packed));
#endif
struct our_owner { int type; int pid; };
struct our_mreq { unsigned char imr_multiaddr[4], imr_interface[4]; };
struct our_timex { unsigned modes; __kernel_long_t offset, freq, maxerror, esterror; int status; __kernel_long_t constant, precision, tolerance;
  struct our_timeval time; __kernel_long_t tick, ppsfreq, jitter; int shift; __kernel_long_t stabil, jitcnt, calcnt, errcnt, stbcnt; int tai; int reserved[11]; };
struct our_ifreq { char ifr_name[16]; union { int number; unsigned short flags; char room[16]; void *address; } value; };
