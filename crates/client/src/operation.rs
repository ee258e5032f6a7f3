//! The operations of the API, each in one line with the call that makes it, so that the table of them and the calls
//! are one thing.

use std::fmt::Display;

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// RFC 3986, section 2.3: what never needs escaping.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An operation that the API documents and the client can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path below `/api`, with the names of its parameters in braces.
    pub path: &'static str,
}

/// Declares calls: the name and what stands in the path, the operation, `? Query` and `, Body` where it takes them, and
/// its answer.
macro_rules! calls {
    ($(
        $(#[$doc:meta])*
        $name:ident($($arg:ident: $kind:ty),*) = $method:ident $path:literal
            $(? $query:ty)? $(, $body:ty)? => $answer:ty;
    )+) => {
        pub(crate) const OPERATIONS: &[$crate::Operation] =
            &[$($crate::Operation { method: stringify!($method), path: $path }),+];

        impl $crate::Client {$(
            $(#[$doc])*
            pub async fn $name(
                &self,
                $($arg: $kind,)*
                $(query: &$query,)?
                $(body: &$body,)?
            ) -> Result<$answer, $crate::Error> {
                let operation = $crate::Operation { method: stringify!($method), path: $path };
                let call = $crate::operation::Call::new(operation)
                    $(.at(&$arg))*
                    $(.asking::<$query>(query))?
                    $(.saying::<$body>(body))?;
                self.call(call).await
            }
        )+}
    };
}

pub(crate) use calls;

/// One call of an operation.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// From `/api` on, with its query.
    pub(crate) path: String,
    pub(crate) body: Option<(&'static str, Bytes)>,
}

impl Call {
    pub(crate) fn new(operation: Operation) -> Self {
        let method =
            Method::from_bytes(operation.method.as_bytes()).expect("the table names methods of HTTP");
        Self { method, path: format!("/api{}", operation.path), body: None }
    }

    /// Puts a value where the first parameter of the path stands.
    pub(crate) fn at(mut self, value: &impl Display) -> Self {
        let value = utf8_percent_encode(&value.to_string(), ESCAPED).to_string();
        if let (Some(start), Some(end)) = (self.path.find('{'), self.path.find('}')) {
            self.path.replace_range(start..=end, &value);
        }
        self
    }

    pub(crate) fn asking<Q: Serialize>(mut self, query: &Q) -> Self {
        let query = serde_urlencoded::to_string(query).expect("a query has plain fields");
        if !query.is_empty() {
            self.path = format!("{}?{query}", self.path);
        }
        self
    }

    pub(crate) fn saying<B: Serialize>(self, body: &B) -> Self {
        let body = serde_json::to_vec(body).expect("a request is plain data");
        self.sending("application/json", body.into())
    }

    pub(crate) fn sending(mut self, media_type: &'static str, body: Bytes) -> Self {
        self.body = Some((media_type, body));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_path_is_escaped_and_in_its_order() {
        let operation = Operation { method: "GET", path: "/a/{x}/b/{y}" };
        let call = Call::new(operation).at(&"1/2").at(&"ü").asking(&[("q", "a b&c")]);
        assert_eq!((call.method, call.path.as_str()), (Method::GET, "/api/a/1%2F2/b/%C3%BC?q=a+b%26c"));
    }
}
