//! The types of the tables: what an argument, a field or a name is.

/// Names of numbers: fields of which one name holds, then names of bits or of whole numbers.
///
/// Names of whole numbers are in order, so that they can be searched in halves.
pub struct Set {
    /// A mask, and the names of the numbers under it.
    pub fields: &'static [(u64, &'static [(u64, &'static str)])],
    /// Numbers and their names.
    pub names: &'static [(u64, &'static str)],
}

/// The places of the fields of a structure, in the tables x86-64, x32 and i386.
pub struct Layout {
    /// How long it is.
    pub size: [u16; 3],
    /// What is shown of it.
    pub fields: &'static [Field],
}

/// A field of a structure.
pub struct Field {
    /// Its name in C.
    pub name: &'static str,
    /// Where it begins.
    pub offset: [u16; 3],
    /// How long it is; nothing where the structure is not there.
    pub width: [u16; 3],
    /// What it holds.
    pub kind: Kind,
}

/// An argument of a call.
pub struct Param {
    /// Its name in the kernel's own prototype.
    pub name: &'static str,
    /// The bytes of its C type; 8 for what is as long as an address.
    pub width: u8,
    /// What it holds.
    pub kind: Kind,
}

/// What can stand behind an address.
pub struct Element {
    /// What it is.
    pub kind: Kind,
    /// How long it is in the three tables.
    pub size: [u16; 3],
}

/// What stands behind an address, and when it may be read.
pub struct Pointee {
    /// When.
    pub way: Way,
    /// What.
    pub element: Element,
    /// How often.
    pub count: Count,
}

/// Who writes what stands behind an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The program: it is read before the call runs.
    In,
    /// The kernel: it is read after a call that succeeded.
    Out,
    /// Both.
    Both,
    /// The kernel, where a signal cut the call short.
    Interrupted,
}

/// How many elements stand behind an address.
#[derive(Clone, Copy)]
pub enum Count {
    /// One, without brackets in C.
    One,
    /// So many.
    Fixed(u32),
    /// As many as another argument says.
    Argument(u8),
    /// As many as the call's result says.
    Result,
}

/// What a number in a register or in memory is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A number with a sign.
    Int,
    /// A number without.
    Uint,
    /// A user's or a group's number, all ones for none.
    Id,
    /// A number in base 16.
    Hex,
    /// A number in base 8.
    Octal,
    /// An address that is not followed.
    Address,
    /// A descriptor.
    Fd,
    /// A descriptor of a folder, or the working folder.
    Folder,
    /// The address of a path.
    Path,
    /// The address of a text.
    Text,
    /// A signal.
    Signal,
    /// The number of a device.
    Device,
    /// Type and permissions of a file.
    FileMode,
    /// A limit, all ones for none.
    Limit,
    /// The address of a signal's handler, or one of two names.
    Handler,
    /// Signals, a bit each.
    SignalMask,
    /// A text in an array of characters.
    Chars,
    /// Nanoseconds, or one of two names.
    UtimeNanoseconds,
    /// Four bytes of an address in the Internet.
    Ipv4,
    /// Bits with names.
    Bits(&'static Set),
    /// One of some names.
    One(&'static Set),
    /// A structure within.
    Structure(&'static Layout),
    /// So many of a kind within.
    Array(&'static Kind, u8),
    /// The address of bytes, as many as the argument of this index says.
    Bytes(u8),
    /// The address of bytes that the call fills; the result says how many.
    Filled,
    /// The address of something.
    Follow(&'static Pointee),
    /// What has code of its own, and the index of the argument that it depends on.
    Special(Special, u8),
}

/// What has code of its own.
#[derive(Clone, Copy)]
pub enum Special {
    /// Permissions, where the flags create a file.
    OpenMode,
    /// What is asked for by `access`.
    AccessMode,
    /// The address of a text that may be none.
    TextAddress,
    /// A text that the call writes.
    TextOut,
    /// A path that the call writes, as long as its result says.
    PathOut,
    /// Type and permissions of a file to make.
    ModeType,
    /// A device, where the mode makes one.
    Device,
    /// A request to a device.
    IoctlRequest,
    /// What goes with the request.
    Ioctl,
    /// What goes with the command of `fcntl`.
    Fcntl,
    /// A descriptor that the call gives away, so what it was does not matter.
    FdNew,
    /// A descriptor of `mmap`: none for anonymous memory.
    FdMap,
    /// Flags of `dup3`.
    DupFlags,
    /// A table of buffers that are written.
    Vector,
    /// A table of buffers that the call fills.
    VectorFilled,
    /// A table of addresses and lengths.
    VectorAddress,
    /// The address that `mremap` takes only with a flag.
    MremapAddress,
    /// Entries of a folder.
    Dirents,
    /// The same in their newer form.
    Dirents64,
    /// Flags and the signal of `clone`.
    CloneFlags,
    /// The arguments of `clone3`, as long as another argument says.
    CloneArgs,
    /// What a process may do.
    Capabilities,
    /// The same, told by the call.
    CapabilitiesOut,
    /// What an event is wanted for, where one is.
    EpollEvent,
    /// Where `clone` writes a number.
    TidPointer,
    /// A list of texts that ends with no address.
    Strings,
    /// The same, of which only the number is told.
    Environment,
    /// How a child ended.
    WaitStatus,
    /// What is known of a signal.
    Siginfo,
    /// The same, written by the call.
    SiginfoOut,
    /// The second argument of `prctl`.
    Prctl,
    /// Its further ones.
    PrctlMore,
    /// The second argument of `arch_prctl`.
    ArchPrctl,
    /// How a process is scheduled.
    SchedPolicy,
    /// Processors.
    Cpus,
    /// Processors that the call tells.
    CpusOut,
    /// What to do on a signal.
    Sigaction,
    /// What was done on it.
    SigactionOut,
    /// Signals.
    Sigset,
    /// Signals that the call tells.
    SigsetOut,
    /// The operation of `futex`.
    FutexOp,
    /// Its value.
    FutexVal,
    /// Its time, or a second value.
    FutexTime,
    /// The same with 64-bit times in i386.
    FutexTime64,
    /// Its second address.
    FutexAddr,
    /// Its third value.
    FutexVal3,
    /// Descriptors to wait for.
    Poll,
    /// Descriptors to wait for, a bit each.
    FdSet,
    /// The signals of `pselect6`.
    PselectMask,
    /// What the family's protocol is called.
    Protocol,
    /// The address of a socket.
    Sockaddr,
    /// The same, written by the call.
    SockaddrOut,
    /// A message.
    Msghdr,
    /// A message that the call fills.
    MsghdrOut,
    /// Several messages.
    Mmsghdr,
    /// Several that the call fills.
    MmsghdrOut,
    /// The name of an option of a socket.
    SockOption,
    /// Its value.
    SockValue,
    /// The same, written by the call.
    SockValueOut,
    /// A key of shared things.
    IpcKey,
    /// Flags and permissions of shared things.
    IpcFlags(&'static Set),
    /// What to do with shared things.
    IpcCommand(&'static Set),
    /// A message of a queue.
    Msgbuf,
    /// The same, written by the call.
    MsgbufOut,
}

/// What a call's result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultKind {
    /// Nothing that is worth telling.
    None,
    /// A number.
    Number,
    /// A number of bytes.
    Count,
    /// A new descriptor.
    Descriptor,
    /// An address.
    Address,
    /// A number in base 16.
    Hex,
    /// Permissions.
    Mask,
    /// Seconds.
    Time,
    /// What the command of `fcntl` gives; never told, as the command is known.
    Fcntl,
    /// Flags of an open file.
    OpenFlags,
    /// Flags of a descriptor.
    FdFlags,
    /// A signal.
    Signal,
    /// How a process is scheduled.
    Policy,
}

/// A call.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// The classes that it is in, a bit each.
    pub classes: u32,
    /// What its result is.
    pub result: ResultKind,
    /// Its arguments.
    pub params: &'static [Param],
}
