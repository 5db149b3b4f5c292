//! Secrets that have to be shown once more: kept encrypted with a key that is not in the database.

use anyhow::{Context, anyhow};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
use sha2::{Digest, Sha256};

use crate::platform::{config::Config, data_dir, secret::Secret};

const NONCE: usize = 24;

pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// # Errors
    /// When the server's secret cannot be read.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        Ok(Self::new(&data_dir::secret_key(config)?))
    }

    fn new(secret: &Secret) -> Self {
        // A key of its own, so that nothing sealed is ever taken for something signed.
        let key = Sha256::new().chain_update(b"seal\0").chain_update(secret.reveal()).finalize();
        let key: [u8; 32] = key.into();
        Self(XChaCha20Poly1305::new(&Key::from(key)))
    }

    /// The text encrypted, as base64url.
    ///
    /// # Errors
    /// When encryption fails, which it does not for texts of this length.
    pub fn seal(&self, text: &str) -> anyhow::Result<String> {
        let nonce: [u8; NONCE] = rand::random();
        let sealed = self.0.encrypt(&XNonce::from(nonce), text.as_bytes());
        let sealed = sealed.map_err(|_| anyhow!("sealing failed"))?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// # Errors
    /// When it was not sealed with this server's secret, or was changed since.
    pub fn open(&self, sealed: &str) -> anyhow::Result<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).context("a sealed text is not base64url")?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().context("a sealed text is too short")?;
        let text = self.0.decrypt(&XNonce::from(*nonce), sealed);
        String::from_utf8(text.map_err(|_| anyhow!("a sealed text does not open with this secret"))?)
            .context("a sealed text is not UTF-8")
    }
}

/// A text encrypted with the server's own key.
///
/// # Errors
/// As [`Sealer::of`] and [`Sealer::seal`].
pub fn seal(config: &Config, text: &str) -> anyhow::Result<String> {
    Sealer::of(config)?.seal(text)
}

/// # Errors
/// As [`Sealer::of`] and [`Sealer::open`].
pub fn unseal(config: &Config, sealed: &str) -> anyhow::Result<String> {
    Sealer::of(config)?.open(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_opens_what_was_sealed() {
        let ours = Sealer::new(&Secret::new("a secret of at least thirty-two bytes"));
        let sealed = ours.seal("https://kpi.example.com/reset-password#token=abc").unwrap();
        assert!(!sealed.contains("abc"));
        assert_ne!(sealed, ours.seal("https://kpi.example.com/reset-password#token=abc").unwrap());
        assert_eq!(ours.open(&sealed).unwrap(), "https://kpi.example.com/reset-password#token=abc");
        let other = Sealer::new(&Secret::new("another secret of thirty-two bytes!!"));
        assert!(other.open(&sealed).is_err());
        let mut changed = sealed.clone();
        changed.replace_range(40..41, if &sealed[40..41] == "A" { "B" } else { "A" });
        assert!(ours.open(&changed).is_err());
        assert!(ours.open("").is_err());
    }
}
