//! A mail server on this machine: speaks as much SMTP as a client needs to hand over a mail, keeps what it took, and
//! misbehaves as told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use mail_parser::{Message, MessageParser};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// What the server does with one connection; without an order it takes the mail.
#[derive(Debug, Clone)]
pub enum Mood {
    /// This answer to the receiver's name.
    RefuseReceiver(&'static str),
    /// This answer to the content.
    RefuseContent(&'static str),
    /// The same, followed by the content itself.
    RefuseAndRepeat,
    /// This answer to the log-in.
    RefuseLogIn(&'static str),
    /// Hangs up in the middle of the content.
    DropInContent,
    /// Takes the mail and hangs up without a receipt.
    DropAfterContent,
    /// Takes the connection and says nothing.
    Silence,
    /// Takes the mail, and the receipt comes when [`SmtpServer::go_on`] is called.
    Hesitate,
    /// Hangs up at once.
    HangUp,
}

#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

impl Taken {
    pub fn message(&self) -> Message<'_> {
        MessageParser::default().parse(&self.raw).unwrap()
    }

    pub fn header(&self, name: &str) -> String {
        self.message().header_raw(name).unwrap_or_default().trim().to_owned()
    }

    pub fn subject(&self) -> String {
        self.message().subject().unwrap_or_default().to_owned()
    }

    pub fn id(&self) -> String {
        self.message().message_id().unwrap_or_default().to_owned()
    }

    pub fn text(&self) -> String {
        self.message().body_text(0).unwrap().replace("\r\n", "\n")
    }

    pub fn html(&self) -> String {
        self.message().body_html(0).unwrap().replace("\r\n", "\n")
    }
}

pub struct SmtpServer {
    pub port: u16,
    shared: Arc<Shared>,
    listening: tokio::task::JoinHandle<()>,
}

struct Shared {
    moods: Mutex<VecDeque<Mood>>,
    /// The connections so far, and the mails with a receipt.
    connections: watch::Sender<usize>,
    taken: watch::Sender<Vec<Taken>>,
    /// Mails whose content came whole, with a receipt or not.
    read: Mutex<Vec<Taken>>,
    hesitating: watch::Sender<bool>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl SmtpServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            moods: Mutex::default(),
            connections: watch::Sender::new(0),
            taken: watch::Sender::new(Vec::new()),
            read: Mutex::default(),
            hesitating: watch::Sender::new(true),
        });
        let listening = tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let mood = shared.moods.lock().unwrap().pop_front();
                    shared.connections.send_modify(|count| *count += 1);
                    let shared = Arc::clone(&shared);
                    // A client that hangs up ends its conversation, not the server.
                    tokio::spawn(async move { Conversation::hold(stream, mood, &shared).await });
                }
            }
        });
        Self { port, shared, listening }
    }

    /// The variables of a server that sends its mail here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SMTP_ENABLED", "true".into()),
            ("SMTP_HOST", "127.0.0.1".into()),
            ("SMTP_PORT", self.port.to_string()),
            ("SMTP_FROM", "kpi@firma.example".into()),
            ("SMTP_TLS", "none".into()),
            ("SMTP_TIMEOUT", "2".into()),
        ]
    }

    /// What it does with the next connections, one after the other.
    pub fn moods(&self, moods: impl IntoIterator<Item = Mood>) {
        self.shared.moods.lock().unwrap().extend(moods);
    }

    /// The mails that got a receipt.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.borrow().clone()
    }

    /// The mails that were read to their end, with a receipt or not.
    pub fn read(&self) -> Vec<Taken> {
        self.shared.read.lock().unwrap().clone()
    }

    /// The only mail that got a receipt.
    #[track_caller]
    pub fn only(&self) -> Taken {
        let [only] = self.taken().try_into().unwrap_or_else(|all: Vec<Taken>| panic!("{} mails", all.len()));
        only
    }

    /// Waits until so many mails got a receipt.
    pub async fn has_taken(&self, count: usize) -> Vec<Taken> {
        self.shared.taken.subscribe().wait_for(|taken| taken.len() >= count).await.unwrap().clone()
    }

    /// Waits for the first connections.
    pub async fn has_met(&self, count: usize) {
        self.shared.connections.subscribe().wait_for(|met| *met >= count).await.unwrap();
    }

    /// Lets those go on that hesitate.
    pub fn go_on(&self) {
        self.shared.hesitating.send_replace(false);
    }
}

struct Conversation<'a> {
    lines: BufReader<OwnedReadHalf>,
    answers: OwnedWriteHalf,
    mood: Option<Mood>,
    shared: &'a Shared,
}

impl<'a> Conversation<'a> {
    async fn hold(stream: TcpStream, mood: Option<Mood>, shared: &'a Shared) -> Option<()> {
        let (read, answers) = stream.into_split();
        let mut conversation = Self { lines: BufReader::new(read), answers, mood, shared };
        match conversation.mood {
            Some(Mood::HangUp) => return None,
            Some(Mood::Silence) => return std::future::pending().await,
            _ => {}
        }
        conversation.say("220 mail.firma.example ESMTP").await?;
        let (mut from, mut to) = (String::new(), Vec::new());
        loop {
            let line = conversation.line().await?;
            let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match (word.as_str(), &conversation.mood) {
                ("EHLO", _) => "250-mail.firma.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
                ("AUTH", Some(Mood::RefuseLogIn(answer))) => answer,
                ("AUTH", _) => "235 2.7.0 welcome",
                ("MAIL", _) => {
                    from = line;
                    "250 2.1.0 ok"
                }
                ("RCPT", Some(Mood::RefuseReceiver(answer))) => answer,
                ("RCPT", _) => {
                    to.push(line);
                    "250 2.1.5 ok"
                }
                ("DATA", _) => {
                    conversation.say("354 go ahead").await?;
                    let raw = conversation.content().await?;
                    let mail = Taken { from: from.clone(), to: std::mem::take(&mut to), raw };
                    conversation.take(mail).await?;
                    continue;
                }
                ("QUIT", _) => {
                    conversation.say("221 bye").await?;
                    return None;
                }
                _ => "250 ok",
            };
            conversation.say(answer).await?;
        }
    }

    async fn take(&mut self, mail: Taken) -> Option<()> {
        self.shared.read.lock().unwrap().push(mail.clone());
        match &self.mood {
            Some(Mood::DropAfterContent) => return None,
            Some(Mood::RefuseContent(answer)) => return self.say(answer).await,
            Some(Mood::RefuseAndRepeat) => {
                let said = mail.text().replace('\n', " ");
                return self.say(&format!("554 5.7.1 blocked: {said}")).await;
            }
            Some(Mood::Hesitate) => {
                let mut hesitating = self.shared.hesitating.subscribe();
                hesitating.wait_for(|hesitates| !hesitates).await.ok()?;
            }
            _ => {}
        }
        // Kept before the receipt, as a mail server does.
        self.shared.taken.send_modify(|taken| taken.push(mail));
        self.say("250 2.0.0 taken").await
    }

    async fn content(&mut self) -> Option<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.lines.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                return Some(raw);
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            raw.extend_from_slice(line);
            if matches!(self.mood, Some(Mood::DropInContent)) && raw.len() > 500 {
                return None;
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line).await.ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }

    async fn say(&mut self, answer: &str) -> Option<()> {
        self.answers.write_all(format!("{answer}\r\n").as_bytes()).await.ok()
    }
}
