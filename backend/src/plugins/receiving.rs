//! Takes a bundle in: an archive from a form, or the name of one that is there.

use kpi_api::{error::Code, plugin::PluginChosen};

use super::{bundle::LARGEST_ARCHIVE, service::Source};
use crate::{
    auth::actor::{Call, Entered},
    platform::{
        failure::{Failure, Outcome},
        http::form::{Form, Incoming},
    },
};

/// Bytes of a form around its archive.
const AROUND: u64 = 64 * 1024;

/// Characters of an id, with room to say that it is too long.
const ID_MAX: usize = 200;

/// The caller and what they sent. What is still coming after a refusal is read away.
pub async fn receive(call: Entered, incoming: &Incoming) -> Outcome<(Call, Source)> {
    let read = async {
        let call = call?;
        let source = if incoming.is_json() {
            Source::Chosen(incoming.json::<PluginChosen>().await?.id)
        } else {
            take(&mut incoming.form(LARGEST_ARCHIVE as u64 + AROUND)?).await?
        };
        Ok((call, source))
    };
    let read = read.await;
    if read.is_err() {
        incoming.drain().await;
    }
    read
}

async fn take(form: &mut Form) -> Outcome<Source> {
    let mut source = None;
    while let Some(mut part) = form.next().await? {
        if source.is_some() {
            return Err(Failure::field(part.name, "duplicate_field", "Send one plugin at a time."));
        }
        source = Some(match part.name.as_str() {
            "file" => {
                let mut bytes = Vec::new();
                while let Some(piece) = part.piece().await? {
                    if bytes.len() + piece.len() > LARGEST_ARCHIVE {
                        let detail = format!("An archive has at most {LARGEST_ARCHIVE} bytes.");
                        return Err(Failure::new(Code::TooLarge, detail));
                    }
                    bytes.extend_from_slice(&piece);
                }
                Source::Zip(bytes)
            }
            "id" => Source::Chosen(part.text(ID_MAX).await?.trim().to_owned()),
            other => {
                let other: String = other.chars().take(60).collect();
                return Err(Failure::field(other, "unknown_field", "There is no such field."));
            }
        });
    }
    source.ok_or_else(|| Failure::field("file", "required", "Attach the archive of a plugin."))
}
