//! What needs code of its own: arguments whose meaning hangs on another argument.

mod control;
mod files;
mod messages;
mod process;
mod shared;
mod signals;
mod sockets;
mod vectors;
mod waiting;

use super::{
    kind::Special,
    memory::{Context, address},
    value::Value,
};

pub(super) use control::fcntl_result;

/// The argument before the call runs; none where this call does not use it.
pub(super) fn before(context: &Context<'_>, special: Special, index: usize, other: usize) -> Option<Value> {
    let at = context.pointer(index);
    Some(match special {
        Special::OpenMode => return files::open_mode(context, index, other),
        Special::AccessMode => files::access_mode(context.raw(index)),
        Special::TextAddress => files::text_or_address(context, at),
        Special::ModeType => Value::Mode(context.raw(index) as u32),
        Special::Device => return files::device(context, index, other),
        Special::FdNew => Value::Descriptor(context.number(index) as i32, None),
        Special::FdMap => context.descriptor(i64::from(context.number(index) as i32)),
        Special::DupFlags => super::tables::SET_PIPE.flags(context.raw(index)),
        Special::IoctlRequest => control::ioctl_request(context.raw(index)),
        Special::Ioctl => return control::ioctl_before(context, at, context.raw(other)),
        Special::Fcntl => return control::fcntl_before(context, index, context.raw(other)),
        Special::Vector => vectors::written(context, at, context.raw(other), u64::MAX),
        Special::VectorAddress => vectors::addresses(context, at, context.raw(other)),
        Special::MremapAddress => return process::mremap_address(context, index, other),
        Special::CloneFlags => process::clone_flags(context.raw(index)),
        Special::CloneArgs => process::clone_args(context, at, context.raw(other)),
        Special::Capabilities => process::capabilities(context, at, context.pointer(other)),
        Special::EpollEvent => waiting::wanted_event(context, at, context.raw(other)),
        Special::Strings => process::strings(context, at),
        Special::Environment => process::environment(context, at),
        Special::Siginfo => signals::siginfo(context, at),
        Special::Prctl => return process::prctl_before(context, index, context.raw(other)),
        Special::PrctlMore => return process::prctl_more(context, index, context.raw(other)),
        Special::ArchPrctl => process::arch_prctl_before(context, index, context.raw(other)),
        Special::SchedPolicy => process::policy(context.raw(index)),
        Special::Cpus => process::cpus(context, at, context.raw(other)),
        Special::Sigaction => signals::action(context, at),
        Special::Sigset => signals::set(context, at, context.raw(other)),
        Special::PselectMask => signals::pselect(context, at),
        Special::FutexOp
        | Special::FutexVal
        | Special::FutexTime
        | Special::FutexTime64
        | Special::FutexAddr
        | Special::FutexVal3 => return waiting::futex(context, special, index, context.raw(other)),
        Special::Poll => waiting::poll(context, at, context.raw(other), false),
        Special::FdSet => waiting::descriptors(context, at, context.number(other)),
        Special::Protocol => sockets::protocol(context.raw(other), context.raw(index)),
        Special::Sockaddr => sockets::address_at(context, at, context.raw(other)),
        Special::Msghdr => messages::one(context, at, false, u64::MAX),
        Special::Mmsghdr => messages::several(context, at, context.raw(other), false),
        Special::SockOption => sockets::option(context.raw(other), context.raw(index)),
        Special::SockValue => sockets::option_value(context, at, context.raw(other)),
        Special::IpcKey => shared::key(context.raw(index)),
        Special::IpcFlags(set) => shared::flags(set, context.raw(index)),
        Special::IpcCommand(set) => shared::command(set, context.raw(index)),
        Special::Msgbuf => shared::message(context, at, context.raw(other)),
        Special::TextOut
        | Special::PathOut
        | Special::VectorFilled
        | Special::Dirents
        | Special::Dirents64
        | Special::TidPointer
        | Special::CapabilitiesOut
        | Special::WaitStatus
        | Special::SiginfoOut
        | Special::CpusOut
        | Special::SigactionOut
        | Special::SigsetOut
        | Special::SockaddrOut
        | Special::MsghdrOut
        | Special::MmsghdrOut
        | Special::SockValueOut
        | Special::MsgbufOut => address(at),
    })
}

/// The argument after the call has run; none where it is as it was.
pub(super) fn after(context: &Context<'_>, special: Special, index: usize, other: usize) -> Option<Value> {
    let result = context.success()?;
    let at = context.pointer(index);
    if at == 0 && !matches!(special, Special::Ioctl | Special::Fcntl | Special::Prctl | Special::ArchPrctl) {
        return None;
    }
    match special {
        Special::TextOut => Some(context.text(at)),
        Special::PathOut => Some(files::path(context, at, result)),
        Special::VectorFilled => Some(vectors::written(context, at, context.raw(other), result)),
        Special::Dirents => Some(files::entries(context, at, result, false)),
        Special::Dirents64 => Some(files::entries(context, at, result, true)),
        Special::TidPointer => process::child_number(context, at, context.raw(other)),
        Special::CapabilitiesOut => Some(process::capabilities(context, at, context.pointer(other))),
        Special::WaitStatus => process::status(context, at, result),
        Special::SiginfoOut => Some(signals::siginfo(context, at)),
        Special::CpusOut => Some(process::cpus(context, at, result)),
        Special::SigactionOut => Some(signals::action(context, at)),
        Special::SigsetOut => Some(signals::set(context, at, context.raw(other))),
        Special::SockaddrOut => sockets::address_told(context, at, other),
        Special::MsghdrOut => Some(messages::one(context, at, true, result)),
        Special::MmsghdrOut => Some(messages::several(context, at, result, true)),
        Special::SockValueOut => sockets::option_told(context, at),
        Special::MsgbufOut => Some(shared::message(context, at, result)),
        Special::Poll => Some(waiting::poll(context, at, context.raw(other), true)),
        Special::FdSet => Some(waiting::descriptors(context, at, context.number(other))),
        Special::Ioctl => control::ioctl_after(context, at, context.raw(other)),
        Special::Fcntl => control::fcntl_after(context, at, context.raw(other)),
        Special::Prctl => process::prctl_after(context, at, context.raw(other)),
        Special::ArchPrctl => process::arch_prctl_after(context, at, context.raw(other)),
        _ => None,
    }
}

/// Whether `after` may tell the argument; `other` is the one that it depends on.
pub(super) fn is_told_after(special: Special, other: u64) -> bool {
    match special {
        // To wait for a lock is the one command that takes long.
        Special::Fcntl => !control::is_lock(other),
        Special::TextOut
        | Special::PathOut
        | Special::VectorFilled
        | Special::Dirents
        | Special::Dirents64
        | Special::TidPointer
        | Special::CapabilitiesOut
        | Special::WaitStatus
        | Special::SiginfoOut
        | Special::CpusOut
        | Special::SigactionOut
        | Special::SigsetOut
        | Special::SockaddrOut
        | Special::MsghdrOut
        | Special::MmsghdrOut
        | Special::SockValueOut
        | Special::MsgbufOut
        | Special::Poll
        | Special::FdSet
        | Special::Ioctl
        | Special::Prctl
        | Special::ArchPrctl => true,
        _ => false,
    }
}

/// What a program handed over, as far as the call has taken it.
pub(super) fn handed_over(context: &Context<'_>, what: Special, at: u64, other: usize, length: u64) -> Option<Value> {
    match what {
        Special::Vector => Some(vectors::written(context, at, context.raw(other), length)),
        Special::Msghdr => Some(messages::one(context, at, false, length)),
        _ => None,
    }
}
