//! Where the commands that try a plugin out get it from.

use std::{fs, io::Read as _, path::Path};

use crate::{
    cli::end::{Done, Stop, say},
    plugins::bundle::{self, Bundle, LARGEST_ARCHIVE, Refused},
};

/// The plugin in a folder or an archive, or what is wrong with it.
pub fn read(path: &Path) -> Result<Result<Bundle, Vec<Refused>>, Stop> {
    if path.is_dir() {
        return Ok(bundle::read_folder(path));
    }
    if !path.exists() {
        return Err(Stop::Usage(format!("{} does not exist", path.display())));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_ARCHIVE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bundle::read_zip(&bytes))
}

/// As compilers write it, so that editors find the place.
pub fn tell(path: &Path, problems: &[Refused]) -> Done {
    for problem in problems {
        let Refused { file, line, column, code, message } = problem;
        let place = if file.is_empty() { path.to_owned() } else { path.join(file) };
        let place = place.display();
        match line {
            0 => say(format_args!("{place}: error[{}]: {message}", code.as_str()))?,
            line => say(format_args!("{place}:{line}:{column}: error[{}]: {message}", code.as_str()))?,
        }
    }
    Ok(())
}
