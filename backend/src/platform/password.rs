//! Passwords: what is accepted, and their hashes (argon2id).

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock, OnceLock},
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use kpi_api::error::{Code, FieldError};
use tokio::sync::Semaphore;

use super::{
    failure::{Failure, Outcome},
    secret::Secret,
};

pub const SHORTEST: usize = 8;
pub const LONGEST: usize = 128;

/// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed at the same time; each costs its memory and a whole core.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn, a few seconds' worth.
const WAITING: usize = 100;

/// Words that passwords are commonly made of, one a line, in lower case.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.is_empty()).collect());

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed with other settings than today's: hash it again while it is at hand.
    RightButOld,
}

/// Hashes and verifies, a few at a time and away from the async threads. Cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    turns: Semaphore,
    queue: Semaphore,
    argon2: Argon2<'static>,
    /// Verified against when the user is unknown, so that the answer takes as long.
    nobody: OnceLock<String>,
}

impl Passwords {
    pub fn new() -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
        Self(Arc::new(Inner {
            turns: Semaphore::new(AT_ONCE),
            queue: Semaphore::new(AT_ONCE + WAITING),
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobody: OnceLock::new(),
        }))
    }

    /// The hash to store, in PHC format.
    ///
    /// # Errors
    /// `Busy` when too many callers wait already.
    pub async fn hash(&self, password: &Secret) -> Outcome<String> {
        let password = password.clone();
        self.in_turn(move |inner| inner.hash(password.reveal())).await
    }

    /// Checks a password against a stored hash; without one (an unknown user) it takes as long and is wrong.
    ///
    /// # Errors
    /// `Busy` when too many callers wait already; internal when the stored hash cannot be read.
    pub async fn verify(&self, password: &Secret, hash: Option<&str>) -> Outcome<Verdict> {
        let password = password.clone();
        let hash = hash.map(str::to_owned);
        self.in_turn(move |inner| match hash {
            Some(hash) => inner.verify(password.reveal(), &hash),
            None => {
                let nobody = match inner.nobody.get() {
                    Some(hash) => hash,
                    None => {
                        let hash = inner.hash("nobody has this password")?;
                        inner.nobody.get_or_init(|| hash)
                    }
                };
                inner.verify(password.reveal(), nobody)?;
                Ok(Verdict::Wrong)
            }
        })
        .await
    }

    /// Prepares the comparison for unknown users, so that the first of them takes no longer than the second.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub async fn warm_up(&self) -> Outcome<()> {
        self.verify(&Secret::new(""), None).await.map(drop)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Outcome<T> {
        let Ok(_place) = self.0.queue.try_acquire() else {
            return Err(Failure::new(Code::Busy, Code::Busy.title()).retry_after(2));
        };
        let _turn = self.0.turns.acquire().await.map_err(anyhow::Error::from)?;
        let inner = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&inner)).await.map_err(anyhow::Error::from)?;
        Ok(done?)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    fn hash(&self, password: &str) -> anyhow::Result<String> {
        let salt: [u8; 16] = rand::random();
        let hash: PasswordHash = self
            .argon2
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|fault| anyhow::anyhow!("hashing failed: {fault}"))?;
        Ok(hash.to_string())
    }

    fn verify(&self, password: &str, hash: &str) -> anyhow::Result<Verdict> {
        let parsed = PasswordHash::new(hash)
            .map_err(|fault| anyhow::anyhow!("a stored hash is unreadable: {fault}"))?;
        match self.argon2.verify_password(password.as_bytes(), &parsed) {
            Ok(()) if is_current(&parsed) => Ok(Verdict::Right),
            Ok(()) => Ok(Verdict::RightButOld),
            Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(fault) => Err(anyhow::anyhow!("a stored hash cannot be checked: {fault}")),
        }
    }
}

fn is_current(hash: &PasswordHash) -> bool {
    let Ok(params) = Params::try_from(hash) else { return false };
    hash.algorithm == Algorithm::Argon2id.ident()
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES)
}

/// Whether a new password is good enough. `about` is what an attacker tries first: user name, e-mail, company.
///
/// # Errors
/// A [`FieldError`] for `field` with `too_short`, `too_long`, `password_too_common` or `password_like_account`.
pub fn check(field: &str, password: &Secret, about: &[&str]) -> Result<(), FieldError> {
    let text = password.reveal();
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(FieldError::new(field, "too_short", format!("At least {SHORTEST} characters.")));
    }
    if length > LONGEST {
        return Err(FieldError::new(field, "too_long", format!("At most {LONGEST} characters.")));
    }
    let lower = text.to_lowercase();
    if is_common(&lower) {
        return Err(FieldError::new(
            field,
            "password_too_common",
            "This password is among the first that an attacker tries.",
        ));
    }
    let is_about = |word: &&str| {
        let word = word.to_lowercase();
        word.chars().count() >= 3 && core(&lower) == core(&word)
    };
    if about.iter().any(|word| is_about(word) || word.split('@').next().is_some_and(|part| is_about(&part))) {
        return Err(FieldError::new(
            field,
            "password_like_account",
            "The password must not be the user name or the e-mail address.",
        ));
    }
    Ok(())
}

/// A known word, whatever digits and signs stand around it or replace its letters; a run along the alphabet or the
/// keyboard; a few characters again and again.
fn is_common(lower: &str) -> bool {
    let plain = unmasked(lower);
    [lower, core(lower), plain.as_str(), core(&plain), unmasked(core(lower)).as_str()]
        .into_iter()
        .any(|text| COMMON.contains(text))
        || is_run(lower)
        || is_repetition(lower)
}

/// Without the digits and signs at both ends.
fn core(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

/// `p4$$w0rd` as `password`.
fn unmasked(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Whether the text, doubled at most, is a piece of a row that fingers or children know by heart.
fn is_run(text: &str) -> bool {
    const ROWS: [&str; 11] = [
        "01234567890123456789",
        "98765432109876543210",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "qweasdzxcrtyfghvbn",
    ];
    ROWS.iter().any(|row| row.contains(text))
}

/// Whether the text is made of up to four characters over and over: `aaaaaaaa`, `abcabcabc`, `12121212`.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars.len() >= 2 * period && chars.iter().enumerate().all(|(i, c)| *c == chars[i % period])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<String> {
        check("password", &Secret::new(password), &["anna", "anna.karlsson@example.com"])
            .err()
            .map(|fault| fault.code)
    }

    #[test]
    fn the_policy_refuses_what_is_guessed_first() {
        let rows = [
            ("short77", Some("too_short")),
            ("ünïcödé", Some("too_short")),
            ("password", Some("password_too_common")),
            ("Password123!", Some("password_too_common")),
            ("P4$$w0rd", Some("password_too_common")),
            ("Sommer2026!", Some("password_too_common")),
            ("12345678", Some("password_too_common")),
            ("qwertzuiop", Some("password_too_common")),
            ("1q2w3e4r", Some("password_too_common")),
            ("aaaaaaaaaa", Some("password_too_common")),
            ("abcabcabc", Some("password_too_common")),
            ("anna.karlsson1", Some("password_like_account")),
            ("kpi-demo-2026", None),
            ("korrekt pferd batterie", None),
            ("gVt7-qq2-LmW", None),
        ];
        for (password, expected) in rows {
            assert_eq!(code(password).as_deref(), expected, "{password}");
        }
        assert_eq!(code(&"xy7-".repeat(32)), Some("password_too_common".into()));
        let long: String = (0..129).map(|i| char::from(b'a' + (i * i % 26) as u8)).collect();
        assert_eq!(code(&long).as_deref(), Some("too_long"));
    }

    #[test]
    fn the_list_is_clean() {
        assert!(COMMON.len() >= 1000, "{}", COMMON.len());
        for word in COMMON.iter() {
            assert_eq!(*word, word.trim().to_lowercase());
        }
    }

    #[tokio::test]
    async fn a_password_is_recognised_by_its_hash() {
        let passwords = Passwords::new();
        let right = Secret::new("korrekt pferd batterie");
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash(&right).await.unwrap(), "the salt is fresh");
        assert_eq!(passwords.verify(&right, Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify(&Secret::new("other"), Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn nobody_has_any_password() {
        let passwords = Passwords::new();
        for text in ["", "nobody has this password"] {
            assert_eq!(passwords.verify(&Secret::new(text), None).await.unwrap(), Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn an_old_hash_wants_to_be_made_again() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let hash = weak.hash_password_with_salt(b"secret text", b"0123456789abcdef").unwrap().to_string();
        let verdict = Passwords::new().verify(&Secret::new("secret text"), Some(&hash)).await.unwrap();
        assert_eq!(verdict, Verdict::RightButOld);
        assert!(Passwords::new().verify(&Secret::new("x"), Some("not a hash")).await.is_err());
    }
}
