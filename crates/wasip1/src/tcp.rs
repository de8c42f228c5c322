//! `wasi:sockets/tcp`: sockets that listen, and those that they accept.
//!
//! Preview 1 makes no sockets, but an engine can be started with some that listen, which it has bound. So each socket
//! that a program makes is the next of these, whatever it is bound to; there is no other, and what listens cannot
//! connect. Addresses are unknown: that of a socket is what it was asked to be, and of its peer only the family.

use core::cell::Cell;
use core::sync::atomic::{AtomicU32, Ordering};

use alloc::rc::Rc;

use crate::Provider;
use crate::poll::{Condition, Parent, Pollable, Source};
use crate::raw::{self, Errno};
use crate::streams::{Descriptor, Input, Output};
use crate::wasi::io::poll::Pollable as PollableHandle;
use crate::wasi::io::streams::{InputStream, OutputStream};
use crate::wasi::sockets as wasi;
use wasi::network::{
    ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
    NetworkBorrow,
};
use wasi::tcp::{GuestTcpSocket, ShutdownType, TcpSocket};

type Done = Result<(), ErrorCode>;
type Gets<T> = Result<T, ErrorCode>;

/// `tcp-socket`.
pub struct Socket {
    descriptor: Rc<Descriptor>,
    source: Source,
    family: IpAddressFamily,
    local: Cell<Option<IpSocketAddress>>,
    stage: Cell<Stage>,
    pollables: Parent,
}

/// What has become of a socket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Binding,
    Bound,
    Starting,
    Listening,
    Connected,
}

/// From which descriptor on there may be sockets that nobody has.
static NEXT: AtomicU32 = AtomicU32::new(3);

/// A socket that listens, and that nobody has yet.
fn listener() -> Option<u32> {
    const STREAM: u8 = 6;
    let mut fd = NEXT.load(Ordering::Relaxed);
    while let Ok(stat) = raw::fdstat(fd) {
        if stat.filetype == STREAM {
            NEXT.store(fd + 1, Ordering::Relaxed);
            return Some(fd);
        }
        fd += 1;
    }
    None
}

fn code(errno: Errno) -> ErrorCode {
    match errno.0 {
        2 | 63 | 76 => ErrorCode::AccessDenied,
        6 => ErrorCode::WouldBlock,
        13 => ErrorCode::ConnectionAborted,
        15 => ErrorCode::ConnectionReset,
        33 | 41 => ErrorCode::NewSocketLimit,
        48 => ErrorCode::OutOfMemory,
        52 | 58 => ErrorCode::NotSupported,
        _ => ErrorCode::Unknown,
    }
}

fn family(address: &IpSocketAddress) -> IpAddressFamily {
    match address {
        IpSocketAddress::Ipv4(_) => IpAddressFamily::Ipv4,
        IpSocketAddress::Ipv6(_) => IpAddressFamily::Ipv6,
    }
}

/// The address of which nothing is known but the family.
fn unknown(family: IpAddressFamily) -> IpSocketAddress {
    match family {
        IpAddressFamily::Ipv4 => {
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (0, 0, 0, 0) })
        }
        IpAddressFamily::Ipv6 => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: 0,
            flow_info: 0,
            address: (0, 0, 0, 0, 0, 0, 0, 0),
            scope_id: 0,
        }),
    }
}

impl Socket {
    fn new(fd: u32, is_lasting: bool, family: IpAddressFamily, stage: Stage) -> Socket {
        Socket {
            descriptor: Rc::new(Descriptor { fd, is_lasting }),
            source: Source::new(fd),
            family,
            local: Cell::new(None),
            stage: Cell::new(stage),
            pollables: Parent::default(),
        }
    }

    /// Goes on from one stage to the next.
    fn advance(&self, from: Stage, to: Stage, otherwise: ErrorCode) -> Done {
        match self.stage.get() == from {
            true => {
                self.stage.set(to);
                Ok(())
            }
            false => Err(otherwise),
        }
    }
}

impl wasi::tcp_create_socket::Guest for Provider {
    fn create_tcp_socket(family: IpAddressFamily) -> Gets<TcpSocket> {
        let fd = listener().ok_or(ErrorCode::NotSupported)?;
        Ok(TcpSocket::new(Socket::new(fd, true, family, Stage::New)))
    }
}

impl wasi::tcp::Guest for Provider {
    type TcpSocket = Socket;
}

/// Options that sockets of preview 1 do not have.
macro_rules! unsupported {
    ($($name:ident($($parameter:ty),*) -> $result:ty;)+) => {$(
        fn $name(&self, $(_: $parameter),*) -> $result {
            Err(ErrorCode::NotSupported)
        }
    )+};
}

impl GuestTcpSocket for Socket {
    fn start_bind(&self, _: NetworkBorrow<'_>, address: IpSocketAddress) -> Done {
        if family(&address) != self.family {
            return Err(ErrorCode::InvalidArgument);
        }
        self.advance(Stage::New, Stage::Binding, ErrorCode::InvalidState)?;
        self.local.set(Some(address));
        Ok(())
    }

    fn finish_bind(&self) -> Done {
        self.advance(Stage::Binding, Stage::Bound, ErrorCode::NotInProgress)
    }

    fn finish_connect(&self) -> Gets<(InputStream, OutputStream)> {
        Err(ErrorCode::NotInProgress)
    }

    fn start_listen(&self) -> Done {
        self.advance(Stage::Bound, Stage::Starting, ErrorCode::InvalidState)
    }

    fn finish_listen(&self) -> Done {
        self.advance(Stage::Starting, Stage::Listening, ErrorCode::NotInProgress)
    }

    fn accept(&self) -> Gets<(TcpSocket, InputStream, OutputStream)> {
        if self.stage.get() != Stage::Listening {
            return Err(ErrorCode::InvalidState);
        }
        if !self.source.take_ready() {
            return Err(ErrorCode::WouldBlock);
        }
        let fd = raw::returned(|fd| raw::sock_accept(self.descriptor.fd, 0, fd)).map_err(code)?;
        let socket = Socket::new(fd, false, self.family, Stage::Connected);
        socket.local.set(self.local.get());
        let input = Input::of_descriptor(socket.descriptor.clone());
        let output = Output::of_descriptor(socket.descriptor.clone());
        Ok((TcpSocket::new(socket), input, output))
    }

    fn local_address(&self) -> Gets<IpSocketAddress> {
        self.local.get().ok_or(ErrorCode::InvalidState)
    }

    fn remote_address(&self) -> Gets<IpSocketAddress> {
        match self.stage.get() {
            Stage::Connected => Ok(unknown(self.family)),
            _ => Err(ErrorCode::InvalidState),
        }
    }

    fn is_listening(&self) -> bool {
        self.stage.get() == Stage::Listening
    }

    fn address_family(&self) -> IpAddressFamily {
        self.family
    }

    fn set_listen_backlog_size(&self, size: u64) -> Done {
        match size {
            0 => Err(ErrorCode::InvalidArgument),
            // It is the engine's.
            _ => Ok(()),
        }
    }

    fn subscribe(&self) -> PollableHandle {
        let condition = match self.stage.get() {
            Stage::Listening => Condition::Readable(self.source.clone()),
            _ => Condition::Always,
        };
        Pollable::handle(condition, Some(self.pollables.child()))
    }

    fn shutdown(&self, what: ShutdownType) -> Done {
        if self.stage.get() != Stage::Connected {
            return Err(ErrorCode::InvalidState);
        }
        let how = match what {
            ShutdownType::Receive => 1,
            ShutdownType::Send => 2,
            ShutdownType::Both => 3,
        };
        raw::done(raw::sock_shutdown(self.descriptor.fd, how)).map_err(code)
    }

    unsupported! {
        start_connect(NetworkBorrow<'_>, IpSocketAddress) -> Done;
        keep_alive_enabled() -> Gets<bool>;
        set_keep_alive_enabled(bool) -> Done;
        keep_alive_idle_time() -> Gets<u64>;
        set_keep_alive_idle_time(u64) -> Done;
        keep_alive_interval() -> Gets<u64>;
        set_keep_alive_interval(u64) -> Done;
        keep_alive_count() -> Gets<u32>;
        set_keep_alive_count(u32) -> Done;
        hop_limit() -> Gets<u8>;
        set_hop_limit(u8) -> Done;
        receive_buffer_size() -> Gets<u64>;
        set_receive_buffer_size(u64) -> Done;
        send_buffer_size() -> Gets<u64>;
        set_send_buffer_size(u64) -> Done;
    }
}
