//! How often somebody may try to log in. Attempts are counted three ways, each a bucket that refills with time:
//! one account from one address (guessing), one account from everywhere (guessing from many places), one address
//! for all accounts (trying one password on everybody). Buckets refill within minutes and where somebody has
//! logged in before stays open to them, so the limit cannot be used to lock anybody out.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use kpi_api::{error::Code, time::Timestamp};

use super::failure::{Failure, Outcome};

/// Buckets kept at most; at some 40 bytes each they stay below 4 MB.
const MOST_BUCKETS: usize = 50_000;

/// So many attempts at once, and one more after each `refill` milliseconds.
#[derive(Clone, Copy)]
struct Allowance {
    burst: f64,
    refill: f64,
}

const PAIR: Allowance = Allowance { burst: 5.0, refill: 30_000.0 };
const ACCOUNT: Allowance = Allowance { burst: 30.0, refill: 10_000.0 };
const ADDRESS: Allowance = Allowance { burst: 50.0, refill: 3_000.0 };

/// How long an address from which an account logged in is known to belong to it.
const KNOWN_FOR: i64 = 30 * 24 * 3600 * 1000;

/// Cheap to clone.
#[derive(Clone)]
pub struct LoginLimiter(Arc<Mutex<State>>);

struct State {
    /// Keys are hashes with a secret seed: no names in memory, and nobody can aim at a collision.
    hasher: RandomState,
    buckets: HashMap<u64, Bucket>,
    /// When an account last logged in from an address.
    known: HashMap<u64, i64>,
}

struct Bucket {
    tokens: f64,
    at: i64,
    allowance: Allowance,
}

impl Bucket {
    fn refill(&mut self, now: i64) {
        let passed = (now - self.at).max(0) as f64;
        self.tokens = (self.tokens + passed / self.allowance.refill).min(self.allowance.burst);
        self.at = now;
    }

    /// Seconds until there is a whole token; 0 when there is one.
    fn wait(&self) -> u64 {
        if self.tokens >= 1.0 {
            0
        } else {
            ((1.0 - self.tokens) * self.allowance.refill / 1000.0).ceil() as u64
        }
    }
}

impl LoginLimiter {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            hasher: RandomState::new(),
            buckets: HashMap::new(),
            known: HashMap::new(),
        })))
    }

    /// To be called before the password is looked at; takes the attempt from what is left. `login` is as typed.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn attempt(&self, login: &str, ip: IpAddr, now: Timestamp) -> Outcome<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = state.keys(login, ip);
        let is_known = state.known.get(&keys.pair).is_some_and(|at| now.0 - at < KNOWN_FOR);
        let mut wanted = vec![(keys.pair, PAIR), (keys.address, ADDRESS)];
        if !is_known {
            wanted.push((keys.account, ACCOUNT));
        }
        state.make_room(now.0);
        let wait = wanted
            .iter()
            .map(|(key, allowance)| state.bucket(*key, *allowance, now.0).wait())
            .max()
            .unwrap_or_default();
        if wait > 0 {
            let failure =
                Failure::new(Code::TooMany, format!("Too many attempts. Try again in {wait} seconds."));
            return Err(failure.retry_after(wait));
        }
        for (key, allowance) in wanted {
            state.bucket(key, allowance, now.0).tokens -= 1.0;
        }
        Ok(())
    }

    /// To be called after a log-in that succeeded; gives the attempts back and remembers the address.
    pub fn succeeded(&self, login: &str, ip: IpAddr, now: Timestamp) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = state.keys(login, ip);
        state.buckets.remove(&keys.pair);
        for key in [keys.account, keys.address] {
            if let Some(bucket) = state.buckets.get_mut(&key) {
                bucket.tokens += 1.0;
            }
        }
        if state.known.len() >= MOST_BUCKETS {
            state.known.retain(|_, at| now.0 - *at < KNOWN_FOR / 30);
            if state.known.len() >= MOST_BUCKETS {
                state.known.clear();
            }
        }
        state.known.insert(keys.pair, now.0);
    }
}

impl Default for LoginLimiter {
    fn default() -> Self {
        Self::new()
    }
}

struct Keys {
    pair: u64,
    account: u64,
    address: u64,
}

impl State {
    fn keys(&self, login: &str, ip: IpAddr) -> Keys {
        let login = login.trim().to_lowercase();
        let ip = network(ip);
        let hash = |value: &dyn Fn(&mut std::hash::DefaultHasher)| {
            let mut hasher = self.hasher.build_hasher();
            value(&mut hasher);
            std::hash::Hasher::finish(&hasher)
        };
        Keys {
            pair: hash(&|h| (0u8, &login, ip).hash(h)),
            account: hash(&|h| (1u8, &login).hash(h)),
            address: hash(&|h| (2u8, ip).hash(h)),
        }
    }

    fn bucket(&mut self, key: u64, allowance: Allowance, now: i64) -> &mut Bucket {
        let bucket =
            self.buckets.entry(key).or_insert(Bucket { tokens: allowance.burst, at: now, allowance });
        bucket.refill(now);
        bucket
    }

    /// Full buckets say nothing; of the others the oldest half goes if need be.
    fn make_room(&mut self, now: i64) {
        if self.buckets.len() + 3 <= MOST_BUCKETS {
            return;
        }
        self.buckets.retain(|_, bucket| {
            bucket.refill(now);
            bucket.tokens < bucket.allowance.burst
        });
        if self.buckets.len() > MOST_BUCKETS / 2 {
            let mut times: Vec<f64> =
                self.buckets.values().map(|bucket| bucket.tokens / bucket.allowance.burst).collect();
            let middle = times.len() / 2;
            let (_, median, _) = times.select_nth_unstable_by(middle, f64::total_cmp);
            let median = *median;
            self.buckets.retain(|_, bucket| bucket.tokens / bucket.allowance.burst < median);
        }
    }
}

/// A provider gives a household a whole /64 of IPv6.
fn network(ip: IpAddr) -> u128 {
    match ip.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    const T0: Timestamp = Timestamp(1_800_000_000_000);

    fn ip(last: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + last))
    }

    fn wait(result: Outcome<()>) -> u64 {
        match result {
            Ok(()) => 0,
            Err(Failure::Known { code: Code::TooMany, retry_after: Some(seconds), .. }) => seconds,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn guessing_is_slowed_down_and_waiting_helps() {
        let limiter = LoginLimiter::new();
        for _ in 0..5 {
            assert_eq!(wait(limiter.attempt("anna", ip(1), T0)), 0);
        }
        assert_eq!(wait(limiter.attempt(" ANNA ", ip(1), T0)), 30);
        assert_eq!(wait(limiter.attempt("berta", ip(1), T0)), 0, "another account");
        assert_eq!(wait(limiter.attempt("anna", ip(2), T0)), 0, "another address");
        assert_eq!(wait(limiter.attempt("anna", ip(1), T0.plus_seconds(30))), 0);
        assert_eq!(wait(limiter.attempt("anna", ip(1), T0.plus_seconds(31))), 29);
    }

    #[test]
    fn one_address_cannot_try_everybody() {
        let limiter = LoginLimiter::new();
        let allowed = (0..100).filter(|i| limiter.attempt(&format!("user{i}"), ip(1), T0).is_ok()).count();
        assert_eq!(allowed, 50);
    }

    #[test]
    fn an_attack_from_everywhere_does_not_lock_the_owner_out() {
        let limiter = LoginLimiter::new();
        limiter.attempt("anna", ip(7), T0).unwrap();
        limiter.succeeded("anna", ip(7), T0);
        let later = T0.plus_seconds(60);
        let allowed = (100..200).filter(|i| limiter.attempt("anna", ip(*i), later).is_ok()).count();
        assert_eq!(allowed, 30);
        assert_eq!(wait(limiter.attempt("anna", ip(7), later)), 0, "her own address is known");
        assert_eq!(wait(limiter.attempt("anna", ip(9), later)), 10, "a new one waits seconds, not hours");
    }

    #[test]
    fn success_gives_the_attempts_back() {
        let limiter = LoginLimiter::new();
        for _ in 0..200 {
            limiter.attempt("anna", ip(1), T0).unwrap();
            limiter.succeeded("anna", ip(1), T0);
        }
    }

    #[test]
    fn a_household_shares_its_ipv6_network() {
        let limiter = LoginLimiter::new();
        let address = |host| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) | host));
        let allowed = (0..20).filter(|host| limiter.attempt("anna", address(*host), T0).is_ok()).count();
        assert_eq!(allowed, 5);
    }

    #[test]
    fn memory_stays_bounded() {
        let limiter = LoginLimiter::new();
        for i in 0..120_000 {
            let _ = limiter.attempt(&format!("user{i}"), ip(i), T0);
        }
        assert!(limiter.0.lock().unwrap().buckets.len() <= MOST_BUCKETS);
    }
}
