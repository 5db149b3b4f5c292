//! Tokens: random ones that are stored hashed, and signed access tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kpi_api::{
    id::{SessionId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::secret::Secret;

const ISSUER: &str = "kpi";
const AUDIENCE: &str = "kpi-api";
const ACCESS: &str = "access";

/// Seconds by which the clocks of two machines may differ.
const LEEWAY: i64 = 5;

/// 256 random bits as 43 characters of base64url: refresh, reset, setup and personal tokens.
pub fn random_token() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What is stored of a random token: SHA-256 in hexadecimal. The token has full entropy, so a slow hash adds nothing.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Compares without telling by its duration where the first difference is.
pub fn same_secret(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid")]
    Invalid,
}

/// Issues and checks access tokens (HS256). The key is derived from the server's secret.
pub struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// RFC 7519, with the session beside the subject. Every claim is required. Times are in seconds.
#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    typ: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Signer {
    pub fn new(secret: &Secret) -> Self {
        // A key of its own: the secret may come to sign other things too.
        let key = Sha256::new().chain_update(b"access token\0").chain_update(secret.reveal()).finalize();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        // Times are checked below, against our own clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            validation,
        }
    }

    /// An access token and the instant it expires at, to the second.
    ///
    /// # Errors
    /// When signing fails, which it does not with a key of this kind.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        lives_seconds: i64,
    ) -> anyhow::Result<(Secret, Timestamp)> {
        let iat = now.0.div_euclid(1000);
        let exp = iat + lives_seconds;
        let wire = Wire {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user.to_string(),
            sid: session.0,
            typ: ACCESS.into(),
            iat,
            nbf: iat,
            exp,
        };
        let text = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &wire, &self.encoding)?;
        Ok((Secret::new(text), Timestamp(exp * 1000)))
    }

    /// # Errors
    /// `Expired` for a genuine token after its time, `Invalid` for everything else.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenFault> {
        let wire = jsonwebtoken::decode::<Wire>(token, &self.decoding, &self.validation)
            .map_err(|_| TokenFault::Invalid)?
            .claims;
        let now = now.0.div_euclid(1000);
        if wire.typ != ACCESS || wire.nbf > now + LEEWAY || wire.iat > now + LEEWAY {
            return Err(TokenFault::Invalid);
        }
        let user = wire.sub.parse().map_err(|_| TokenFault::Invalid)?;
        if wire.exp <= now - LEEWAY {
            return Err(TokenFault::Expired);
        }
        Ok(Claims {
            user,
            session: SessionId(wire.sid),
            expires_at: Timestamp(wire.exp.saturating_mul(1000)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn signer() -> Signer {
        Signer::new(&Secret::new("a secret of at least thirty-two bytes"))
    }

    fn good() -> Value {
        let now = NOW.0 / 1000;
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "sid": 9, "typ": ACCESS, "iat": now, "nbf": now, "exp": now + 60})
    }

    fn signed(claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &signer().encoding).unwrap()
    }

    #[test]
    fn a_token_comes_back_as_it_was_issued() {
        let (token, expires_at) = signer().issue(UserId(7), SessionId(9), NOW, 60).unwrap();
        let claims = signer().verify(token.reveal(), NOW).unwrap();
        assert_eq!(claims, Claims { user: UserId(7), session: SessionId(9), expires_at });
        assert_eq!(expires_at, NOW.plus_seconds(60));
    }

    #[test]
    fn a_token_ends_five_seconds_after_its_time_at_the_latest() {
        let token = signed(&good());
        assert!(signer().verify(&token, NOW.plus_seconds(64)).is_ok());
        assert_eq!(signer().verify(&token, NOW.plus_seconds(65)), Err(TokenFault::Expired));
        assert!(signer().verify(&token, NOW.plus_seconds(-5)).is_ok());
        assert_eq!(signer().verify(&token, NOW.plus_seconds(-6)), Err(TokenFault::Invalid));
    }

    #[test]
    fn every_claim_is_demanded_and_checked() {
        for claim in ["iss", "aud", "sub", "sid", "typ", "iat", "nbf", "exp"] {
            let mut claims = good();
            claims.as_object_mut().unwrap().remove(claim);
            assert_eq!(signer().verify(&signed(&claims), NOW), Err(TokenFault::Invalid), "without {claim}");
        }
        for (claim, value) in [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("typ", json!("refresh")),
            ("sub", json!("x")),
            ("sid", json!("9")),
            ("exp", json!("never")),
        ] {
            let mut claims = good();
            claims[claim] = value;
            assert_eq!(signer().verify(&signed(&claims), NOW), Err(TokenFault::Invalid), "{claim}");
        }
    }

    #[test]
    fn other_algorithms_and_keys_are_refused() {
        let payload = URL_SAFE_NO_PAD.encode(good().to_string());
        let none = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        assert_eq!(signer().verify(&none, NOW), Err(TokenFault::Invalid));
        let hs384 =
            jsonwebtoken::encode(&Header::new(Algorithm::HS384), &good(), &signer().encoding).unwrap();
        assert_eq!(signer().verify(&hs384, NOW), Err(TokenFault::Invalid));
        let other = Signer::new(&Secret::new("another secret of thirty-two bytes"));
        assert_eq!(other.verify(&signed(&good()), NOW), Err(TokenFault::Invalid));
        let mut tampered = signed(&good());
        let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
        tampered.push(last);
        for token in [tampered.as_str(), "", "a.b", "a.b.c", "....."] {
            assert_eq!(signer().verify(token, NOW), Err(TokenFault::Invalid), "{token}");
        }
    }

    #[test]
    fn random_tokens_differ_and_are_stored_hashed() {
        let (one, other) = (random_token(), random_token());
        assert!(!same_secret(one.reveal(), other.reveal()));
        assert!(same_secret(one.reveal(), one.clone().reveal()));
        assert_eq!(one.reveal().len(), 43);
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
