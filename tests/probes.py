"""What each call of `tests/corpus/traced/probes.c` must be decoded to.

For each probe: the call, and its arguments as JSON shows them. Only what is named is compared, but that exactly. In
texts `$word` stands for what the probe told on its standard output, and `$folder` for the folder that it ran in.
"""

from __future__ import annotations

from typing import Any

HERE = {"fd": -100, "is": "$folder"}
MADE = {"fd": "$fd", "is": "$folder/a"}
LOOPBACK = "127.0.0.1"


def text(kept: str, length: int | None = None) -> dict[str, Any]:
    """A buffer that is text."""
    return {"text": kept, "length": len(kept.encode()) if length is None else length}


def part(kept: str, length: int | None = None) -> dict[str, Any]:
    """One buffer of a table, all of which was moved unless its length says otherwise."""
    return {"iov_base": text(kept), "iov_len": len(kept) if length is None else length}


def mode(kind: str | None, permissions: int) -> dict[str, Any]:
    """Type and permissions of a file."""
    return {"type": kind, "permissions": permissions}


PLAIN: dict[str, tuple[str, dict[str, Any]]] = {
    "open_create": (
        "openat",
        {"dfd": HERE, "filename": "made.txt", "flags": ["O_RDWR", "O_CREAT", "O_TRUNC", "O_CLOEXEC"], "mode": 0o640},
    ),
    "open_plain": ("open", {"filename": "here.txt", "flags": ["O_RDONLY", "O_NOFOLLOW"]}),
    "open_below": (
        "openat",
        {"dfd": {"fd": "$fd", "is": "$folder"}, "filename": "sub", "flags": ["O_RDONLY", "O_PATH", "O_DIRECTORY"]},
    ),
    "open_how": (
        "openat2",
        {
            "filename": "how.txt",
            "how": {
                "flags": ["O_WRONLY", "O_CREAT", "O_EXCL"],
                "mode": 0o600,
                "resolve": ["RESOLVE_NO_SYMLINKS", "RESOLVE_BENEATH"],
            },
            "usize": 24,
        },
    ),
    "open_missing": ("openat", {"filename": 'no\tsuch "file"', "flags": ["O_RDONLY"]}),
    "open_latin": ("openat", {"filename": {"bytes": "Y2Fm6Q==", "length": 4}}),
    "open_fault": ("openat", {"filename": {"fault": "0x10"}}),
    "read_some": ("read", {"fd": {"fd": "$fd", "is": "$folder/in.txt"}, "buf": text("hello"), "count": 64}),
    "read_long": ("read", {"buf": text("x" * 32, 100), "count": 200}),
    "write_bytes": (
        "write",
        {"fd": {"fd": "$fd", "is": "$folder/out.bin"}, "buf": {"bytes": "YQD/", "length": 3}, "count": 3},
    ),
    "write_accents": ("write", {"buf": text("hé!\n"), "count": 5}),
    "pread_place": ("pread64", {"buf": text("3456"), "count": 4, "pos": 3}),
    "pwrite_place": ("pwrite64", {"buf": text("xyz"), "count": 3, "pos": 7}),
    "readv_two": ("readv", {"vec": [part("abc"), part("defg", 10)], "vlen": 2}),
    "writev_two": ("writev", {"vec": [part("one"), part("four")], "vlen": 2}),
    "unlink_folder": ("unlinkat", {"dfd": HERE, "pathname": "gone", "flag": ["AT_REMOVEDIR"]}),
    "rename_over": ("renameat2", {"olddfd": HERE, "oldname": "a", "newname": "b", "flags": ["RENAME_NOREPLACE"]}),
    "link_hard": ("linkat", {"oldname": "a", "newname": "c", "flags": ["AT_SYMLINK_FOLLOW"]}),
    "link_soft": ("symlinkat", {"oldname": "target", "newdfd": HERE, "newname": "soft"}),
    "link_read": ("readlinkat", {"pathname": "soft", "buf": "where/to", "bufsiz": 64}),
    "make_folder": ("mkdirat", {"pathname": "folder", "mode": 0o711}),
    "make_pipe": ("mknodat", {"filename": "fifo", "mode": mode("S_IFIFO", 0o620)}),
    "change_mode": ("fchmodat", {"filename": "a", "mode": 0o4755}),
    "change_owner": ("fchownat", {"user": -1, "group": -1, "flag": ["AT_SYMLINK_NOFOLLOW"]}),
    "may_access": ("faccessat2", {"filename": "a", "mode": ["R_OK", "X_OK"], "flags": ["AT_EACCESS"]}),
    "map_file": (
        "mmap",
        {
            "addr": None,
            "len": 4096,
            "prot": ["PROT_READ"],
            "flags": ["MAP_PRIVATE", "MAP_POPULATE"],
            "fd": MADE,
            "off": 0,
        },
    ),
    "map_memory": (
        "mmap",
        {
            "len": 8192,
            "prot": ["PROT_READ", "PROT_WRITE"],
            "flags": ["MAP_SHARED", "MAP_ANONYMOUS", "MAP_NORESERVE"],
            "fd": {"fd": -1, "is": None},
        },
    ),
    "protect": ("mprotect", {"len": 4096, "prot": ["PROT_READ", "PROT_EXEC"]}),
    "map_again": ("mremap", {"old_len": 4096, "new_len": 8192, "flags": ["MREMAP_MAYMOVE"]}),
    "advise": ("madvise", {"len_in": 4096, "behavior": "MADV_DONTNEED"}),
    "dup_three": ("dup3", {"oldfd": MADE, "newfd": {"fd": 77, "is": None}, "flags": ["O_CLOEXEC"]}),
    "pipe_flags": ("pipe2", {"flags": ["O_NONBLOCK", "O_CLOEXEC"]}),
    "set_flags": ("fcntl", {"cmd": "F_SETFL", "arg": ["O_RDONLY", "O_APPEND", "O_NONBLOCK"]}),
    "dup_above": ("fcntl", {"cmd": "F_DUPFD_CLOEXEC", "arg": 50}),
    "seek_end": ("lseek", {"offset": -2, "whence": "SEEK_END"}),
    "seal": ("fcntl", {"cmd": "F_ADD_SEALS", "arg": ["F_SEAL_SHRINK", "F_SEAL_GROW"]}),
    "fork_flags": ("clone", {"clone_flags": ["CLONE_FS", "SIGCHLD"], "newsp": None}),
    "wait_child": ("wait4", {"upid": "$child", "stat_addr": {"exited": 7}, "options": ["__WALL"], "ru": None}),
    "wait_killed": (
        "wait4",
        {"upid": "$child", "stat_addr": {"signal": "SIGKILL", "core": False}, "options": ["WUNTRACED"]},
    ),
    "socket_kind": (
        "socket",
        {"family": "AF_INET", "type": ["SOCK_STREAM", "SOCK_CLOEXEC", "SOCK_NONBLOCK"], "protocol": "IPPROTO_TCP"},
    ),
    "event_number": ("eventfd2", {"count": 3, "flags": ["EFD_SEMAPHORE", "EFD_CLOEXEC"]}),
    "watch": ("inotify_add_watch", {"pathname": "a", "mask": ["IN_MODIFY", "IN_CLOSE_WRITE", "IN_ONESHOT"]}),
    "memory_file": ("memfd_create", {"uname": "name", "flags": ["MFD_CLOEXEC", "MFD_ALLOW_SEALING"]}),
    "random_bytes": ("getrandom", {"len": 16, "flags": ["GRND_NONBLOCK"]}),
    "send_signal": ("kill", {"pid": "$self", "sig": "SIGUSR1"}),
    "reserve": ("fallocate", {"mode": ["FALLOC_FL_KEEP_SIZE"], "offset": 0, "len": 4096}),
    "lock_file": ("flock", {"cmd": ["LOCK_EX", "LOCK_NB"]}),
    "send_file": (
        "sendfile",
        {
            "out_fd": {"fd": "$to", "is": "$folder/b"},
            "in_fd": {"fd": "$from", "is": "$folder/a"},
            "offset": 5,
            "count": 3,
        },
    ),
    "set_attribute": (
        "setxattr",
        {"pathname": "a", "name": "user.colour", "value": text("blue"), "size": 4, "flags": ["XATTR_CREATE"]},
    ),
    "mask": ("umask", {"mask": 0o27}),
    "where": ("getcwd", {"buf": "$folder", "size": 4096}),
    "cut_file": ("truncate", {"path": "a", "length": 3}),
}

SECOND = {"tv_sec": 1, "tv_nsec": 2}

STRUCTURED: dict[str, tuple[str, dict[str, Any]]] = {
    "stat_descriptor": (
        "fstat",
        {
            "statbuf.st_ino": "$inode",
            "statbuf.st_mode": mode("S_IFREG", 0o644),
            "statbuf.st_size": 7,
            "statbuf.st_uid": "$uid",
            "statbuf.st_mtime": "$changed",
        },
    ),
    "stat_folder": (
        "newfstatat",
        {
            "filename": "sub",
            "statbuf.st_mode": mode("S_IFDIR", 0o750),
            "statbuf.st_nlink": "$links",
            "flag": ["AT_SYMLINK_NOFOLLOW"],
        },
    ),
    "stat_extended": (
        "statx",
        {
            "flags": ["AT_STATX_DONT_SYNC"],
            "mask": ["STATX_MODE", "STATX_SIZE"],
            "buffer.stx_size": 2,
            "buffer.stx_ino": "$inode",
            "buffer.stx_mode": mode("S_IFREG", 0o644),
        },
    ),
    "stat_system": ("statfs", {"pathname": ".", "buf.f_bsize": "$block", "buf.f_blocks": "$blocks"}),
    "bind_unix": ("bind", {"umyaddr": {"sa_family": "AF_UNIX", "sun_path": "door"}, "addrlen": 110}),
    "bind_abstract": ("bind", {"umyaddr": {"sa_family": "AF_UNIX", "sun_path": "@hidden-probe"}}),
    "connect_four": (
        "connect",
        {"uservaddr": {"sa_family": "AF_INET", "sin_port": 9, "sin_addr": LOOPBACK}, "addrlen": 16},
    ),
    "connect_six": (
        "connect",
        {
            "uservaddr": {
                "sa_family": "AF_INET6",
                "sin6_port": 53,
                "sin6_flowinfo": 5,
                "sin6_addr": "::1",
                "sin6_scope_id": 0,
            }
        },
    ),
    "bind_netlink": ("bind", {"umyaddr": {"sa_family": "AF_NETLINK", "nl_pid": 0, "nl_groups": 1}}),
    "own_name": (
        "getsockname",
        {"usockaddr": {"sa_family": "AF_INET", "sin_port": "$port", "sin_addr": LOOPBACK}, "usockaddr_len": 16},
    ),
    "send_descriptor": (
        "sendmsg",
        {
            "msg.msg_name": None,
            "msg.msg_iov": [part("take")],
            "msg.msg_control.0.cmsg_type": "SCM_RIGHTS",
            "msg.msg_control.0.cmsg_data": [MADE],
            "flags": ["MSG_DONTWAIT", "MSG_NOSIGNAL"],
        },
    ),
    "receive_message": ("recvmsg", {"msg.msg_iov": [part("letter", 32)], "msg.msg_flags": [], "flags": []}),
    "send_to": (
        "sendto",
        {
            "buff": text("ping"),
            "flags": ["MSG_DONTWAIT"],
            "addr": {"sa_family": "AF_INET", "sin_port": 9, "sin_addr": LOOPBACK},
        },
    ),
    "option_time": (
        "setsockopt",
        {"level": "SOL_SOCKET", "optname": "SO_RCVTIMEO", "optval": {"tv_sec": 2, "tv_usec": 500}, "optlen": 16},
    ),
    "option_linger": ("setsockopt", {"optname": "SO_LINGER", "optval": {"l_onoff": 1, "l_linger": 30}}),
    "option_delay": ("setsockopt", {"level": "SOL_TCP", "optname": "TCP_NODELAY", "optval": 1, "optlen": 4}),
    "option_kind": ("getsockopt", {"optname": "SO_TYPE", "optval": "SOCK_SEQPACKET", "optlen": 4}),
    "sleep_a_little": (
        "clock_nanosleep",
        {"which_clock": "CLOCK_MONOTONIC", "flags": [], "rqtp": {"tv_sec": 0, "tv_nsec": 1500000}, "rmtp": None},
    ),
    "time_now": (
        "clock_gettime",
        {"which_clock": "CLOCK_REALTIME", "tp": {"tv_sec": "$seconds", "tv_nsec": "$nanoseconds"}},
    ),
    "set_timer": (
        "setitimer",
        {
            "which": "ITIMER_REAL",
            "value": {"it_interval": {"tv_sec": 1, "tv_usec": 2}, "it_value": {"tv_sec": 30, "tv_usec": 4}},
            "ovalue": {"it_interval": {"tv_sec": 0, "tv_usec": 0}, "it_value": {"tv_sec": 0, "tv_usec": 0}},
        },
    ),
    "set_timer_file": (
        "timerfd_settime",
        {"utmr": {"it_interval": {"tv_sec": 0, "tv_nsec": 7}, "it_value": {"tv_sec": 9, "tv_nsec": 0}}, "otmr": None},
    ),
    "on_signal": (
        "rt_sigaction",
        {
            "sig": "SIGUSR2",
            "act": {
                "sa_handler": "SIG_IGN",
                "sa_mask": ["SIGINT", "SIGTERM"],
                "sa_flags": ["SA_NODEFER", "SA_RESTART"],
            },
            "oact.sa_handler": "SIG_DFL",
            "sigsetsize": 8,
        },
    ),
    "block_signals": ("rt_sigprocmask", {"how": "SIG_BLOCK", "nset": ["SIGHUP", "SIGCHLD"], "oset": []}),
    "limits": (
        "prlimit64",
        {"resource": "RLIMIT_NOFILE", "new_rlim": {"rlim_cur": 64, "rlim_max": 128}, "old_rlim.rlim_cur": "$old"},
    ),
    "watch_end": (
        "epoll_ctl",
        {
            "op": "EPOLL_CTL_ADD",
            "fd.fd": "$fd",
            "event": {"events": ["EPOLLIN", "EPOLLRDHUP", "EPOLLET"], "data": 42},
        },
    ),
    "wait_ends": ("epoll_wait", {"events": [{"events": ["EPOLLIN"], "data": 99}], "maxevents": 4, "timeout": 1000}),
    "poll_ends": (
        "poll",
        {
            "ufds.0.fd.fd": "$fd",
            "ufds.0.events": ["POLLIN", "POLLPRI"],
            "ufds.0.revents": ["POLLIN"],
            "ufds.1.fd.fd": -1,
            "nfds": 2,
            "timeout_msecs": 100,
        },
    ),
    "select_ends": ("select", {"inp": {"before": ["$fd", "$other"], "after": ["$fd"]}, "outp": None}),
    "names": ("uname", {"name.sysname": "Linux", "name.machine": "x86_64"}),
    "wait_info": (
        "waitid",
        {
            "which": "P_PID",
            "upid": "$child",
            "infop.si_signo": "SIGCHLD",
            "infop.si_code": "CLD_EXITED",
            "infop.si_pid": "$child",
            "infop.si_status": 5,
            "options": ["WEXITED", "WNOWAIT"],
        },
    ),
    "clone_three": ("clone3", {"uargs.flags": ["CLONE_FS"], "uargs.exit_signal": "SIGCHLD", "uargs.stack": None}),
    "list_folder": ("getdents64", {"count": 1024}),
    "bytes_waiting": ("ioctl", {"cmd": "FIONREAD", "arg": 5}),
    "window_size": (
        "ioctl",
        {"cmd": "TIOCSWINSZ", "arg": {"ws_row": 24, "ws_col": 80, "ws_xpixel": 0, "ws_ypixel": 0}},
    ),
    "not_blocking": ("ioctl", {"cmd": "FIONBIO", "arg": 1}),
    "close_on_exec": ("ioctl", {"cmd": "FIOCLEX"}),
    "size_of_window": (
        "ioctl",
        {"cmd": "TIOCGWINSZ", "arg": {"ws_row": 25, "ws_col": 90, "ws_xpixel": 0, "ws_ypixel": 0}},
    ),
    "interface_number": ("ioctl", {"cmd": "SIOCGIFINDEX", "arg": {"ifr_name": "lo", "ifr_ifindex": "$index"}}),
    "interface_flags": ("ioctl", {"cmd": "SIOCGIFFLAGS", "arg.ifr_name": "lo"}),
    "clone_range": (
        "ioctl",
        {
            "cmd": "FICLONERANGE",
            "arg.src_fd.fd": "$from",
            "arg.src_offset": 1,
            "arg.src_length": 2,
            "arg.dest_offset": 3,
        },
    ),
    "set_file_flags": ("ioctl", {"cmd": "FS_IOC_SETFLAGS", "arg": ["FS_NODUMP_FL", "FS_NOATIME_FL"]}),
    "terminal": ("ioctl", {"cmd": "TCGETS", "arg.c_oflag": ["OPOST", "ONLCR"]}),
    "futex_wait": (
        "futex",
        {"op": ["FUTEX_WAIT_PRIVATE"], "val": 5, "utime": {"tv_sec": 0, "tv_nsec": 1000}},
    ),
    "futex_wake": ("futex", {"op": ["FUTEX_WAKE"], "val": 2}),
    "usage": ("getrusage", {"who": "RUSAGE_SELF", "ru.ru_maxrss": "$maxrss"}),
    "system_facts": ("sysinfo", {"info.totalram": "$total", "info.mem_unit": "$unit"}),
    "set_times": (
        "utimensat",
        {"utimes": [{"tv_sec": 1000, "tv_nsec": 5}, {"tv_sec": 0, "tv_nsec": "UTIME_OMIT"}], "flags": []},
    ),
    "signal_stack": ("sigaltstack", {"uss.ss_flags": [], "uss.ss_size": 8192, "uoss": None}),
    "processors": ("sched_setaffinity", {"pid": 0, "len": 8, "user_mask_ptr": ["$first"]}),
    "own_title": ("prctl", {"option": "PR_SET_NAME", "arg2": "probe"}),
    "lock_range": (
        "fcntl",
        {"cmd": "F_SETLK", "arg": {"l_type": "F_WRLCK", "l_whence": "SEEK_SET", "l_start": 1, "l_len": 3, "l_pid": 0}},
    ),
    "execute": (
        "execve",
        {
            "filename": "/bin/true",
            "argv": ["true", "one two", {"bytes": "/w==", "length": 1}],
            "envp.count": 2,
        },
    ),
}

OLD: dict[str, tuple[str, dict[str, Any]]] = {
    "old_open": ("open", {"filename": "old.txt", "flags": ["O_WRONLY", "O_CREAT", "O_APPEND"], "mode": 0o600}),
    "old_stat": (
        "stat64",
        {"statbuf.st_ino": "$inode", "statbuf.st_size": 7, "statbuf.st_mode": mode("S_IFREG", 0o644)},
    ),
    "old_write": ("writev", {"fd.is": "$folder/a", "vec": [part("one"), part("two")], "vlen": 2}),
    "old_time": (
        "clock_gettime",
        {"which_clock": "CLOCK_REALTIME", "tp": {"tv_sec": "$seconds", "tv_nsec": "$nanoseconds"}},
    ),
    "old_action": (
        "rt_sigaction",
        {"sig": "SIGUSR2", "act": {"sa_handler": "SIG_IGN", "sa_mask": ["SIGTERM"], "sa_flags": ["SA_RESTART"]}},
    ),
}
