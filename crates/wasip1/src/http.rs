//! `wasi:http`, of which preview 1 has nothing: requests can be made, and are refused when they are sent.
//!
//! It is here because components mention it that need not use it, and the types of what they import have to
//! be those of the streams here.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use crate::poll::{Child, Parent};
use crate::sockets::Never;
use crate::streams::Output;
use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types as wasi;
use crate::wasi::io::poll::Pollable;
use crate::wasi::io::streams::{InputStream, OutputStream};
use crate::{Provider, trap};
use wasi::{ErrorCode, HeaderError, Headers, Method, Scheme};

type Pairs = Vec<(String, Vec<u8>)>;

/// `fields`.
pub struct Fields {
    pairs: Rc<RefCell<Pairs>>,
    /// Of what they are, if they are that of a request or a response: they stay as they are.
    of: Option<Child>,
}

impl Fields {
    fn new(pairs: Pairs) -> Self {
        Fields { pairs: Rc::new(RefCell::new(pairs)), of: None }
    }

    /// The pairs, to be changed, if the name is one.
    fn change(&self, name: &str) -> Result<core::cell::RefMut<'_, Pairs>, HeaderError> {
        match (&self.of, is_name(name)) {
            (Some(_), _) => Err(HeaderError::Immutable),
            (None, false) => Err(HeaderError::InvalidSyntax),
            (None, true) => Ok(self.pairs.borrow_mut()),
        }
    }
}

/// Whether a text is the name of a field.
fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part)
}

fn is_value(value: &[u8]) -> bool {
    value.iter().all(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f))
}

impl wasi::GuestFields for Fields {
    fn new() -> Self {
        Fields::new(Vec::new())
    }

    fn from_list(pairs: Pairs) -> Result<wasi::Fields, HeaderError> {
        match pairs.iter().all(|(name, value)| is_name(name) && is_value(value)) {
            true => Ok(wasi::Fields::new(Fields::new(pairs))),
            false => Err(HeaderError::InvalidSyntax),
        }
    }

    fn get(&self, name: String) -> Vec<Vec<u8>> {
        let pairs = self.pairs.borrow();
        let named = pairs.iter().filter(|(other, _)| other.eq_ignore_ascii_case(&name));
        named.map(|(_, value)| value.clone()).collect()
    }

    fn has(&self, name: String) -> bool {
        self.pairs.borrow().iter().any(|(other, _)| other.eq_ignore_ascii_case(&name))
    }

    fn set(&self, name: String, values: Vec<Vec<u8>>) -> Result<(), HeaderError> {
        let mut pairs = self.change(&name)?;
        if !values.iter().all(|value| is_value(value)) {
            return Err(HeaderError::InvalidSyntax);
        }
        pairs.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
        pairs.extend(values.into_iter().map(|value| (name.clone(), value)));
        Ok(())
    }

    fn delete(&self, name: String) -> Result<(), HeaderError> {
        self.change(&name)?.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
        Ok(())
    }

    fn append(&self, name: String, value: Vec<u8>) -> Result<(), HeaderError> {
        let mut pairs = self.change(&name)?;
        if !is_value(&value) {
            return Err(HeaderError::InvalidSyntax);
        }
        pairs.push((name, value));
        Ok(())
    }

    fn entries(&self) -> Pairs {
        self.pairs.borrow().clone()
    }

    fn clone(&self) -> wasi::Fields {
        wasi::Fields::new(Fields::new(self.entries()))
    }
}

/// What is sent: the headers and the body of a request or a response.
struct Message {
    headers: Rc<RefCell<Pairs>>,
    children: Parent,
    has_body: Cell<bool>,
}

impl Message {
    fn new(headers: Headers) -> Self {
        let headers = headers.into_inner::<Fields>();
        Message { headers: headers.pairs, children: Parent::default(), has_body: Cell::new(false) }
    }

    fn headers(&self) -> Headers {
        let of = Some(self.children.child());
        Headers::new(Fields { pairs: self.headers.clone(), of })
    }

    fn body(&self) -> Result<wasi::OutgoingBody, ()> {
        match self.has_body.replace(true) {
            true => Err(()),
            false => Ok(wasi::OutgoingBody::new(Body { is_written: Cell::new(false) })),
        }
    }
}

/// `outgoing-request`.
pub struct Request {
    message: Message,
    method: RefCell<Method>,
    path: RefCell<Option<String>>,
    scheme: RefCell<Option<Scheme>>,
    authority: RefCell<Option<String>>,
}

impl wasi::GuestOutgoingRequest for Request {
    fn new(headers: Headers) -> Self {
        Request {
            message: Message::new(headers),
            method: RefCell::new(Method::Get),
            path: RefCell::new(None),
            scheme: RefCell::new(None),
            authority: RefCell::new(None),
        }
    }

    fn body(&self) -> Result<wasi::OutgoingBody, ()> {
        self.message.body()
    }

    fn method(&self) -> Method {
        self.method.borrow().clone()
    }

    fn set_method(&self, method: Method) -> Result<(), ()> {
        if let Method::Other(name) = &method
            && !is_name(name)
        {
            return Err(());
        }
        self.method.replace(method);
        Ok(())
    }

    fn path_with_query(&self) -> Option<String> {
        self.path.borrow().clone()
    }

    fn set_path_with_query(&self, path: Option<String>) -> Result<(), ()> {
        self.path.replace(path);
        Ok(())
    }

    fn scheme(&self) -> Option<Scheme> {
        self.scheme.borrow().clone()
    }

    fn set_scheme(&self, scheme: Option<Scheme>) -> Result<(), ()> {
        self.scheme.replace(scheme);
        Ok(())
    }

    fn authority(&self) -> Option<String> {
        self.authority.borrow().clone()
    }

    fn set_authority(&self, authority: Option<String>) -> Result<(), ()> {
        self.authority.replace(authority);
        Ok(())
    }

    fn headers(&self) -> Headers {
        self.message.headers()
    }
}

/// `outgoing-response`.
pub struct Response {
    message: Message,
    status: Cell<u16>,
}

impl wasi::GuestOutgoingResponse for Response {
    fn new(headers: Headers) -> Self {
        Response { message: Message::new(headers), status: Cell::new(200) }
    }

    fn status_code(&self) -> u16 {
        self.status.get()
    }

    fn set_status_code(&self, status: u16) -> Result<(), ()> {
        match status {
            100..=999 => {
                self.status.set(status);
                Ok(())
            }
            _ => Err(()),
        }
    }

    fn headers(&self) -> Headers {
        self.message.headers()
    }

    fn body(&self) -> Result<wasi::OutgoingBody, ()> {
        self.message.body()
    }
}

/// `outgoing-body`: what is written goes nowhere.
pub struct Body {
    is_written: Cell<bool>,
}

impl wasi::GuestOutgoingBody for Body {
    fn write(&self) -> Result<OutputStream, ()> {
        match self.is_written.replace(true) {
            true => Err(()),
            false => Ok(Output::closed()),
        }
    }

    fn finish(_: wasi::OutgoingBody, _: Option<wasi::Trailers>) -> Result<(), ErrorCode> {
        Ok(())
    }
}

/// `request-options`.
#[derive(Default)]
pub struct RequestOptions {
    connect: Cell<Option<u64>>,
    first_byte: Cell<Option<u64>>,
    between_bytes: Cell<Option<u64>>,
}

impl wasi::GuestRequestOptions for RequestOptions {
    fn new() -> Self {
        RequestOptions::default()
    }

    fn connect_timeout(&self) -> Option<u64> {
        self.connect.get()
    }

    fn set_connect_timeout(&self, timeout: Option<u64>) -> Result<(), ()> {
        self.connect.set(timeout);
        Ok(())
    }

    fn first_byte_timeout(&self) -> Option<u64> {
        self.first_byte.get()
    }

    fn set_first_byte_timeout(&self, timeout: Option<u64>) -> Result<(), ()> {
        self.first_byte.set(timeout);
        Ok(())
    }

    fn between_bytes_timeout(&self) -> Option<u64> {
        self.between_bytes.get()
    }

    fn set_between_bytes_timeout(&self, timeout: Option<u64>) -> Result<(), ()> {
        self.between_bytes.set(timeout);
        Ok(())
    }
}

impl outgoing_handler::Guest for Provider {
    fn handle(
        _: wasi::OutgoingRequest,
        _: Option<wasi::RequestOptions>,
    ) -> Result<wasi::FutureIncomingResponse, ErrorCode> {
        Err(ErrorCode::InternalError(Some("WASI preview 1 has no HTTP".into())))
    }
}

impl wasi::GuestIncomingRequest for Never {
    fn method(&self) -> Method {
        match *self {}
    }

    fn path_with_query(&self) -> Option<String> {
        match *self {}
    }

    fn scheme(&self) -> Option<Scheme> {
        match *self {}
    }

    fn authority(&self) -> Option<String> {
        match *self {}
    }

    fn headers(&self) -> Headers {
        match *self {}
    }

    fn consume(&self) -> Result<wasi::IncomingBody, ()> {
        match *self {}
    }
}

impl wasi::GuestResponseOutparam for Never {
    fn send_informational(&self, _: u16, _: Headers) -> Result<(), ErrorCode> {
        match *self {}
    }

    fn set(_: wasi::ResponseOutparam, _: Result<wasi::OutgoingResponse, ErrorCode>) {
        trap()
    }
}

impl wasi::GuestIncomingResponse for Never {
    fn status(&self) -> u16 {
        match *self {}
    }

    fn headers(&self) -> Headers {
        match *self {}
    }

    fn consume(&self) -> Result<wasi::IncomingBody, ()> {
        match *self {}
    }
}

impl wasi::GuestIncomingBody for Never {
    fn stream(&self) -> Result<InputStream, ()> {
        match *self {}
    }

    fn finish(_: wasi::IncomingBody) -> wasi::FutureTrailers {
        trap()
    }
}

impl wasi::GuestFutureTrailers for Never {
    fn subscribe(&self) -> Pollable {
        match *self {}
    }

    fn get(&self) -> Option<Result<Result<Option<wasi::Trailers>, ErrorCode>, ()>> {
        match *self {}
    }
}

impl wasi::GuestFutureIncomingResponse for Never {
    fn subscribe(&self) -> Pollable {
        match *self {}
    }

    fn get(&self) -> Option<Result<Result<wasi::IncomingResponse, ErrorCode>, ()>> {
        match *self {}
    }
}

impl wasi::Guest for Provider {
    type Fields = Fields;
    type IncomingRequest = Never;
    type OutgoingRequest = Request;
    type RequestOptions = RequestOptions;
    type ResponseOutparam = Never;
    type IncomingResponse = Never;
    type IncomingBody = Never;
    type FutureTrailers = Never;
    type OutgoingResponse = Response;
    type OutgoingBody = Body;
    type FutureIncomingResponse = Never;

    fn http_error_code(_: wasi::IoErrorBorrow<'_>) -> Option<ErrorCode> {
        None
    }
}
