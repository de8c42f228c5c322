//! `wasi:sockets`, of which preview 1 has next to nothing: sockets cannot be made, and names not be looked
//! up. So there are no such resources either, but for the network, and sockets that listen ([`crate::tcp`]).

use alloc::string::String;
use alloc::vec::Vec;

use crate::Provider;
use crate::wasi::io::poll::Pollable;
use crate::wasi::sockets as wasi;
use wasi::network::{ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, NetworkBorrow};
use wasi::udp::{IncomingDatagram, OutgoingDatagram};

/// `network`.
pub struct Network;

/// A resource of which there is none.
pub enum Never {}

impl wasi::network::GuestNetwork for Network {}
impl wasi::network::Guest for Provider {
    type Network = Network;

    fn network_error_code(_: crate::wasi::io::error::ErrorBorrow<'_>) -> Option<ErrorCode> {
        None
    }
}

impl wasi::instance_network::Guest for Provider {
    fn instance_network() -> wasi::network::Network {
        wasi::network::Network::new(Network)
    }
}

impl wasi::udp_create_socket::Guest for Provider {
    fn create_udp_socket(_: IpAddressFamily) -> Result<wasi::udp::UdpSocket, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }
}

impl wasi::ip_name_lookup::Guest for Provider {
    type ResolveAddressStream = Never;

    fn resolve_addresses(
        _: NetworkBorrow<'_>,
        _: String,
    ) -> Result<wasi::ip_name_lookup::ResolveAddressStream, ErrorCode> {
        Err(ErrorCode::PermanentResolverFailure)
    }
}

impl wasi::udp::Guest for Provider {
    type UdpSocket = Never;
    type IncomingDatagramStream = Never;
    type OutgoingDatagramStream = Never;
}

/// Functions of resources of which there is none.
macro_rules! never {
    ($($name:ident($($parameter:ty),*) $(-> $result:ty)?;)+) => {$(
        fn $name(&self, $(_: $parameter),*) $(-> $result)? {
            match *self {}
        }
    )+};
}

type Done = Result<(), ErrorCode>;
type Gets<T> = Result<T, ErrorCode>;

impl wasi::ip_name_lookup::GuestResolveAddressStream for Never {
    never! {
        resolve_next_address() -> Gets<Option<IpAddress>>;
        subscribe() -> Pollable;
    }
}

impl wasi::udp::GuestUdpSocket for Never {
    never! {
        start_bind(NetworkBorrow<'_>, IpSocketAddress) -> Done;
        finish_bind() -> Done;
        stream(Option<IpSocketAddress>)
            -> Gets<(wasi::udp::IncomingDatagramStream, wasi::udp::OutgoingDatagramStream)>;
        local_address() -> Gets<IpSocketAddress>;
        remote_address() -> Gets<IpSocketAddress>;
        address_family() -> IpAddressFamily;
        unicast_hop_limit() -> Gets<u8>;
        set_unicast_hop_limit(u8) -> Done;
        receive_buffer_size() -> Gets<u64>;
        set_receive_buffer_size(u64) -> Done;
        send_buffer_size() -> Gets<u64>;
        set_send_buffer_size(u64) -> Done;
        subscribe() -> Pollable;
    }
}

impl wasi::udp::GuestIncomingDatagramStream for Never {
    never! {
        receive(u64) -> Gets<Vec<IncomingDatagram>>;
        subscribe() -> Pollable;
    }
}

impl wasi::udp::GuestOutgoingDatagramStream for Never {
    never! {
        check_send() -> Gets<u64>;
        send(Vec<OutgoingDatagram>) -> Gets<u64>;
        subscribe() -> Pollable;
    }
}
