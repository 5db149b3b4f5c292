//! The configuration: environment variables, an `.env` file beside, and what the command line overrides.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::tz::TimeZone;
use kpi_api::time::Timestamp;

use super::{clock::Clock, http::network::Network, password, secret::Secret};
use source::Source;
use values::{cron, extensions, list, mail_address, origin, sqlite_file};

pub use source::ConfigFault;

mod source;
mod values;

pub const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// The fewest bytes of `SECRET_KEY`.
pub const SHORTEST_SECRET: usize = 32;

/// Where mail servers expect encryption from the first byte (RFC 8314).
const SUBMISSIONS_PORT: u16 = 465;

const MAIL: &str = "kpi@example.com";

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
    pub safe_mode: bool,
}

/// How the way to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Plain at first, encrypted before anything is said.
    StartTls,
    /// Encrypted from the first byte.
    Wrapped,
    Unencrypted,
}

/// Where mail goes out.
#[derive(Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub from: String,
    pub tls: SmtpTls,
    /// How long one mail may take.
    pub patience: Duration,
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
    /// Whether the server runs without any plugin.
    pub safe_mode: bool,
    pub zone: TimeZone,
    /// A month, 1 to 12.
    pub fiscal_year_start: u8,
    pub max_connections: usize,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Our own executable, started for what is better done in a process of its own.
    pub program: PathBuf,
    /// `KPI_CLOCK`; only with [`Environment::Test`].
    pub frozen_clock: Option<Timestamp>,
}

impl Config {
    /// Reads the environment and the `.env` file of the working directory; the environment wins.
    ///
    /// # Errors
    /// The first variable with a bad value.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigFault> {
        let file = dotenv(Path::new(".env"))?;
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
            safe_mode: overrides.safe_mode,
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
            program: std::env::current_exe().unwrap_or_else(|_| PathBuf::from("kpi")),
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

/// The variables of a file, none where there is no file.
fn dotenv(path: &Path) -> Result<HashMap<String, String>, ConfigFault> {
    let fault = |cause| {
        // The parser's own error repeats the line, which may hold a password.
        let why = match cause {
            dotenvy::Error::LineParse(_, column) => format!("a line breaks off at character {column}"),
            dotenvy::Error::Io(cause) => cause.to_string(),
            _ => "a line is not NAME=value".into(),
        };
        ConfigFault {
            variable: ".env",
            fault: format!("cannot be read: {why}"),
            example: "LOG_LEVEL=info".into(),
        }
    };
    match dotenvy::from_path_iter(path) {
        Ok(lines) => lines.collect::<Result<_, _>>().map_err(fault),
        Err(cause) if cause.not_found() => Ok(HashMap::new()),
        Err(cause) => Err(fault(cause)),
    }
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
    text.replace("localhost:", "127.0.0.1:")
        .parse()
        .map_err(|_| ConfigFault::new("LISTEN", "must be an IP address and a port", "127.0.0.1:8000"))
}

fn smtp(source: &Source<'_>) -> Result<Option<Smtp>, ConfigFault> {
    let port = source.number("SMTP_PORT", 587, 1, u16::MAX, "587")?;
    let tls = source.one_of(
        "SMTP_TLS",
        if port == SUBMISSIONS_PORT { SmtpTls::Wrapped } else { SmtpTls::StartTls },
        &[("starttls", SmtpTls::StartTls), ("tls", SmtpTls::Wrapped), ("none", SmtpTls::Unencrypted)],
        "starttls",
    )?;
    let patience = Duration::from_secs(source.number("SMTP_TIMEOUT", 30, 1, 300, "30")?);
    if !source.flag("SMTP_ENABLED", false)? {
        return Ok(None);
    }
    let missing = |variable, example| {
        move || ConfigFault::new(variable, "is missing while SMTP_ENABLED is true", example)
    };
    Ok(Some(Smtp {
        host: source.text("SMTP_HOST").ok_or_else(missing("SMTP_HOST", "smtp.example.com"))?,
        port,
        user: source.text("SMTP_USER"),
        password: source.text("SMTP_PASSWORD").map(Secret::new),
        from: source.checked("SMTP_FROM", MAIL, mail_address)?.ok_or_else(missing("SMTP_FROM", MAIL))?,
        tls,
        patience,
    }))
}

fn first_admin(source: &Source<'_>) -> Result<Option<FirstAdmin>, ConfigFault> {
    const PASSWORD: &str = "<a long password>";
    let email = source.checked("ADMIN_EMAIL", MAIL, mail_address)?;
    match (email, source.text("ADMIN_PASSWORD").map(Secret::new)) {
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(ConfigFault::new("ADMIN_PASSWORD", "is missing while ADMIN_EMAIL is set", PASSWORD))
        }
        (None, Some(_)) => {
            Err(ConfigFault::new("ADMIN_EMAIL", "is missing while ADMIN_PASSWORD is set", MAIL))
        }
        (Some(email), Some(password)) => {
            password::check("ADMIN_PASSWORD", &password, &[&email]).map_err(|fault| {
                let why = format!("is refused: {}", fault.message.trim_end_matches('.'));
                ConfigFault::new("ADMIN_PASSWORD", why, PASSWORD)
            })?;
            Ok(Some(FirstAdmin { email, password }))
        }
    }
}

#[cfg(test)]
mod tests;
