//! What is done with the content of files that people have put in. All of it runs in a process of its own, which reads
//! the file from standard input and writes to standard output (see [`super::child`]): whatever a file does to its
//! parser, the server does not notice.
//!
//! Reading order: [`limits`] (what the process takes from itself first), `check` (is it what its name says), `ooxml`,
//! `compound` and `picture` (the containers), `page`, `table` and `text` (what can be shown of them).

use super::kinds::FileKind;

mod check;
mod compound;
pub mod limits;
mod ooxml;
mod page;
mod picture;
mod table;
mod text;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$note])* $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

coded! {
    /// What the process is asked to do.
    Task {
        /// Say whether the content is what the extension says, and harmless.
        Check = "check",
        /// A small JPEG.
        Thumbnail = "thumbnail",
        /// The picture anew, without anything but its pixels.
        Image = "image",
        /// A table or text as JSON.
        Preview = "preview",
    }
}

coded! {
    /// Why it was not done.
    Refusal {
        /// Not what the extension says.
        Mismatch = "mismatch",
        Macros = "macros",
        Truncated = "truncated",
        Damaged = "damaged",
        /// Unpacked it would be far too large.
        TooDense = "too_dense",
        /// Too many pixels.
        TooManyPixels = "too_many_pixels",
        NotSupported = "not_supported",
        /// Ended by its limits of memory.
        TooLarge = "too_large",
        /// Ended by its limits of time.
        TookTooLong = "took_too_long",
    }
}

/// The exit status that tells the first of the refusals; the others follow in their order.
const FIRST_STATUS: u8 = 20;

impl Refusal {
    pub fn status(self) -> u8 {
        let place = Self::ALL.iter().position(|known| *known == self).unwrap_or(0);
        FIRST_STATUS + place as u8
    }

    pub fn of_status(status: i32) -> Option<Self> {
        let place = usize::try_from(status - i32::from(FIRST_STATUS)).ok()?;
        Self::ALL.get(place).copied()
    }
}

type Done<T> = Result<T, Refusal>;

/// Does a task with the content of a file.
pub fn work(task: Task, kind: FileKind, content: &[u8]) -> Done<Vec<u8>> {
    match (task, kind) {
        (Task::Check, _) => check::check(kind, content).map(|()| Vec::new()),
        (Task::Thumbnail, FileKind::Pdf) => page::thumbnail(content),
        (Task::Thumbnail, FileKind::Jpeg | FileKind::Png | FileKind::Gif) => {
            picture::thumbnail(kind, content)
        }
        (Task::Image, FileKind::Jpeg | FileKind::Png | FileKind::Gif) => picture::anew(kind, content),
        (Task::Preview, FileKind::Xlsx | FileKind::Xls) => json(&table::read(kind, content)?),
        (Task::Preview, FileKind::Docx | FileKind::Pptx) => json(&text::read(kind, content)?),
        _ => Err(Refusal::NotSupported),
    }
}

fn json(preview: &kpi_api::evidence::EvidencePreview) -> Done<Vec<u8>> {
    serde_json::to_vec(preview).map_err(|_| Refusal::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_survives_as_an_exit_status() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::of_status(refusal.status().into()), Some(*refusal));
        }
        for other in [0, 1, 2, 19, 101, 134, 137] {
            assert_eq!(Refusal::of_status(other), None, "{other}");
        }
    }
}
