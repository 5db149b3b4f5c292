//! The way to the mail server: one letter over one connection, encrypted unless told otherwise, within a bounded time.

use std::{
    error::Error as _,
    fmt, io,
    time::{Duration, SystemTime},
};

use kpi_api::time::Timestamp;
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, header},
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::{sync::OnceCell, time::timeout};

use super::config::{Config, Smtp, SmtpTls};

/// What somebody says of an answer is cut to this many characters.
const LONGEST_ANSWER: usize = 300;

/// After the receipt nothing is at stake any more.
const GOOD_BYE: Duration = Duration::from_secs(1);

/// A mail, finished but for its way.
pub struct Letter {
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// With angle brackets; the same at every attempt, so that a mail that came twice is seen to be one.
    pub message_id: String,
    pub written_at: Timestamp,
}

/// Which step did not work; all before it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Connect,
    Encrypt,
    LogIn,
    /// Sender, receiver or content were refused.
    Hand,
    /// The time was up.
    Wait,
}

/// Why a letter did not get its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub step: Step,
    /// Whether another attempt is in vain.
    pub is_final: bool,
    /// The number of the mail server's answer (RFC 5321, 4.2).
    pub code: Option<u16>,
    /// The mail server's words or those of the network, in one line. They may repeat what was sent.
    pub said: String,
}

impl Trouble {
    /// Without the other side's words, which may hold an address or a link.
    pub fn in_short(&self) -> String {
        let what = match self.step {
            Step::Connect => "the mail server could not be reached",
            Step::Encrypt => "the connection could not be encrypted",
            Step::LogIn => "the mail server refused the log-in",
            Step::Hand => "the mail server refused the mail",
            Step::Wait => "the mail server took too long",
        };
        match self.code {
            Some(code) => format!("{what} ({code})"),
            None => what.to_owned(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_short())?;
        if self.said.is_empty() { Ok(()) } else { write!(f, ": {}", self.said) }
    }
}

/// Sends letters.
pub struct Mailer {
    smtp: Smtp,
    /// The name that the receiver reads beside the sender's address.
    sender_name: String,
    hello: ClientId,
    /// Made once: it reads the system's certificates.
    tls: OnceCell<TlsParameters>,
}

impl Mailer {
    /// `None` where no mail server is configured.
    pub fn of(config: &Config) -> Option<Self> {
        let smtp = config.smtp.clone()?;
        let host = config.public_url.split("://").nth(1).unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        let hello = if host.is_empty() || host.starts_with('[') { "localhost" } else { host };
        Some(Self {
            sender_name: one_line(&config.app_name, 100),
            hello: ClientId::Domain(hello.to_owned()),
            smtp,
            tls: OnceCell::new(),
        })
    }

    /// A Message-ID that no other mail has.
    pub fn message_id(&self) -> String {
        let domain = self.smtp.from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        format!("<{}@{domain}>", hex::encode(rand::random::<[u8; 16]>()))
    }

    /// Hands a letter over. `Ok` means that the mail server has taken it upon itself.
    ///
    /// # Errors
    /// The step that did not work within the configured time.
    pub async fn send(&self, letter: &Letter) -> Result<(), Trouble> {
        self.send_within(letter, self.smtp.patience).await
    }

    /// As [`Self::send`], giving up earlier.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_within(&self, letter: &Letter, most: Duration) -> Result<(), Trouble> {
        let message = self.message(letter)?;
        let work = async {
            let mut connection = self.connect().await?;
            let handed = connection.send(message.envelope(), &message.formatted()).await;
            handed
                .map(|_| connection)
                .map_err(|cause| Trouble { is_final: cause.is_permanent(), ..hand(&cause) })
        };
        self.bounded(most, work).await
    }

    /// Goes as far as the log-in and sends nothing.
    ///
    /// # Errors
    /// The step that did not work within the time.
    pub async fn probe(&self, most: Duration) -> Result<(), Trouble> {
        self.bounded(most, self.connect()).await
    }

    async fn bounded(
        &self,
        most: Duration,
        work: impl Future<Output = Result<AsyncSmtpConnection, Trouble>>,
    ) -> Result<(), Trouble> {
        let limit = most.min(self.smtp.patience);
        let late = |_| Trouble {
            step: Step::Wait,
            is_final: false,
            code: None,
            said: format!("no receipt within {} s", limit.as_secs()),
        };
        let mut connection = timeout(limit, work).await.map_err(late)??;
        // Whether it parts politely changes nothing any more.
        let _ = timeout(GOOD_BYE, connection.abort()).await;
        Ok(())
    }

    /// Trouble on the way is never final: it is the operator's to mend, and the mails wait meanwhile.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let wrapped = match self.smtp.tls {
            SmtpTls::Wrapped => Some(self.tls().await?),
            SmtpTls::StartTls | SmtpTls::Unencrypted => None,
        };
        let place = (self.smtp.host.as_str(), self.smtp.port);
        let patience = Some(self.smtp.patience);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, patience, &self.hello, wrapped, None).await.map_err(
                |cause| trouble(if is_about_tls(&cause) { Step::Encrypt } else { Step::Connect }, &cause),
            )?;
        if self.smtp.tls == SmtpTls::StartTls {
            let tls = self.tls().await?;
            let encrypted = connection.starttls(tls, &self.hello).await;
            encrypted.map_err(|cause| trouble(Step::Encrypt, &cause))?;
        }
        if let (Some(user), Some(password)) = (&self.smtp.user, &self.smtp.password) {
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            let entered = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            entered.map_err(|cause| trouble(Step::LogIn, &cause))?;
        }
        Ok(connection)
    }

    async fn tls(&self) -> Result<TlsParameters, Trouble> {
        let make = async || {
            let host = self.smtp.host.clone();
            let made = tokio::task::spawn_blocking(move || TlsParameters::new(host)).await;
            made.map_err(|cause| without_answer(Step::Encrypt, &cause))?
                .map_err(|cause| trouble(Step::Encrypt, &cause))
        };
        self.tls.get_or_try_init(make).await.cloned()
    }

    fn message(&self, letter: &Letter) -> Result<Message, Trouble> {
        let refused =
            |cause: &dyn fmt::Display| Trouble { is_final: true, ..without_answer(Step::Hand, cause) };
        let address = |text: &str| text.parse::<Address>().map_err(|cause| refused(&cause));
        let from = Mailbox::new(Some(self.sender_name.clone()), address(&self.smtp.from)?);
        let to = Mailbox::new(Some(one_line(&letter.to_name, 100)), address(&letter.to)?);
        let written = Duration::from_millis(u64::try_from(letter.written_at.0).unwrap_or_default());
        Message::builder()
            .from(from)
            .to(to)
            .subject(one_line(&letter.subject, 150))
            .date(SystemTime::UNIX_EPOCH + written)
            .message_id(Some(letter.message_id.clone()))
            // Nobody's absence note comes back (RFC 3834; the second is Exchange's).
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("X-Auto-Response-Suppress", "All"))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|cause| refused(&cause))
    }
}

fn raw(name: &'static str, value: &str) -> header::HeaderValue {
    header::HeaderValue::new(header::HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn hand(cause: &SmtpError) -> Trouble {
    trouble(Step::Hand, cause)
}

fn trouble(step: Step, cause: &SmtpError) -> Trouble {
    let said = cause.source().map_or_else(|| cause.to_string(), ToString::to_string);
    Trouble {
        step: if cause.is_timeout() { Step::Wait } else { step },
        is_final: false,
        code: cause.status().map(u16::from),
        said: one_line(&said, LONGEST_ANSWER),
    }
}

/// Whether somebody answered, but not as encryption asks for: rustls says that with this kind of error.
fn is_about_tls(cause: &SmtpError) -> bool {
    let mut next = cause.source();
    while let Some(cause) = next {
        if cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        next = cause.source();
    }
    cause.is_tls()
}

fn without_answer(step: Step, cause: &dyn fmt::Display) -> Trouble {
    Trouble { step, is_final: false, code: None, said: one_line(&cause.to_string(), LONGEST_ANSWER) }
}

/// The text in one line of at most so many characters, without anything that could begin a header of its own or turn
/// the direction of what follows.
pub fn one_line(text: &str, most: usize) -> String {
    let is_trick = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let cleaned = text.replace(is_trick, " ");
    let joined = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() <= most {
        return joined;
    }
    joined.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line("Revenue\r\nBcc: all@example.com", 100), "Revenue Bcc: all@example.com");
        assert_eq!(one_line(" a\u{202e}b\u{2028}c\0 ", 100), "a b c");
        assert_eq!(one_line("äöüß", 3), "äö…");
        assert_eq!(one_line("", 3), "");
    }
}
