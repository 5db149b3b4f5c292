//! `kpi doctor`: looks whether everything around the server is fit for use, and says what to do where it is not.

use std::{fs, path::Path, time::Duration};

use kpi_api::{
    mail::{MailOutcome, TestMail},
    user::LOCALES,
};
use serde::Serialize;

use super::{
    Format, Place,
    end::{Done, Stop, print_json, say},
    open,
};
use crate::{
    admin::coherence,
    evidence::sweep,
    mail::service,
    platform::{
        config::{Config, SmtpTls},
        data_dir,
        db::Db,
        failure::Failure,
        files::Store,
        lock::{DataLock, LockFault},
        smtp::Mailer,
    },
};

/// Free bytes below which the disk is called nearly full.
const LITTLE_SPACE: u64 = 1 << 30;
const MAIL_PATIENCE: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    format: Format,
    /// Also look whether what is written together is there together, and every file is what it was; takes longer
    #[arg(long)]
    deep: bool,
    /// Send a test mail there
    #[arg(long, value_name = "ADDRESS")]
    send_test_mail: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    /// Works, and somebody should know.
    Note,
    Bad,
}

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    detail: String,
}

fn good(what: &'static str, detail: impl Into<String>) -> Finding {
    Finding { what, state: State::Good, detail: detail.into() }
}

fn note(what: &'static str, detail: impl Into<String>) -> Finding {
    Finding { what, state: State::Note, detail: detail.into() }
}

fn bad(what: &'static str, detail: impl Into<String>) -> Finding {
    Finding { what, state: State::Bad, detail: detail.into() }
}

pub fn run(place: &Place, options: Options) -> Done {
    let mut findings = Vec::new();
    match open::quiet_config(place) {
        Err(Stop::Usage(fault)) => findings.push(bad("configuration", fault)),
        Err(other) => return Err(other),
        Ok(config) => {
            findings
                .push(good("configuration", format!("serves {} as {}", config.public_url, config.app_name)));
            findings.extend(folder(&config));
            findings.push(time(&config));
            open::block_on(&config.clone(), async {
                findings.push(mail(&config, options.send_test_mail.as_deref()).await?);
                findings.push(database(&config).await);
                findings.extend(evidence(&config, options.deep).await);
                if options.deep {
                    findings.extend(coherence(&config).await?);
                }
                Ok(())
            })?;
        }
    }
    tell(&findings, options.format)
}

fn tell(findings: &[Finding], format: Format) -> Done {
    if format.json {
        print_json(&findings)?;
    } else {
        for finding in findings {
            let mark = match finding.state {
                State::Good => "ok  ",
                State::Note => "note",
                State::Bad => "BAD ",
            };
            say(format_args!("{mark}  {:<14} {}", finding.what, finding.detail))?;
        }
    }
    if findings.iter().any(|finding| finding.state == State::Bad) { Err(Stop::Told) } else { Ok(()) }
}

fn folder(config: &Config) -> Vec<Finding> {
    const FOLDER: &str = "data directory";
    let path = config.data_dir.display();
    if let Err(fault) = data_dir::prepare(config) {
        return vec![bad(FOLDER, fault.to_string())];
    }
    let probe = config.data_dir.join(".doctor");
    if let Err(cause) = fs::write(&probe, b"probe").and_then(|()| fs::remove_file(&probe)) {
        return vec![bad(FOLDER, format!("{path} cannot be written: {cause}"))];
    }
    let mut findings = vec![match DataLock::take(&config.data_dir) {
        Ok(_) => good(FOLDER, format!("{path} can be written, on a local disk, and nobody uses it")),
        Err(LockFault::InUse(_)) => {
            good(FOLDER, format!("{path} can be written; the server is running on it"))
        }
        Err(fault) => bad(FOLDER, fault.to_string()),
    }];
    findings.push(match data_dir::secret_key(config) {
        Ok(_) => good("secret", "the key that signs sessions is there"),
        Err(fault) => bad("secret", fault.to_string()),
    });
    findings.extend(space(&config.data_dir));
    findings
}

#[cfg(unix)]
fn space(path: &Path) -> Option<Finding> {
    const SPACE: &str = "disk space";
    let found = match rustix::fs::statvfs(path) {
        Ok(found) => found,
        Err(cause) => return Some(bad(SPACE, format!("cannot be asked for: {cause}"))),
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let told = format!("{:.1} GB are free", free as f64 / f64::from(1 << 30));
    Some(if free < LITTLE_SPACE { note(SPACE, format!("{told}; make room soon")) } else { good(SPACE, told) })
}

#[cfg(not(unix))]
fn space(_: &Path) -> Option<Finding> {
    None
}

/// Goes as far as the log-in; with an address a test mail goes there.
async fn mail(config: &Config, to: Option<&str>) -> Result<Finding, Stop> {
    const MAIL: &str = "mail";
    let mailer = Mailer::of(config);
    let (Some(smtp), Some(there)) = (&config.smtp, &mailer) else {
        let told = "not set up (SMTP_ENABLED); administrators hand over password links themselves";
        return Ok(if to.is_some() { bad(MAIL, told) } else { note(MAIL, told) });
    };
    let place = format!("{}:{}", smtp.host, smtp.port);
    if let Some(to) = to {
        let asked = TestMail { to: Some(to.to_owned()) };
        asked.check().map_err(|_| Stop::Usage(format!("{to} is not an e-mail address")))?;
        let sent = service::send_test(config, Some(there), to, LOCALES[0], to.to_owned());
        let sent = sent.await.map_err(anyhow::Error::from)?;
        let told = format!("{place}: {}", sent.detail);
        return Ok(if sent.outcome == MailOutcome::Sent { good(MAIL, told) } else { bad(MAIL, told) });
    }
    Ok(match there.probe(MAIL_PATIENCE).await {
        Err(trouble) => bad(MAIL, format!("{place}: {}", service::advice(&trouble))),
        Ok(()) if smtp.tls == SmtpTls::Unencrypted => {
            note(MAIL, format!("{place} answers; mail goes there unencrypted (SMTP_TLS=none)"))
        }
        Ok(()) => good(MAIL, format!("{place} answers, encrypted; --send-test-mail ADDRESS sends something")),
    })
}

fn time(config: &Config) -> Finding {
    const TIME: &str = "clock";
    let clock = config.clock();
    let zone = config.zone.iana_name().unwrap_or("UTC");
    let told = format!("{} UTC, today is {} in {zone}", clock.now(), clock.today());
    if config.frozen_clock.is_some() {
        return note(TIME, format!("{told}; it stands still (KPI_CLOCK)"));
    }
    // Before this was written, or far beyond: the machine's clock is not set.
    if (2026..2100).contains(&clock.today().year()) { good(TIME, told) } else { bad(TIME, told) }
}

/// Opening asserts the settings that durability rests on; then the pages are walked.
async fn database(config: &Config) -> Finding {
    const DATABASE: &str = "database";
    let path = config.database_file.display();
    if !config.database_file.is_file() {
        return note(DATABASE, format!("{path} is not there yet; `kpi serve` or `kpi migrate` makes it"));
    }
    let looked = async {
        let db = Db::open(&format!("sqlite:{path}"), 1).await?;
        db.quick_check().await
    };
    match looked.await.map_err(Failure::from) {
        Ok(verdict) if verdict == "ok" => {
            let size = fs::metadata(&config.database_file).map_or(0, |meta| meta.len());
            let megabytes = size as f64 / f64::from(1 << 20);
            good(DATABASE, format!("{path} is whole ({megabytes:.1} MB, write-ahead log, synchronous FULL)"))
        }
        Ok(verdict) => bad(DATABASE, format!("{path} is damaged: {verdict}; restore a backup")),
        Err(Failure::Internal(cause)) => bad(DATABASE, format!("{path}: {cause:#}")),
        Err(failure) => bad(DATABASE, format!("{path}: {failure}")),
    }
}

/// Whether every file that a row names is there with its length; `deep` reads them and computes their hashes.
async fn evidence(config: &Config, deep: bool) -> Option<Finding> {
    const EVIDENCE: &str = "evidence";
    if !config.database_file.is_file() {
        return None;
    }
    let looked = async {
        let db = Db::open(&format!("sqlite:{}", config.database_file.display()), 1).await?;
        sweep::look(db.read(), &Store::new(config.upload_dir.clone()), deep).await
    };
    let Ok(looked) = looked.await else {
        return Some(note(
            EVIDENCE,
            "cannot be looked at before `kpi migrate` has brought the schema up to date",
        ));
    };
    let path = config.upload_dir.display();
    if let Some(hash) = looked.missing.first().or(looked.damaged.first()) {
        let (missing, damaged) = (looked.missing.len(), looked.damaged.len());
        let told = format!(
            "{path}: {missing} files are missing and {damaged} damaged, {hash} first; restore a backup"
        );
        return Some(bad(EVIDENCE, told));
    }
    let megabytes = looked.size as f64 / f64::from(1 << 20);
    let how = if deep { "are what they were" } else { "are there (--deep reads them)" };
    Some(good(EVIDENCE, format!("{} files, {megabytes:.1} MB, {how}", looked.contents)))
}

/// Rows, history, audit log and outbox against each other.
async fn coherence(config: &Config) -> anyhow::Result<Vec<Finding>> {
    const COHERENCE: &str = "coherence";
    if !config.database_file.is_file() {
        return Ok(Vec::new());
    }
    let db = Db::open(&format!("sqlite:{}", config.database_file.display()), 1).await?;
    let faults = coherence::faults(db.read()).await?;
    if faults.is_empty() {
        return Ok(vec![good(COHERENCE, "KPIs, values, history, audit log and outbox agree")]);
    }
    Ok(faults.into_iter().map(|fault| bad(COHERENCE, format!("{} {}", fault.count, fault.what))).collect())
}
