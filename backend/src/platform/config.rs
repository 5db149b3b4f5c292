//! The configuration: environment variables, an `.env` file beside, and what the command line overrides.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use jiff::tz::TimeZone;
use kpi_api::time::Timestamp;

use super::{clock::Clock, http::network::Network, secret::Secret};

pub const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// The fewest bytes of `SECRET_KEY`.
pub const SHORTEST_SECRET: usize = 32;

/// A variable that stops the start; one line that names it, the value's fault and an example.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {fault}, for example {variable}={example}")]
pub struct ConfigFault {
    pub variable: &'static str,
    pub fault: String,
    pub example: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Production,
    Development,
    /// Only here a frozen clock is honoured.
    Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// What the command line says; it wins over the environment.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub listen: Option<String>,
    pub data_dir: Option<PathBuf>,
}

/// Where mail goes out.
#[derive(Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub from: String,
}

/// The first administrator, where the environment names one.
#[derive(Clone)]
pub struct FirstAdmin {
    pub email: String,
    pub password: Secret,
}

#[derive(Clone)]
pub struct Config {
    pub app_name: String,
    pub environment: Environment,
    /// Where people reach the server, without a slash at the end.
    pub public_url: String,
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// `None`: kept in the data directory, see [`super::data_dir::secret_key`].
    pub secret_key: Option<Secret>,
    pub access_token_minutes: i64,
    pub refresh_token_days: i64,
    /// The SQLite file.
    pub database_file: PathBuf,
    pub upload_dir: PathBuf,
    /// Bytes.
    pub max_upload_size: u64,
    /// Lower case, without dots.
    pub allowed_extensions: Vec<String>,
    pub backup_dir: PathBuf,
    pub backup_retention_days: u32,
    pub auto_backup_enabled: bool,
    /// Five cron fields: minute, hour, day of month, month, day of week.
    pub backup_schedule: String,
    pub cors_origins: Vec<String>,
    pub smtp: Option<Smtp>,
    /// One of [`LOG_LEVELS`].
    pub log_level: String,
    pub log_format: LogFormat,
    pub log_file: Option<PathBuf>,
    pub first_admin: Option<FirstAdmin>,
    pub rules_dir: Option<PathBuf>,
    pub plugins_dir: Option<PathBuf>,
    pub zone: TimeZone,
    /// A month, 1 to 12.
    pub fiscal_year_start: u8,
    pub max_connections: usize,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// `KPI_CLOCK`; only with [`Environment::Test`].
    pub frozen_clock: Option<Timestamp>,
}

impl Config {
    /// Reads the environment and the `.env` file of the working directory; the environment wins.
    ///
    /// # Errors
    /// The first variable with a bad value.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigFault> {
        let file: HashMap<String, String> = match dotenvy::from_path_iter(".env") {
            Ok(lines) => lines.collect::<Result<_, _>>().map_err(|cause| ConfigFault {
                variable: ".env",
                fault: format!("cannot be read: {}", dotenv_fault(&cause)),
                example: "value",
            })?,
            Err(_) => HashMap::new(),
        };
        Self::read(|name| std::env::var(name).ok().or_else(|| file.get(name).cloned()), overrides)
    }

    /// Reads variables from anywhere. An empty value counts as none.
    ///
    /// # Errors
    /// The first variable with a bad value.
    pub fn read(lookup: impl Fn(&str) -> Option<String>, overrides: &Overrides) -> Result<Self, ConfigFault> {
        let source = Source(&lookup);
        let environment = source.one_of(
            "ENVIRONMENT",
            Environment::Production,
            &[
                ("production", Environment::Production),
                ("development", Environment::Development),
                ("test", Environment::Test),
            ],
            "production",
        )?;
        let data_dir = overrides
            .data_dir
            .clone()
            .or_else(|| source.path("DATA_DIR"))
            .unwrap_or_else(|| PathBuf::from("./data"));
        let listen = listen(&source, overrides)?;
        let listen_host =
            if listen.ip().is_unspecified() { "localhost".to_owned() } else { host(listen.ip()) };
        Ok(Self {
            app_name: source.text("APP_NAME").unwrap_or_else(|| "KPI Management System".into()),
            environment,
            public_url: source
                .checked("PUBLIC_URL", "https://kpi.example.com", origin)?
                .unwrap_or_else(|| format!("http://{listen_host}:{}", listen.port())),
            listen,
            secret_key: source.checked(
                "SECRET_KEY",
                "<at least 32 random characters; openssl rand -hex 32 makes some>",
                |text| {
                    if text.len() < SHORTEST_SECRET {
                        return Err(format!("is too short, it needs at least {SHORTEST_SECRET} characters"));
                    }
                    Ok(Secret::new(text))
                },
            )?,
            access_token_minutes: source.number("ACCESS_TOKEN_EXPIRE_MINUTES", 480, 1, 10_080, "480")?,
            refresh_token_days: source.number("REFRESH_TOKEN_EXPIRE_DAYS", 7, 1, 365, "7")?,
            database_file: source
                .checked("DATABASE_URL", "sqlite://data/database/kpi.db", sqlite_file)?
                .unwrap_or_else(|| data_dir.join("database").join("kpi.db")),
            upload_dir: source.path("UPLOAD_DIR").unwrap_or_else(|| data_dir.join("uploads")),
            max_upload_size: source.number("MAX_UPLOAD_SIZE", 52_428_800, 1, 1 << 40, "52428800")?,
            allowed_extensions: source
                .checked("ALLOWED_EXTENSIONS", "pdf,docx,xlsx,png", extensions)?
                .unwrap_or_else(|| {
                    ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "gif"]
                        .map(String::from)
                        .into()
                }),
            backup_dir: source.path("BACKUP_DIR").unwrap_or_else(|| data_dir.join("backups")),
            backup_retention_days: source.number("BACKUP_RETENTION_DAYS", 30, 1, 3650, "30")?,
            auto_backup_enabled: source.flag("AUTO_BACKUP_ENABLED", true)?,
            backup_schedule: source
                .checked("BACKUP_SCHEDULE", "\"0 2 * * *\"", cron)?
                .unwrap_or_else(|| "0 2 * * *".into()),
            cors_origins: source
                .checked("CORS_ORIGINS", "https://intranet.example.com,https://bi.example.com", |text| {
                    list(text).map(origin).collect()
                })?
                .unwrap_or_default(),
            smtp: smtp(&source)?,
            log_level: source
                .checked("LOG_LEVEL", "info", |text| {
                    let level = text.to_lowercase();
                    if LOG_LEVELS.contains(&level.as_str()) {
                        Ok(level)
                    } else {
                        Err(format!("must be one of {}", LOG_LEVELS.join(", ")))
                    }
                })?
                .unwrap_or_else(|| "info".into()),
            log_format: source.one_of(
                "LOG_FORMAT",
                LogFormat::Text,
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
                "text",
            )?,
            log_file: source.path("LOG_FILE"),
            first_admin: first_admin(&source)?,
            rules_dir: source.path("RULES_DIR"),
            plugins_dir: source.path("PLUGINS_DIR"),
            zone: source
                .checked("TZ_NAME", "Europe/Berlin", |text| {
                    TimeZone::get(text).map_err(|_| "is not a name of the IANA time zone database".into())
                })?
                .unwrap_or(TimeZone::UTC),
            fiscal_year_start: source.number("FISCAL_YEAR_START", 1, 1, 12, "1")?,
            max_connections: source.number("MAX_CONNECTIONS", 2048, 1, 1_000_000, "2048")?,
            trusted_proxies: source
                .checked("TRUSTED_PROXIES", "127.0.0.1,172.16.0.0/12", |text| {
                    list(text)
                        .map(|item| {
                            item.parse()
                                .map_err(|()| format!("has an entry that is no address or network ({item})"))
                        })
                        .collect()
                })?
                .unwrap_or_default(),
            frozen_clock: match environment {
                Environment::Test => source.checked("KPI_CLOCK", "2026-03-02T09:00:00Z", |text| {
                    text.parse().map_err(|_| "is not an RFC 3339 time".into())
                })?,
                Environment::Production | Environment::Development => None,
            },
            data_dir,
        })
    }

    /// Whether people reach the server by https; cookies are `Secure` then.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub fn clock(&self) -> Clock {
        match self.frozen_clock {
            Some(at) => Clock::frozen_in(at, self.zone.clone(), self.fiscal_year_start),
            None => Clock::system(self.zone.clone(), self.fiscal_year_start),
        }
    }
}

/// Variables, and the wording of what may be wrong with them.
struct Source<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Source<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    fn checked<T>(
        &self,
        variable: &'static str,
        example: &'static str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigFault> {
        self.text(variable).map(|text| check(&text)).transpose().map_err(|fault| ConfigFault {
            variable,
            fault,
            example,
        })
    }

    fn number<T>(
        &self,
        variable: &'static str,
        default: T,
        least: T,
        most: T,
        example: &'static str,
    ) -> Result<T, ConfigFault>
    where
        T: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        self.checked(variable, example, |text| {
            text.parse()
                .ok()
                .filter(|number| (&least..=&most).contains(&number))
                .ok_or_else(|| format!("must be a whole number from {least} to {most}"))
        })
        .map(|number| number.unwrap_or(default))
    }

    fn flag(&self, variable: &'static str, default: bool) -> Result<bool, ConfigFault> {
        let words =
            [("true", true), ("false", false), ("1", true), ("0", false), ("yes", true), ("no", false)];
        self.one_of(variable, default, &words, "true")
    }

    fn one_of<T: Copy>(
        &self,
        variable: &'static str,
        default: T,
        words: &[(&'static str, T)],
        example: &'static str,
    ) -> Result<T, ConfigFault> {
        self.checked(variable, example, |text| {
            let found = words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
            found.map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                format!("must be one of {}", words.join(", "))
            })
        })
        .map(|value| value.unwrap_or(default))
    }
}

/// The parser's own error repeats the line, which may be a password.
fn dotenv_fault(cause: &dotenvy::Error) -> String {
    match cause {
        dotenvy::Error::LineParse(_, column) => {
            format!("a line is not NAME=value (at character {column} of it)")
        }
        dotenvy::Error::Io(cause) => cause.to_string(),
        _ => "it is not a list of NAME=value".into(),
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn host(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

fn listen(source: &Source<'_>, overrides: &Overrides) -> Result<SocketAddr, ConfigFault> {
    let text =
        overrides.listen.clone().or_else(|| source.text("LISTEN")).unwrap_or_else(|| "127.0.0.1:8000".into());
    text.replace("localhost:", "127.0.0.1:").parse().map_err(|_| ConfigFault {
        variable: "LISTEN",
        fault: "must be an IP address and a port".into(),
        example: "127.0.0.1:8000",
    })
}

/// `https://host` or `http://host:port`, without a path.
fn origin(text: &str) -> Result<String, String> {
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

fn sqlite_file(text: &str) -> Result<PathBuf, String> {
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

fn extensions(text: &str) -> Result<Vec<String>, String> {
    let items: Vec<String> = list(text).map(|item| item.trim_start_matches('.').to_lowercase()).collect();
    match items.iter().find(|item| item.is_empty() || !item.bytes().all(|b| b.is_ascii_alphanumeric())) {
        Some(item) => Err(format!("has an entry that is not a file extension ({item})")),
        None => Ok(items),
    }
}

/// Checks the shape only; the job that reads it knows the calendar.
fn cron(text: &str) -> Result<String, String> {
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

fn smtp(source: &Source<'_>) -> Result<Option<Smtp>, ConfigFault> {
    let port = source.number("SMTP_PORT", 587, 1, u16::MAX, "587")?;
    if !source.flag("SMTP_ENABLED", false)? {
        return Ok(None);
    }
    let needed = |variable, example| {
        source.text(variable).ok_or(ConfigFault {
            variable,
            fault: "is missing while SMTP_ENABLED is true".into(),
            example,
        })
    };
    Ok(Some(Smtp {
        host: needed("SMTP_HOST", "smtp.example.com")?,
        port,
        user: source.text("SMTP_USER"),
        password: source.text("SMTP_PASSWORD").map(Secret::new),
        from: needed("SMTP_FROM", "kpi@example.com").and_then(|from| mail_address("SMTP_FROM", from))?,
    }))
}

fn first_admin(source: &Source<'_>) -> Result<Option<FirstAdmin>, ConfigFault> {
    let missing = |variable, other: &str, example| {
        Err(ConfigFault { variable, fault: format!("is missing while {other} is set"), example })
    };
    match (source.text("ADMIN_EMAIL"), source.text("ADMIN_PASSWORD")) {
        (None, None) => Ok(None),
        (Some(_), None) => missing("ADMIN_PASSWORD", "ADMIN_EMAIL", "<a long password>"),
        (None, Some(_)) => missing("ADMIN_EMAIL", "ADMIN_PASSWORD", "admin@example.com"),
        (Some(email), Some(password)) => {
            let password = Secret::new(password);
            let email = mail_address("ADMIN_EMAIL", email)?;
            super::password::check("ADMIN_PASSWORD", &password, &[&email]).map_err(|fault| ConfigFault {
                variable: "ADMIN_PASSWORD",
                fault: format!("is refused: {}", fault.message.trim_end_matches('.')),
                example: "<a long password>",
            })?;
            Ok(Some(FirstAdmin { email, password }))
        }
    }
}

fn mail_address(variable: &'static str, text: String) -> Result<String, ConfigFault> {
    let is_plausible = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.chars().any(char::is_control);
    if is_plausible {
        Ok(text)
    } else {
        Err(ConfigFault { variable, fault: "is not an e-mail address".into(), example: "kpi@example.com" })
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
