//! Chance that always falls the same way: the demo company is the same on every machine and in every test.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and good enough to make up numbers.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for whatever `about` names, so that what is made in parallel does not depend on the order.
    pub fn of(about: &[u64]) -> Self {
        let mut random = Self(0x6b70_692d_6465_6d6f);
        for part in about {
            random.0 = random.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 inclusive to 1 exclusive.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// `low` inclusive to `high` exclusive.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// 0 inclusive to `end` exclusive; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// Both ends inclusive.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// About normal with mean 0 and deviation 1, never beyond 3.5 (the sum of twelve shares, less their mean).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>().clamp(2.5, 9.5) - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_subject_gives_the_same_stream_and_another_another() {
        let draw = |about: &[u64]| {
            let mut random = Random::of(about);
            [random.next(), random.next()]
        };
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[1]), draw(&[1, 0]));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut random = Random::of(&[7]);
        let mut seen = [false; 3];
        for _ in 0..1000 {
            assert!((5.0..6.0).contains(&random.between(5.0, 6.0)));
            assert!(random.normal().abs() <= 3.5);
            seen[random.below(3)] = true;
            assert!((-2..=2).contains(&random.whole(-2, 2)));
        }
        assert_eq!(seen, [true; 3]);
        assert_eq!(random.below(0), 0);
    }
}
