//! The log of one call: so many lines and bytes, then a remark and no more; and no secret in it.

use serde_json::Value;

/// Bytes of one line.
const LONGEST_LINE: usize = 1_000;
/// What stands in for a secret.
const BLOT: &str = "•••";
/// Shorter texts are no secrets, and would blot out words.
const SHORTEST_SECRET: usize = 4;

#[derive(Debug, Default)]
pub struct Log {
    lines: Vec<String>,
    most_lines: usize,
    bytes_left: usize,
    is_cut: bool,
    secrets: Vec<String>,
}

impl Log {
    pub fn new(most_lines: usize, most_bytes: usize) -> Self {
        Self { most_lines, bytes_left: most_bytes, ..Self::default() }
    }

    /// From now on this text is blotted out, also in what was written before.
    pub fn keep_secret(&mut self, secret: &str) {
        if secret.len() < SHORTEST_SECRET || self.secrets.iter().any(|known| known == secret) {
            return;
        }
        self.secrets.push(secret.to_owned());
        for line in &mut self.lines {
            *line = line.replace(secret, BLOT);
        }
    }

    /// The text without secrets.
    pub fn blotted(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), BLOT))
    }

    /// The same for every text in a value.
    pub fn blotted_in(&self, value: Value) -> Value {
        match value {
            _ if self.secrets.is_empty() => value,
            Value::String(text) => Value::String(self.blotted(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.blotted_in(item)).collect(),
            Value::Object(entries) => {
                entries.into_iter().map(|(key, value)| (self.blotted(&key), self.blotted_in(value))).collect()
            }
            other => other,
        }
    }

    pub fn write(&mut self, line: &str) {
        if self.is_cut {
            return;
        }
        let line = self.blotted(line);
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let kept = &line[..line.floor_char_boundary(LONGEST_LINE)];
        let kept = if kept.len() < line.len() { format!("{kept}…") } else { kept.to_owned() };
        if self.lines.len() >= self.most_lines || kept.len() > self.bytes_left {
            self.is_cut = true;
            self.lines.push("The log was cut here: the call wrote too much.".into());
            return;
        }
        self.bytes_left -= kept.len();
        self.lines.push(kept);
    }

    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_with_a_remark() {
        let mut log = Log::new(3, 1_000_000);
        (0..10_000).for_each(|n| log.write(&format!("line {n}")));
        let lines = log.take();
        assert_eq!(lines.len(), 4);
        assert!(lines[3].contains("cut"), "{lines:?}");

        let mut log = Log::new(1_000, 5_000);
        (0..1_000).for_each(|_| log.write(&"ä".repeat(5_000)));
        let lines = log.take();
        assert!(lines.iter().map(String::len).sum::<usize>() < 5_100, "{}", lines.len());
        assert!(lines[0].len() < 1_010 && lines.last().is_some_and(|line| line.contains("cut")));
    }

    #[test]
    fn secrets_are_blotted_out_also_afterwards() {
        let mut log = Log::new(10, 1_000);
        log.write("before s3cret!");
        log.keep_secret("s3cret!");
        log.keep_secret("on");
        log.write("after s3cret! and\nsoon");
        assert_eq!(log.blotted("x s3cret!"), "x •••");
        assert_eq!(log.take(), ["before •••", "after ••• and soon"]);
    }
}
