//! Whether the server is there.

use wire::health::Health;

use crate::operation::calls;

calls! {
    /// Is the process alive?
    health() = GET "/health" => Health;

    /// Can it do its work?
    ready() = GET "/ready" => Health;
}
