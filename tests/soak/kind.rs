//! The kinds of requests, mixed by number.

use crate::caller::Caller;

/// How a client treats its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    /// Reads a page of this server, with the tags in it, and stays connected.
    ReadsPage,
    /// Reads a response with this status code, and stays connected.
    Reads(u16),
    /// The same, where a head is all there is.
    ReadsHead(u16),
    ReadsSlowly,
    /// Before anybody may have seen its request.
    LeavesAtOnce,
    LeavesUnanswered,
    LeavesMidway,
    /// It is the server that hangs up.
    IsLeft,
}

#[derive(Debug)]
pub(crate) struct Kind {
    /// Of the requests in a round.
    share: usize,
    pub(crate) name: &'static str,
    /// Method and route.
    pub(crate) request: &'static str,
    pub(crate) caller: Caller,
    pub(crate) manners: Manners,
    /// How its transaction ends; empty where there is none.
    pub(crate) status: &'static str,
}

pub(crate) const KINDS: [Kind; 19] = {
    use Caller::{Continues, Declines, Hostile, Stranger};
    use Manners::{
        IsLeft, LeavesAtOnce, LeavesMidway, LeavesUnanswered, Reads, ReadsHead, ReadsPage,
        ReadsSlowly,
    };
    #[rustfmt::skip]
    let kinds = [
        of(28, "tags put into a streamed page", "GET /page", Stranger, ReadsPage, "ok"),
        of(12, "trace continued, tags printed", "GET /printed", Continues, ReadsPage, "ok"),
        of(6, "hostile headers", "GET /printed", Hostile, ReadsPage, "ok"),
        of(2, "trace declined by its caller", "GET /printed", Declines, ReadsPage, ""),
        of(2, "a layer in a layer", "GET /nested", Continues, ReadsPage, "ok"),
        of(1, "only the head is asked for", "HEAD /page", Stranger, ReadsHead(200), "ok"),
        of(1, "not modified", "GET /unchanged", Continues, ReadsHead(304), "ok"),
        of(1, "no content", "GET /empty", Stranger, ReadsHead(204), "ok"),
        of(1, "error with an event", "GET /error", Continues, Reads(500), "internal_error"),
        of(1, "timeout inside of the layer", "GET /late-inside", Stranger, Reads(504), "deadline_exceeded"),
        of(1, "timeout outside of the layer", "GET /late-outside", Continues, Reads(504), "cancelled"),
        of(1, "slow reader", "GET /long", Stranger, ReadsSlowly, "ok"),
        of(1, "client that leaves at once", "GET /never", Continues, LeavesAtOnce, "cancelled"),
        of(1, "client that leaves unanswered", "GET /never", Stranger, LeavesUnanswered, "cancelled"),
        of(1, "client that leaves a body that waits", "GET /waiting", Stranger, LeavesMidway, "cancelled"),
        of(1, "client that leaves an endless body", "GET /endless", Hostile, LeavesMidway, "cancelled"),
        of(1, "handler that panics", "GET /panic", Continues, IsLeft, "internal_error"),
        of(1, "body that panics", "GET /panic-in-body", Stranger, IsLeft, "internal_error"),
        of(1, "body that fails", "GET /failing-body", Stranger, IsLeft, "internal_error"),
    ];
    kinds
};

const ROUND: usize = {
    let (mut sum, mut kind) = (0, 0);
    while kind < KINDS.len() {
        sum += KINDS[kind].share;
        kind += 1;
    }
    sum
};

const fn of(
    share: usize,
    name: &'static str,
    request: &'static str,
    caller: Caller,
    manners: Manners,
    status: &'static str,
) -> Kind {
    Kind {
        share,
        name,
        request,
        caller,
        manners,
        status,
    }
}

impl Kind {
    /// The kind of the request with this number.
    pub(crate) fn of(number: usize) -> &'static Self {
        &KINDS[Self::index(number)]
    }

    /// Where in the table it stands.
    pub(crate) fn index(number: usize) -> usize {
        let mut place = number % ROUND;
        let is_here = |kind: &Self| {
            let is_here = place < kind.share;
            place = place.wrapping_sub(kind.share);
            is_here
        };
        KINDS.iter().position(is_here).expect("shares fill a round")
    }

    /// How many transactions a request of this kind has, once it has reached the layer.
    pub(crate) fn transactions(&self) -> u8 {
        u8::from(!self.status.is_empty())
    }

    /// How many error events it has.
    pub(crate) fn events(&self) -> u8 {
        u8::from(self.manners == Manners::Reads(500))
    }

    /// Whether both sides of a trace are seen: the page that names it, and the transaction.
    pub(crate) fn shows_trace(&self) -> bool {
        self.manners == Manners::ReadsPage && self.transactions() > 0
    }

    pub(crate) fn may_never_come(&self) -> bool {
        self.manners == Manners::LeavesAtOnce
    }
}
