//! The words of mails, as text and as HTML, from the templates beside. Everything that came from somebody is escaped by
//! the templates; links lead to the configured public address and nowhere else.

use anyhow::Context;
use askama::Template;
use jiff::{civil, tz::TimeZone};
use kpi_api::{
    notification::{NotificationData, NotificationKind as Kind},
    time::Timestamp,
};

use super::catalogue::{self, Catalogue};
use crate::platform::{config::Config, smtp::one_line};

/// A mail that lists more would be cut by mail programs; the rest is in the app.
const MOST_CARDS: usize = 25;

/// Letters of a quoted reason or comment.
const MOST_QUOTED: usize = 600;

/// Where people choose what they are mailed.
const SETTINGS: &str = "/notifications?tab=settings";

/// What a mail says, without its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A notification as a mail tells it.
#[derive(Debug, Clone)]
pub struct Item {
    pub kind: Kind,
    pub data: NotificationData,
    /// A path of the web app.
    pub link: String,
    pub at: Timestamp,
}

/// Writes to one person.
pub struct Writer<'a> {
    app_name: &'a str,
    public_url: &'a str,
    zone: &'a TimeZone,
    name: &'a str,
    words: &'static Catalogue,
}

struct Frame {
    language: &'static str,
    subject: String,
    preheader: String,
    app_name: String,
    app_url: String,
    heading: String,
    greeting: String,
    intro: String,
    footer: String,
    /// Label and address.
    settings: Option<(String, String)>,
}

struct Card {
    label: String,
    when: String,
    title: String,
    said: String,
    quote: Option<String>,
    button: String,
    url: String,
}

#[derive(Template)]
#[template(path = "news.html")]
struct NewsHtml<'a> {
    frame: &'a Frame,
    cards: &'a [Card],
    more: &'a Option<String>,
}

#[derive(Template)]
#[template(path = "news.txt")]
struct NewsText<'a> {
    frame: &'a Frame,
    cards: &'a [Card],
    more: &'a Option<String>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticeHtml<'a> {
    frame: &'a Frame,
    said: &'a str,
    button: &'a str,
    note: &'a str,
    button_fails: &'a str,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct NoticeText<'a> {
    frame: &'a Frame,
    said: &'a str,
    note: &'a str,
    url: &'a str,
}

impl<'a> Writer<'a> {
    pub fn to(config: &'a Config, name: &'a str, locale: &str) -> Self {
        Self {
            app_name: &config.app_name,
            public_url: &config.public_url,
            zone: &config.zone,
            name,
            words: catalogue::of(locale),
        }
    }

    /// What happened lately, oldest first. `items` is not empty.
    pub fn news(&self, items: &[Item]) -> anyhow::Result<Words> {
        let subject = match items {
            [only] => self.subject_of(only),
            _ => self.words.count("news.subject", items.len(), &[]),
        };
        let heading = self.words.count("news.heading", items.len(), &[]);
        self.list("news", subject, heading, items)
    }

    /// The summary of the day on which it goes out.
    pub fn summary(&self, day: civil::Date, items: &[Item]) -> anyhow::Result<Words> {
        let date = self.words.day(day);
        let subject = self.words.count("summary.subject", items.len(), &[("date", &date)]);
        let heading =
            self.words.say("summary.heading", &[("weekday", &self.words.weekday(day)), ("date", &date)]);
        self.list("summary", subject, heading, items)
    }

    /// The link to a new password; it works until `until`.
    pub fn password_reset(&self, link: &str, until: Timestamp) -> anyhow::Result<Words> {
        let time = self.words.time(until, self.zone);
        let said = self.words.say("password_reset.said", &[("time", &time)]);
        self.notice("password_reset", &said, link)
    }

    /// Says that mail works.
    pub fn test(&self) -> anyhow::Result<Words> {
        self.notice("test", self.words.text("test.said"), self.public_url)
    }

    fn list(&self, group: &str, subject: String, heading: String, items: &[Item]) -> anyhow::Result<Words> {
        let cards: Vec<Card> = items.iter().take(MOST_CARDS).map(|item| self.card(item)).collect();
        let preheader = cards.iter().map(|card| card.preview()).collect::<Vec<_>>().join(" · ");
        let frame = Frame {
            preheader: one_line(&preheader, 160),
            settings: Some((self.words.text("settings").into(), format!("{}{SETTINGS}", self.public_url))),
            ..self.frame(group, subject, heading)
        };
        let rest = items.len() - cards.len();
        let more = (rest > 0).then(|| self.words.count("more", rest, &[]));
        let html = NewsHtml { frame: &frame, cards: &cards, more: &more }.render().context("news as HTML")?;
        let text = NewsText { frame: &frame, cards: &cards, more: &more }.render().context("news as text")?;
        Ok(Words { subject: frame.subject, text: tidy(&text), html })
    }

    fn notice(&self, group: &str, said: &str, url: &str) -> anyhow::Result<Words> {
        let words = |part: &str| self.words.say(&format!("{group}.{part}"), &[]);
        let frame =
            Frame { preheader: words("intro"), ..self.frame(group, words("subject"), words("heading")) };
        let (button, note) = (words("button"), words("note"));
        let button_fails = self.words.text("button_fails");
        let html = NoticeHtml { frame: &frame, said, button: &button, note: &note, button_fails, url };
        let html = html.render().context("a notice as HTML")?;
        let text = NoticeText { frame: &frame, said, note: &note, url };
        let text = text.render().context("a notice as text")?;
        Ok(Words { subject: frame.subject, text: tidy(&text), html })
    }

    fn frame(&self, group: &str, subject: String, heading: String) -> Frame {
        Frame {
            language: self.words.language,
            subject: one_line(&subject, 150),
            preheader: String::new(),
            app_name: self.app_name.to_owned(),
            app_url: self.public_url.to_owned(),
            heading,
            greeting: self.words.say("greeting", &[("name", &one_line(self.name, 100))]),
            intro: self.words.say(&format!("{group}.intro"), &[]),
            footer: self.words.say(&format!("{group}.footer"), &[]),
            settings: None,
        }
    }

    fn subject_of(&self, item: &Item) -> String {
        let title = match (&item.data.kpi_title, &item.data.title) {
            (Some(title), _) => title.clone(),
            (None, Some(said)) => self.words.said(said),
            (None, None) => String::new(),
        };
        let title = one_line(&title, 80);
        let is_about_a_kpi = !matches!(
            item.kind,
            Kind::RuleTrouble
                | Kind::RuleRescored
                | Kind::ServerTrouble
                | Kind::Delegated
                | Kind::Plugin
                | Kind::PluginTrouble
        );
        if title.is_empty() && is_about_a_kpi {
            return self.words.say(&format!("{}.label", item.kind), &[]);
        }
        self.fill(item, "subject", &title)
    }

    fn card(&self, item: &Item) -> Card {
        let data = &item.data;
        let title = data.kpi_title.as_deref().map(|title| one_line(title, 200)).unwrap_or_default();
        let part = match item.kind {
            Kind::Submitted if data.event.as_deref() == Some("kpi.in_review") => "said_result",
            Kind::EvidenceAdded if data.count > 1 || data.name.is_none() => "said_other",
            Kind::Delegated if data.event.as_deref() == Some("delegation.ended") => "said_ended",
            _ => "said",
        };
        let own = [&data.title, &data.text].into_iter().flatten().map(|said| self.words.said(said));
        let own: Vec<String> = own.filter(|said| !said.trim().is_empty()).collect();
        let (said, extra) = match item.kind {
            Kind::Reminder if !own.is_empty() => (own.join(" "), None),
            _ => (self.fill(item, part, &title), (!own.is_empty()).then(|| own.join(" "))),
        };
        // The reason of a reminder is its rule's word for the occasion, not a sentence.
        let reason = data.reason.as_ref().filter(|_| item.kind != Kind::Reminder);
        let quote = data.excerpt.as_ref().or(reason).cloned().or(extra);
        Card {
            label: self.words.say(&format!("{}.label", item.kind), &[]),
            when: self.words.instant(item.at, self.zone),
            title,
            said,
            quote: quote.map(|quote| quoted(&quote)).filter(|quote| !quote.is_empty()),
            button: self.words.say(&format!("{}.button", item.kind), &[]),
            url: self.url(&item.link),
        }
    }

    fn fill(&self, item: &Item, part: &str, title: &str) -> String {
        let data = &item.data;
        let actor = data.actor_name.as_deref().map(|name| one_line(name, 100));
        let actor = actor.filter(|name| !name.is_empty());
        let actor = actor.unwrap_or_else(|| self.words.text("somebody").to_owned());
        let name = data.name.as_deref().map(|name| one_line(name, 120)).unwrap_or_default();
        let day = |day: &Option<String>| day.as_deref().map(|day| self.words.day_of(day)).unwrap_or_default();
        self.words.say(
            &format!("{}.{part}", item.kind),
            &[
                ("actor", &actor),
                ("title", &title),
                ("name", &name),
                ("count", &data.count),
                ("from", &day(&data.from)),
                ("to", &day(&data.to)),
            ],
        )
    }

    /// A path becomes an address of ours; anything else leads to the app's first page.
    fn url(&self, link: &str) -> String {
        let is_path = link.starts_with('/')
            && !link.starts_with("//")
            && !link
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>'));
        if is_path { format!("{}{link}", self.public_url) } else { self.public_url.to_owned() }
    }
}

impl Card {
    fn preview(&self) -> String {
        if self.title.is_empty() { self.said.clone() } else { format!("{}: {}", self.label, self.title) }
    }
}

/// What somebody wrote, without control characters, at a length that a mail bears.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| one_line(line, MOST_QUOTED)).collect();
    let joined = lines.join("\n").trim().to_owned();
    if joined.chars().count() <= MOST_QUOTED {
        return joined;
    }
    joined.chars().take(MOST_QUOTED - 1).chain(['…']).collect()
}

/// Templates leave empty lines where something is absent; one between paragraphs is enough.
fn tidy(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for line in text.lines() {
        // The dashes before a signature end in a space (RFC 3676, 4.3).
        let line = if line == "-- " { line } else { line.trim_end() };
        if !(line.is_empty() && out.last().is_none_or(|last| last.is_empty())) {
            out.push(line);
        }
    }
    format!("{}\n", out.join("\n").trim_end())
}
