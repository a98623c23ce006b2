//! The attributes of a tag, as a browser reads them before it knows the encoding of the page.
//!
//! Source: [HTML, 13.2.3.2](https://html.spec.whatwg.org/multipage/parsing.html#concept-get-attributes-when-sniffing).

/// Reads attributes from the byte after a tag's name.
#[derive(Debug)]
pub(super) struct Attributes<'a> {
    rest: &'a [u8],
    /// The bytes ran out before the tag was complete.
    pub(super) is_cut: bool,
}

impl<'a> Attributes<'a> {
    pub(super) const fn new(rest: &'a [u8]) -> Self {
        let is_cut = false;
        Self { rest, is_cut }
    }

    /// What follows the last attribute that was read: after all of them, the tag's `>`.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) {
        self.take(skipped);
    }

    fn take(&mut self, taken: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|&byte| !taken(byte));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn name(&mut self) -> &'a [u8] {
        let whole = self.rest;
        // An equals sign that opens the name is part of it.
        let first = usize::from(whole.first() == Some(&b'='));
        self.rest = whole.get(first..).unwrap_or_default();
        let rest = self.take(|byte| !is_space(byte) && !matches!(byte, b'=' | b'/' | b'>'));
        whole.get(..first + rest.len()).unwrap_or_default()
    }

    fn value(&mut self) -> &'a [u8] {
        self.skip(is_space);
        match self.rest {
            [quote @ (b'"' | b'\''), rest @ ..] => {
                self.rest = rest;
                let value = self.take(|byte| byte != *quote);
                self.rest = self.rest.get(1..).unwrap_or_default();
                value
            }
            _ => self.take(|byte| !is_space(byte) && byte != b'>'),
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| is_space(byte) || byte == b'/');
        if self.rest.first() == Some(&b'>') {
            return None;
        }
        let name = self.name();
        self.skip(is_space);
        let value = match self.rest {
            [b'=', rest @ ..] => {
                self.rest = rest;
                self.value()
            }
            _ => &[],
        };
        // Without the tag's end an attribute may be incomplete.
        self.is_cut = self.rest.is_empty();
        (!self.is_cut).then_some((name, value))
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}
