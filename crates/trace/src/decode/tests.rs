//! Calls over memory that the tests lay out, and over memory that means harm.

use std::{collections::HashSet, sync::Arc};

use super::{
    Limits, Value, arguments, classes, entry, errno_name, errno_text, exit, is_in_class, json, last, name, number,
    result_kind, signal_code, signal_name, tables, text, value::Arg,
};
use crate::{
    call::{Abi, Call, Process},
    decode::ResultKind,
};

const ABIS: [Abi; 3] = [Abi::X86_64, Abi::X32, Abi::I386];
const BASE: u64 = 0x1_0000;

/// A process with one piece of memory at `BASE`.
struct Laid(Vec<u8>);

impl Process for Laid {
    fn read(&self, address: u64, into: &mut [u8]) -> usize {
        let Some(from) = address.checked_sub(BASE).and_then(|from| usize::try_from(from).ok()) else { return 0 };
        let Some(own) = self.0.get(from..) else { return 0 };
        let length = own.len().min(into.len());
        into[..length].copy_from_slice(&own[..length]);
        length
    }

    fn descriptor(&self, number: i32) -> Option<Arc<[u8]>> {
        (number < 10).then(|| format!("/file/{number}").into_bytes().into())
    }

    fn folder(&self) -> Option<Arc<[u8]>> {
        Some(b"/folder"[..].into())
    }
}

fn call(abi: Abi, wanted: &str, args: &[u64], result: Option<i64>) -> Call {
    let mut all = [0; 6];
    all[..args.len()].copy_from_slice(args);
    Call { abi, number: number(abi, wanted).expect("a known call"), args: all, result }
}

fn decoded(call: &Call, memory: &[u8]) -> Vec<Arg> {
    let process = Laid(memory.to_vec());
    let limits = Limits::default();
    let mut args = entry(&Call { result: None, ..*call }, &process, &limits);
    exit(call, &process, &limits, &mut args);
    args
}

fn as_text(call: &Call, memory: &[u8]) -> String {
    let mut out = Vec::new();
    text::arguments(&mut out, &decoded(call, memory), text::Style::default());
    out.extend_from_slice(b" = ");
    text::result(&mut out, call, None, text::Style::default());
    String::from_utf8(out).expect("text")
}

fn as_json(call: &Call, memory: &[u8]) -> String {
    let mut out = Vec::new();
    json::arguments(&mut out, &decoded(call, memory));
    String::from_utf8(out).expect("text")
}

#[test]
fn every_number_of_a_table_has_one_name() {
    for abi in ABIS {
        let known: Vec<_> = (0..=last(abi)).filter_map(|number| name(abi, number)).collect();
        assert_eq!(known.iter().collect::<HashSet<_>>().len(), known.len(), "{abi:?}");
        assert!(known.len() > 360, "{abi:?}");
        for wanted in known {
            assert_eq!(name(abi, number(abi, wanted).expect("its number")), Some(wanted));
        }
        assert_eq!(name(abi, last(abi) + 1), None);
        assert_eq!(name(abi, u32::MAX), None);
    }
}

#[test]
fn numbers_are_those_of_the_c_library() {
    assert_eq!(number(Abi::X86_64, "openat"), Some(libc::SYS_openat as u32));
    assert_eq!(number(Abi::X86_64, "io_uring_setup"), Some(libc::SYS_io_uring_setup as u32));
    assert_eq!(number(Abi::I386, "openat"), Some(295));
    assert_eq!(number(Abi::X32, "execve"), Some(520));
    assert_eq!(number(Abi::X86_64, "socketcall"), None);
}

#[test]
fn names_of_whole_numbers_are_in_order() {
    for set in [&tables::SET_ERRNO, &tables::SET_IOCTL, &tables::SET_SIGNAL, &tables::SET_PRCTL, &tables::SET_FSMAGIC] {
        assert!(set.names.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

#[test]
fn errors_and_signals_have_their_names() {
    assert_eq!(errno_name(2), Some("ENOENT"));
    assert_eq!(errno_name(11), Some("EAGAIN"));
    assert_eq!(errno_name(512), Some("ERESTARTSYS"));
    assert_eq!(errno_name(-1), None);
    assert_eq!(errno_text(2), "No such file or directory");
    assert_eq!(signal_name(9).as_deref(), Some("SIGKILL"));
    assert_eq!(signal_name(29).as_deref(), Some("SIGIO"));
    assert_eq!(signal_name(34).as_deref(), Some("SIGRT_2"));
    assert_eq!(signal_name(65), None);
    assert_eq!(signal_code(libc::SIGCHLD, 1), Some("CLD_EXITED"));
    assert_eq!(signal_code(libc::SIGALRM, 0x80), Some("SI_KERNEL"));
    assert_eq!(signal_code(libc::SIGUSR1, -6), Some("SI_TKILL"));
}

#[test]
fn classes_follow_from_the_arguments() {
    let is_in = |call, class| is_in_class(Abi::X86_64, number(Abi::X86_64, call).expect("a known call"), class);
    assert!(is_in("openat", "file") && is_in("openat", "desc"));
    assert!(is_in("rename", "file") && !is_in("rename", "desc"));
    assert!(is_in("read", "desc") && !is_in("read", "file"));
    assert!(is_in("connect", "network") && is_in("mmap", "memory") && is_in("execve", "process"));
    assert!(!is_in("openat", "no such class"));
    assert!(classes().contains(&"creds"));
}

#[test]
fn a_path_and_flags_are_named() {
    let call = call(Abi::X86_64, "openat", &[-100_i64 as u64, BASE, 0o2101, 0o644], Some(3));
    assert_eq!(as_text(&call, b"a\tb\0"), "AT_FDCWD, \"a\\tb\", O_WRONLY|O_CREAT|O_APPEND, 0644 = 3");
    let json =
        r#"{"dfd":{"fd":-100,"is":"/folder"},"filename":"a\tb","flags":["O_WRONLY","O_CREAT","O_APPEND"],"mode":420}"#;
    assert_eq!(as_json(&call, b"a\tb\0"), json);
}

#[test]
fn permissions_are_left_out_where_nothing_is_made() {
    let call = call(Abi::X86_64, "open", &[BASE, 0o2000000, 0xdead], Some(-2));
    assert_eq!(as_text(&call, b"x\0"), "\"x\", O_RDONLY|O_CLOEXEC = -1 ENOENT (No such file or directory)");
}

#[test]
fn a_buffer_is_cut_and_tells_its_length() {
    let limits = Limits::default();
    let written = call(Abi::X86_64, "write", &[1, BASE, 40], Some(40));
    assert_eq!(as_text(&written, &[b'a'; 40]), format!("1, \"{}\"..., 40 = 40", "a".repeat(limits.bytes)));
    let read = call(Abi::X86_64, "read", &[0, BASE, 4096], Some(5));
    assert_eq!(
        as_json(&read, b"h\xc3\xa9\xff\0"),
        r#"{"fd":{"fd":0,"is":"/file/0"},"buf":{"bytes":"aMOp/wA=","length":5},"count":4096}"#
    );
    let failed = call(Abi::X86_64, "read", &[0, BASE, 4096], Some(-11));
    assert_eq!(as_text(&failed, b""), "0, 0x10000, 4096 = -1 EAGAIN (Resource temporarily unavailable)");
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    let call = call(Abi::X86_64, "openat", &[5, 0x99, 0], Some(-14));
    assert_eq!(
        as_json(&call, b""),
        r#"{"dfd":{"fd":5,"is":"/file/5"},"filename":{"fault":"0x99"},"flags":["O_RDONLY"]}"#
    );
}

#[test]
fn a_socket_has_family_and_port() {
    let memory = [&[2, 0, 0, 80, 127, 0, 0, 1][..], &[0; 8]].concat();
    let call = call(Abi::X86_64, "connect", &[3, BASE, 16], Some(0));
    let shown = "3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16 = 0";
    assert_eq!(as_text(&call, &memory), shown);
    assert!(as_json(&call, &memory).contains(r#""sin_port":80,"sin_addr":"127.0.0.1""#));
}

#[test]
fn an_abstract_name_keeps_its_mark() {
    let call = call(Abi::X86_64, "bind", &[3, BASE, 5], Some(0));
    assert_eq!(as_text(&call, b"\x01\0\0ab"), "3, {sa_family=AF_UNIX, sun_path=@\"ab\"}, 5 = 0");
    assert!(as_json(&call, b"\x01\0\0ab").contains(r#""sun_path":"@ab""#));
}

#[test]
fn two_descriptors_are_told_after_the_call() {
    let call = call(Abi::X86_64, "pipe2", &[BASE, 0o2000000], Some(0));
    assert_eq!(as_text(&call, &[3, 0, 0, 0, 4, 0, 0, 0]), "[3, 4], O_CLOEXEC = 0");
}

#[test]
fn how_a_child_ended_is_told() {
    let mut memory = [0; 160];
    memory[..4].copy_from_slice(&0x0300_i32.to_le_bytes());
    let call = call(Abi::X86_64, "wait4", &[u64::MAX, BASE, 0, 0], Some(77));
    assert_eq!(as_text(&call, &memory), "-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL = 77");
    assert!(as_json(&call, &memory).contains(r#""stat_addr":{"exited":3}"#));
}

#[test]
fn old_tables_have_their_own_structures() {
    let mut memory = vec![0; 64];
    memory[8..10].copy_from_slice(&0o100_600_u16.to_le_bytes());
    memory[20..24].copy_from_slice(&77_u32.to_le_bytes());
    memory.extend_from_slice(b"/p\0");
    let call = call(Abi::I386, "stat", &[BASE + 64, BASE], Some(0));
    assert_eq!(as_text(&call, &memory), "\"/p\", {st_mode=S_IFREG|0600, st_size=77, ...} = 0");
}

#[test]
fn a_number_with_a_sign_has_32_bits_in_an_int() {
    let call = call(Abi::X86_64, "kill", &[0xffff_ffff, 9], Some(0));
    assert_eq!(as_text(&call, b""), "-1, SIGKILL = 0");
}

#[test]
fn messages_are_followed_to_their_buffers() {
    let mut memory = vec![0; 256];
    let word = |memory: &mut Vec<u8>, at: usize, number: u64| memory[at..at + 8].copy_from_slice(&number.to_le_bytes());
    word(&mut memory, 16, BASE + 64);
    word(&mut memory, 24, 1);
    word(&mut memory, 32, BASE + 96);
    word(&mut memory, 40, 20);
    word(&mut memory, 64, BASE + 128);
    word(&mut memory, 72, 2);
    word(&mut memory, 96, 20);
    memory[104..116].copy_from_slice(&[1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0]);
    memory[128..130].copy_from_slice(b"ok");
    let call = call(Abi::X86_64, "sendmsg", &[3, BASE, 0], Some(2));
    let shown = as_text(&call, &memory);
    assert!(shown.contains("msg_iov=[{iov_base=\"ok\", iov_len=2}], msg_iovlen=1"), "{shown}");
    assert!(shown.contains("{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7]}"), "{shown}");
}

#[test]
fn results_are_told_by_their_kind() {
    assert_eq!(result_kind(&call(Abi::X86_64, "fcntl", &[1, 0], Some(5))), ResultKind::Descriptor);
    assert_eq!(result_kind(&call(Abi::X86_64, "mmap", &[], Some(0))), ResultKind::Address);
    let flags = call(Abi::X86_64, "fcntl", &[1, 3], Some(0o2002));
    assert_eq!(as_text(&flags, b""), "1, F_GETFL = 0x402 (flags O_RDWR|O_APPEND)");
    let unknown = Call { abi: Abi::X86_64, number: 9999, args: [1, 0, 3, 4, 5, 6], result: Some(-38) };
    assert_eq!(as_text(&unknown, b""), "0x1, NULL, 0x3, 0x4, 0x5, 0x6 = -1 ENOSYS (Function not implemented)");
}

#[test]
fn arguments_have_the_names_of_the_prototype() {
    let of = |abi, wanted| arguments(abi, number(abi, wanted).expect("a known call")).collect::<Vec<_>>();
    assert_eq!(of(Abi::X86_64, "openat"), ["dfd", "filename", "flags", "mode"]);
    assert_eq!(of(Abi::I386, "clone"), ["clone_flags", "newsp", "parent_tidptr", "tls", "child_tidptr"]);
}

/// A generator of numbers, so that a failure can be had again.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Mostly what matters to a decoder: addresses, small numbers, the ends of ranges.
    fn argument(&mut self) -> u64 {
        let number = self.next();
        match number % 8 {
            0..=2 => BASE + number / 8 % 600,
            3 => number / 8 % 64,
            4 => u64::MAX - number / 8 % 64,
            5 => 0,
            6 => 1 << (number / 8 % 64),
            _ => self.next(),
        }
    }
}

#[test]
fn no_memory_and_no_arguments_do_harm() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let limits = Limits { text: 64, bytes: 16, elements: 4, hash: true };
    for round in 0..40 {
        let memory: Vec<u8> = (0..128).flat_map(|_| numbers.argument().to_le_bytes()).collect();
        let process = Laid(memory);
        for abi in ABIS {
            for number in 0..=last(abi) {
                let mut args = [0; 6];
                args.fill_with(|| numbers.argument());
                let result = Some(if round % 2 == 0 { numbers.argument() as i64 } else { 1 });
                let call = Call { abi, number, args, result };
                let mut shown = entry(&Call { result: None, ..call }, &process, &limits);
                exit(&call, &process, &limits, &mut shown);
                let mut out = Vec::new();
                json::arguments(&mut out, &shown);
                assert!(std::str::from_utf8(&out).is_ok());
                text::arguments(&mut out, &shown, text::Style { descriptors: true, whole: true });
                text::result(&mut out, &call, None, text::Style::default());
                assert!(out.len() < 1 << 20, "{} wrote {} bytes", name(abi, number).unwrap_or("?"), out.len());
            }
        }
    }
}

#[test]
fn endless_memory_is_read_within_limits() {
    struct Endless;
    impl Process for Endless {
        fn read(&self, _: u64, into: &mut [u8]) -> usize {
            into.fill(1);
            into.len()
        }
        fn descriptor(&self, _: i32) -> Option<Arc<[u8]>> {
            None
        }
        fn folder(&self) -> Option<Arc<[u8]>> {
            None
        }
    }
    let written = |call: &Call, limits: &Limits| {
        let mut shown = entry(call, &Endless, limits);
        exit(call, &Endless, limits, &mut shown);
        let mut out = Vec::new();
        json::arguments(&mut out, &shown);
        out.len()
    };
    for abi in ABIS {
        for number in 0..=last(abi) {
            for register in [1, u64::MAX, 1 << 40] {
                let call = Call { abi, number, args: [register; 6], result: Some(i64::MAX) };
                assert!(written(&call, &Limits::default()) < 1 << 20, "{}", name(abi, number).unwrap_or("?"));
            }
        }
    }
    let unlimited = Limits { text: usize::MAX, bytes: 64, elements: usize::MAX, hash: false };
    for wanted in ["execve", "writev", "sendmsg", "sendmmsg", "poll", "semop", "getdents64", "unlink", "setgroups"] {
        let call = call(Abi::X86_64, wanted, &[1 << 40; 6], Some(i64::MAX));
        assert!(written(&call, &unlimited) < 1 << 26, "{wanted}");
    }
}

#[test]
fn a_value_that_fits_is_not_cut() {
    let call = call(Abi::X86_64, "unlink", &[BASE], Some(0));
    assert_eq!(decoded(&call, b"abc\0")[0].value, Value::Text(b"abc".to_vec(), false));
    let long = [vec![b'x'; 5000], vec![0]].concat();
    assert_eq!(decoded(&call, &long)[0].value, Value::Text(vec![b'x'; 4096], true));
}

#[test]
fn what_a_call_did_not_take_is_not_told() {
    let short = call(Abi::X86_64, "write", &[1, BASE, 6], Some(2));
    assert_eq!(as_text(&short, b"abcdef"), "1, \"ab\", 6 = 2");
    let mut memory = vec![0; 64];
    for (at, number) in [(0, BASE + 32), (8, 3), (16, BASE + 40), (24, 3)] {
        memory[at..at + 8].copy_from_slice(&number.to_le_bytes());
    }
    memory[32..35].copy_from_slice(b"abc");
    memory[40..43].copy_from_slice(b"def");
    let vector = call(Abi::X86_64, "writev", &[1, BASE, 2], Some(4));
    let shown = "1, [{iov_base=\"abc\", iov_len=3}, {iov_base=\"d\", iov_len=3}], 2 = 4";
    assert_eq!(as_text(&vector, &memory), shown);
}

#[test]
fn a_buffer_is_hashed_whole_where_that_is_asked_for() {
    let limits = Limits { bytes: 1, hash: true, ..Limits::default() };
    let call = call(Abi::X86_64, "write", &[1, BASE, 3], Some(3));
    let mut out = Vec::new();
    json::arguments(&mut out, &entry(&call, &Laid(b"abc".to_vec()), &limits));
    let shown = String::from_utf8(out).expect("text");
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(shown.contains(&format!(r#""buf":{{"text":"a","length":3,"sha256":"{hash}"}}"#)), "{shown}");
}

#[test]
fn a_length_that_is_not_true_takes_no_memory() {
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let call = call(Abi::X86_64, "write", &[1, BASE, u64::MAX], None);
    let args = entry(&call, &Laid(b"abc".to_vec()), &limits);
    assert_eq!(args[1].value, Value::Bytes { kept: b"abc".to_vec(), length: u64::MAX, sha256: None });
}

#[test]
fn what_a_call_does_not_use_is_not_decoded() {
    let taken_out = call(Abi::X86_64, "epoll_ctl", &[3, 2, 4, BASE], Some(0));
    assert_eq!(as_text(&taken_out, &[1; 16]), "3, EPOLL_CTL_DEL, 4, 0x10000 = 0");
    let mut memory = [0xee; 88];
    memory[..8].copy_from_slice(&0x200_u64.to_le_bytes());
    memory[32..40].copy_from_slice(&17_u64.to_le_bytes());
    memory[64..80].fill(0);
    let cloned = call(Abi::X86_64, "clone3", &[BASE, 88], Some(7));
    assert!(as_text(&cloned, &memory).starts_with("{flags=CLONE_FS, exit_signal=SIGCHLD, stack=0xee"));
    let nothing = call(Abi::X86_64, "mprotect", &[0, 1, 0], Some(0));
    assert_eq!(as_text(&nothing, b""), "NULL, 1, PROT_NONE = 0");
}

#[test]
fn what_a_process_may_do_has_names() {
    let mut memory = [0; 32];
    memory[..4].copy_from_slice(&0x2008_0522_u32.to_le_bytes());
    memory[8] = 0b101;
    memory[20] = 0b10;
    let told = call(Abi::X86_64, "capget", &[BASE, BASE + 8], Some(0));
    let sets = "{effective=CAP_CHOWN|CAP_DAC_READ_SEARCH|CAP_MAC_ADMIN, permitted=0, inheritable=0}";
    assert_eq!(as_text(&told, &memory), format!("{{version=_LINUX_CAPABILITY_VERSION_3, pid=0}}, {sets} = 0"));
}

#[test]
fn a_folder_is_counted_in_text_and_listed_in_json() {
    let mut memory = [0; 48];
    for (from, name) in [(0, b"ab"), (24, b"cd")] {
        memory[from] = 7;
        memory[from + 16] = 24;
        memory[from + 18] = 8;
        memory[from + 19..from + 21].copy_from_slice(name);
    }
    let listed = call(Abi::X86_64, "getdents64", &[3, BASE, 1024], Some(48));
    assert_eq!(as_text(&listed, &memory), "3, [/* 2 entries */], 1024 = 48");
    assert!(as_json(&listed, &memory).contains(r#""d_name":"cd","d_type":"DT_REG""#));
}
