//! Plugins in a server: how they come, what they are told, what they show, and how they are stopped.

mod cards;
mod hooks;
mod hostile;
mod jobs;
mod life;
mod rules;

use std::{
    io::{Cursor, Write as _},
    sync::{Arc, Mutex},
};

use kpi::plugins;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::{Actor, Response, TestApp, files};

/// A plugin of a test: an id, what its manifest says beyond the least, its script, and other files.
pub struct Plugin {
    pub id: &'static str,
    pub version: &'static str,
    pub manifest: String,
    pub script: String,
    pub files: Vec<(&'static str, String)>,
}

impl Plugin {
    pub fn new(id: &'static str, manifest: &str, script: &str) -> Self {
        Self {
            id,
            version: "1.0.0",
            manifest: manifest.to_owned(),
            script: script.to_owned(),
            files: Vec::new(),
        }
    }

    pub fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    pub fn file(mut self, path: &'static str, content: &str) -> Self {
        self.files.push((path, content.to_owned()));
        self
    }

    pub fn manifest(&self) -> String {
        format!(
            "id = \"{}\"\nname = \"Test plugin\"\nversion = \"{}\"\ndescription = \"For tests.\"\n\
             requires = \">=0.1\"\nscript = \"plugin.rhai\"\n{}",
            self.id, self.version, self.manifest
        )
    }

    pub fn archive(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let own = [("plugin.toml", self.manifest()), ("plugin.rhai", self.script.clone())];
        for (path, content) in own.iter().chain(&self.files) {
            writer.start_file(*path, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}

impl Actor {
    pub async fn sends_bundle(&self, path: &str, archive: &[u8]) -> Response {
        self.request("POST", path).form(&[files::part("file", "plugin.zip", archive)]).send().await
    }

    pub async fn installs(&self, plugin: &Plugin) -> Response {
        self.sends_bundle("/plugins/install", &plugin.archive()).await
    }

    /// Grants whatever the plugin asks for.
    pub async fn enables(&self, id: &str) -> Response {
        let plugin = self.get(&format!("/plugins/{id}")).await.expect(200).json();
        let revision = plugin["revision"].as_i64().unwrap();
        let granted = json!({ "granted": plugin["permissions"] });
        self.act(&format!("/plugins/{id}/enable"), revision, granted).await
    }

    pub async fn disables(&self, id: &str) -> Response {
        let revision = self.plugin(id).await["revision"].as_i64().unwrap();
        self.request("POST", &format!("/plugins/{id}/disable")).version(revision).send().await
    }

    pub async fn sets(&self, id: &str, values: Value) -> Response {
        let revision = self.plugin(id).await["revision"].as_i64().unwrap();
        self.request("PUT", &format!("/plugins/{id}/settings"))
            .version(revision)
            .json(json!({ "values": values }))
            .send()
            .await
    }

    pub async fn plugin(&self, id: &str) -> Value {
        self.get(&format!("/plugins/{id}")).await.expect(200).json()
    }

    /// Installed and running.
    pub async fn runs_plugin(&self, plugin: &Plugin) {
        self.installs(plugin).await.expect(201);
        self.enables(plugin.id).await.expect(200);
    }

    /// The log, newest first: level and text.
    pub async fn plugin_log(&self, id: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rows = self.get(&format!("/plugins/{id}/log?per_page=100")).await.expect(200).items();
        rows.iter().map(|row| (text(&row["level"]), text(&row["text"]))).collect()
    }

    pub async fn allows_private_addresses(&self) {
        let settings = self.get("/settings").await.expect(200).json();
        let version = settings["version"].as_i64().unwrap();
        self.patch("/settings", version, json!({ "plugins.allow_private_addresses": true }))
            .await
            .expect(200);
    }
}

impl TestApp {
    /// Delivers what has happened and tells the plugins; how many calls that were.
    pub async fn tells_plugins(&self) -> usize {
        self.all_news().await;
        plugins::hooks::work_off(&self.ctx).await.unwrap()
    }
}

/// What a receiver answers.
#[derive(Clone, Copy, PartialEq)]
pub enum Answer {
    Status(u16),
    /// Nothing, for ever.
    Nothing,
}

/// Another server, to which plugins post.
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<(String, String)>>>,
    answer: Arc<Mutex<Answer>>,
    heard: Arc<tokio::sync::Notify>,
}

impl Receiver {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self {
            url,
            got: Arc::default(),
            answer: Arc::new(Mutex::new(Answer::Status(200))),
            heard: Arc::default(),
        };
        let (got, answer, heard) = (receiver.got.clone(), receiver.answer.clone(), receiver.heard.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (got, answer, heard) = (got.clone(), answer.clone(), heard.clone());
                tokio::spawn(async move {
                    let mut text = Vec::new();
                    let (head, body) = loop {
                        let mut piece = [0; 4096];
                        let count = stream.read(&mut piece).await.unwrap_or(0);
                        if count == 0 {
                            return;
                        }
                        text.extend_from_slice(&piece[..count]);
                        let whole = String::from_utf8_lossy(&text).into_owned();
                        let Some((head, body)) = whole.split_once("\r\n\r\n") else { continue };
                        let length = head.to_ascii_lowercase().lines().find_map(|line| {
                            line.strip_prefix("content-length:")?.trim().parse::<usize>().ok()
                        });
                        if body.len() >= length.unwrap_or(0) {
                            break (head.to_owned(), body.to_owned());
                        }
                    };
                    got.lock().unwrap().push((head, body));
                    heard.notify_one();
                    let how = *answer.lock().unwrap();
                    match how {
                        Answer::Nothing => std::future::pending().await,
                        Answer::Status(status) => {
                            let text = format!(
                                "HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
                            );
                            let _ = stream.write_all(text.as_bytes()).await;
                        }
                    }
                });
            }
        });
        receiver
    }

    pub fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The bodies that came, in their order.
    pub fn bodies(&self) -> Vec<String> {
        self.got.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }

    /// Completes when something has come, also before.
    pub async fn heard(&self) {
        self.heard.notified().await;
    }
}
