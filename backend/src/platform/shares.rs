//! Which KPIs have changed, by quarter and owner, so that whoever keeps figures of them needs to count only those
//! again.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// One person's KPIs of one quarter: the number of the quarter and the person.
pub type Share = (i64, i64);

/// Changes remembered for each quarter; who comes later reads the whole quarter anew.
const REMEMBERED: usize = 256;

/// The shares that have changed, in the order of their changes.
#[derive(Default)]
pub struct Shares(Mutex<Log>);

#[derive(Default)]
struct Log {
    /// Counts changes.
    now: u64,
    /// The last change of which only is known that it may have been anything.
    everything: u64,
    by_quarter: HashMap<i64, Changes>,
}

#[derive(Default)]
struct Changes {
    /// What was changed up to here is not remembered any more.
    forgotten: u64,
    /// Generations with the owner of the share.
    owners: VecDeque<(u64, i64)>,
}

/// What has changed in a quarter since a generation.
#[derive(Debug, PartialEq, Eq)]
pub enum Since {
    Nothing,
    /// Only the shares of these people.
    These {
        generation: u64,
        owners: Vec<i64>,
    },
    Everything {
        generation: u64,
    },
}

impl Shares {
    pub fn everything_changed(&self) {
        let mut log = self.lock();
        log.now += 1;
        log.everything = log.now;
        log.by_quarter.clear();
    }

    pub fn changed(&self, shares: &[Share]) {
        let mut log = self.lock();
        for &(quarter, owner) in shares {
            log.now += 1;
            let now = log.now;
            let changes = log.by_quarter.entry(quarter).or_default();
            changes.owners.push_back((now, owner));
            if changes.owners.len() > REMEMBERED
                && let Some((generation, _)) = changes.owners.pop_front()
            {
                changes.forgotten = generation;
            }
        }
    }

    /// What has changed in a quarter since the generation that was seen, if one was.
    pub fn since(&self, quarter: i64, seen: Option<u64>) -> Since {
        let log = self.lock();
        let changes = log.by_quarter.get(&quarter);
        let newest =
            changes.and_then(|changes| changes.owners.back()).map_or(0, |(generation, _)| *generation);
        let generation = newest.max(log.everything);
        let Some(seen) = seen else { return Since::Everything { generation } };
        if seen >= generation {
            return Since::Nothing;
        }
        let forgotten = changes.map_or(0, |changes| changes.forgotten).max(log.everything);
        if seen < forgotten {
            return Since::Everything { generation };
        }
        let newer = changes.into_iter().flat_map(|changes| &changes.owners);
        let mut owners: Vec<i64> =
            newer.filter(|(generation, _)| *generation > seen).map(|(_, owner)| *owner).collect();
        owners.sort_unstable();
        owners.dedup();
        Since::These { generation, owners }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_since_is_told_by_quarter() {
        let shares = Shares::default();
        assert_eq!(shares.since(1, None), Since::Everything { generation: 0 });
        assert_eq!(shares.since(1, Some(0)), Since::Nothing);
        shares.changed(&[(1, 7), (2, 8)]);
        shares.changed(&[(1, 7), (1, 9)]);
        assert_eq!(shares.since(1, Some(0)), Since::These { generation: 4, owners: vec![7, 9] });
        assert_eq!(shares.since(1, Some(1)), Since::These { generation: 4, owners: vec![7, 9] });
        assert_eq!(shares.since(1, Some(3)), Since::These { generation: 4, owners: vec![9] });
        assert_eq!(shares.since(2, Some(2)), Since::Nothing);
        shares.everything_changed();
        assert_eq!(shares.since(2, Some(4)), Since::Everything { generation: 5 });
        assert_eq!(shares.since(2, Some(5)), Since::Nothing);
    }

    #[test]
    fn who_is_far_behind_reads_everything() {
        let shares = Shares::default();
        for owner in 0..=REMEMBERED as i64 {
            shares.changed(&[(1, owner)]);
        }
        let generation = REMEMBERED as u64 + 1;
        assert_eq!(shares.since(1, Some(0)), Since::Everything { generation });
        let Since::These { owners, .. } = shares.since(1, Some(1)) else { unreachable!() };
        assert_eq!(owners.len(), REMEMBERED);
    }
}
