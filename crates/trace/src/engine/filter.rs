//! The program that the kernel runs at each call, to stop only at those that are to be seen.

use crate::{call::Abi, chosen::Chosen};

const ARCH_X86_64: u32 = 0xC000_003E;
const X32_BIT: u32 = 0x4000_0000;
/// Where `seccomp_data` holds the number of the call and the architecture.
const NUMBER_AT: u32 = 0;
const ARCH_AT: u32 = 4;

/// The filter of a choice; nothing where a filter would gain nothing.
///
/// Calls of 32 bits all stop, because they are rare, and the tracer looks at its own choice anyway.
pub(crate) fn program(chosen: &Chosen) -> Vec<libc::sock_filter> {
    let numbers: Vec<u32> = chosen.numbers(Abi::X86_64).collect();
    if numbers.len() > 512 {
        return Vec::new();
    }
    let stop = libc::SECCOMP_RET_TRACE;
    let mut program = vec![
        load(ARCH_AT),
        jump(libc::BPF_JEQ, ARCH_X86_64, 1, 0),
        answer(stop),
        load(NUMBER_AT),
        jump(libc::BPF_JGE, X32_BIT, 0, 1),
        answer(stop),
    ];
    for number in numbers {
        program.extend([jump(libc::BPF_JEQ, number, 0, 1), answer(stop)]);
    }
    program.push(answer(libc::SECCOMP_RET_ALLOW));
    program
}

fn load(offset: u32) -> libc::sock_filter {
    line(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset)
}

fn jump(test: u32, value: u32, when: u8, otherwise: u8) -> libc::sock_filter {
    line(libc::BPF_JMP | test | libc::BPF_K, when, otherwise, value)
}

fn answer(value: u32) -> libc::sock_filter {
    line(libc::BPF_RET | libc::BPF_K, 0, 0, value)
}

fn line(code: u32, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: code as u16, jt, jf, k }
}
