//! What the values of single variables must look like. A fault completes a sentence that begins with the variable.

use std::path::PathBuf;

pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// `https://host` or `http://host:port`, without a path.
pub fn origin(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let uri: warp::http::Uri = text.parse().map_err(|_| "is not a URL".to_owned())?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_bare = uri.path() == "/" && uri.query().is_none();
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if is_web && is_bare && !has_user && uri.host().is_some_and(|host| !host.is_empty()) {
        Ok(text.to_owned())
    } else {
        Err("must be http:// or https:// with a host and no path".into())
    }
}

pub fn sqlite_file(text: &str) -> Result<PathBuf, String> {
    let rest = text
        .strip_prefix("sqlite://")
        .or_else(|| text.strip_prefix("sqlite:"))
        .ok_or("must begin with sqlite://, the one database supported by now")?;
    let file = rest.split('?').next().unwrap_or_default();
    if file.is_empty() || file == ":memory:" {
        return Err("must name a file".into());
    }
    Ok(PathBuf::from(file))
}

pub fn extensions(text: &str) -> Result<Vec<String>, String> {
    let items: Vec<String> = list(text).map(|item| item.trim_start_matches('.').to_lowercase()).collect();
    match items.iter().find(|item| item.is_empty() || !item.bytes().all(|b| b.is_ascii_alphanumeric())) {
        Some(item) => Err(format!("has an entry that is not a file extension ({item})")),
        None => Ok(items),
    }
}

/// Checks the shape only; the job that reads it knows the calendar.
pub fn cron(text: &str) -> Result<String, String> {
    const BOUNDS: [(u8, u8); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
    let text = text.trim_matches('"');
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != BOUNDS.len() {
        return Err("must have five fields: minute, hour, day of month, month, day of week".into());
    }
    for (field, (least, most)) in fields.iter().zip(BOUNDS) {
        let in_bounds = |text: &str| text.parse().is_ok_and(|number: u8| (least..=most).contains(&number));
        let is_part = |part: &str| {
            let (range, step) = part.split_once('/').unwrap_or((part, "1"));
            let is_range = range == "*"
                || range
                    .split_once('-')
                    .map_or_else(|| in_bounds(range), |(a, b)| in_bounds(a) && in_bounds(b));
            is_range && step.parse().is_ok_and(|step: u8| step > 0)
        };
        if !field.split(',').all(is_part) {
            return Err(format!("has a field out of its bounds ({field}: {least} to {most})"));
        }
    }
    Ok(text.to_owned())
}

/// Plausible at first sight; whether mail arrives there shows only when it is sent.
pub fn mail_address(text: &str) -> Result<String, String> {
    let is_plausible = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if is_plausible { Ok(text.to_owned()) } else { Err("is not an e-mail address".into()) }
}
