//! Takes a file in from a form: its bytes to the disk, its name cleaned, its fields read.

use kpi_api::{
    check::Check,
    error::{Code, FieldError},
    evidence::{DESCRIPTION_MAX, check_description},
    id::CheckInId,
};

use super::{
    arriving::Place,
    inside::{Refusal, Task},
    limits,
};
use crate::{
    app::Ctx,
    platform::{
        failure::{Failure, Outcome},
        files::{Arrived, Draft, name},
        http::form::{Form, Part},
    },
};

/// Bytes of a form around its file: boundaries, heads and the other fields.
pub const AROUND: u64 = 256 * 1024;

/// What came with one request.
pub struct Received {
    pub file: Arrived,
    /// Cleaned.
    pub name: String,
    /// Lower case, allowed.
    pub extension: String,
    pub description: String,
    pub check_in: Option<CheckInId>,
    /// To be kept as long as the file.
    pub place: Place,
}

/// Reads the whole form. The file lies on the disk afterwards and is gone with what is returned.
pub async fn receive(ctx: &Ctx, form: &mut Form, mut place: Place) -> Outcome<Received> {
    let mut file = None;
    let mut description = None;
    let mut check_in = None;
    while let Some(part) = form.next().await? {
        let is_double = match part.name.as_str() {
            "file" => file.is_some(),
            "description" => description.is_some(),
            "check_in_id" => check_in.is_some(),
            other => {
                let other: String = other.chars().take(60).collect();
                return Err(Failure::field(other, "unknown_field", "There is no such field."));
            }
        };
        if is_double {
            return Err(Failure::field(part.name, "duplicate_field", "This field is given twice."));
        }
        match part.name.as_str() {
            "file" => file = Some(take(ctx, part, &mut place).await?),
            "description" => description = Some(part.text(4 * DESCRIPTION_MAX).await?),
            _ => check_in = Some(part.text(20).await?),
        }
    }
    let (draft, name, extension) = file.ok_or_else(|| fault("required", "Attach a file."))?;
    let description = description.unwrap_or_default().trim().replace("\r\n", "\n");
    let mut check = Check::new();
    check_description(&mut check, &description);
    check.done().map_err(Failure::invalid)?;
    let check_in = match check_in.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| {
            Failure::field("check_in_id", "wrong_type", "The number of a check-in is expected.")
        })?),
    };
    let file = draft.finish().await?;
    Ok(Received { file, name, extension, description, check_in, place })
}

/// The file itself. What must not be taken is refused before it is read.
async fn take(ctx: &Ctx, mut part: Part, place: &mut Place) -> Outcome<(Draft, String, String)> {
    let raw = part.file_name.as_deref().filter(|name| !name.is_empty());
    let name = name::clean(raw.ok_or_else(|| fault("required", "Attach a file with its name."))?);
    let allowed = &ctx.config.allowed_extensions;
    let extension = name::extension(&name).map(|extension| extension.to_ascii_lowercase());
    let Some(extension) = extension.filter(|extension| allowed.contains(extension)) else {
        let taken = allowed.join(", ");
        return Err(wrong_type(
            "file_type_not_allowed",
            format!("Files of this type are not taken, only {taken}."),
        ));
    };
    let most = ctx.config.max_upload_size;
    let mut draft = ctx.files.draft().await?;
    while let Some(piece) = part.piece().await? {
        let size = draft.size() + piece.len() as u64;
        if size > most {
            return Err(limits::too_large(most));
        }
        place.hold(size)?;
        draft.write(piece).await?;
    }
    if draft.size() == 0 {
        return Err(fault("file_empty", "The file is empty."));
    }
    Ok((draft, name, extension))
}

/// Refuses what is not what its name says, is broken or does harm.
pub async fn inspect(ctx: &Ctx, received: &Received) -> Outcome<()> {
    let file =
        std::fs::File::open(received.file.path()).map_err(|fault| crate::platform::files::refused(&fault))?;
    let Err(refusal) = ctx.looker.look(Task::Check, &received.extension, file).await? else { return Ok(()) };
    let extension = &received.extension;
    Err(match refusal {
        Refusal::Mismatch => wrong_type(
            "file_mismatch",
            format!("The content of the file is not what its name says ({extension})."),
        ),
        Refusal::Macros => {
            wrong_type("file_has_macros", "The file contains macros; save it without them.".to_owned())
        }
        Refusal::Truncated => fault("file_truncated", "The file is cut off: its end is missing."),
        Refusal::TooManyPixels => fault("picture_too_large", "The picture has more than 64 million pixels."),
        Refusal::TooDense | Refusal::TooLarge | Refusal::TookTooLong => {
            fault("file_too_dense", "Unpacked, the file would be far too large.")
        }
        Refusal::Damaged | Refusal::NotSupported => {
            fault("file_damaged", "The file is damaged: its content cannot be read.")
        }
    })
}

fn fault(code: &str, message: &str) -> Failure {
    Failure::field("file", code, message)
}

/// 415 with the word that tells which of its reasons it is.
fn wrong_type(code: &str, message: String) -> Failure {
    let fault = FieldError::new("file", code, message.as_str());
    Failure::new(Code::WrongFileType, message).because(fault)
}
