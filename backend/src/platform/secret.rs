//! Text that must not be printed.

/// A password, key or token. It has neither `Debug` nor `Display`, so that no log line and no error can carry it by
/// accident; the one place that needs the content calls [`Secret::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(content: impl Into<String>) -> Self {
        Self(content.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}
