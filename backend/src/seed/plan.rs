//! Who has which KPI in which quarter, and how it ends.

use std::collections::{HashMap, HashSet};

use super::{
    cast,
    catalogue::{FOCUS, PATTERNS, at, patterns_of},
    company::{Company, Post},
    definition::{Wanted, weights},
    random::Random,
};
use kpi_api::scoring::Rollup;

/// Where a KPI stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    Draft,
    Submitted,
    Rejected,
    /// Approved, with check-ins up to now.
    Running,
    /// Approved, and the last check-in is too long ago.
    Overdue,
    /// Approved, and never a check-in.
    Silent,
    /// The result came back with a reason.
    Returned,
    /// A new definition waits for approval.
    Revised,
    InReview,
    Closed,
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub id: i64,
    pub wanted: Wanted,
    pub department_id: i64,
    pub ending: Ending,
    /// Attainment at the end of the quarter.
    pub finish: f64,
}

/// The KPIs of the employee whom everybody tries first: every state there is.
const EMPLOYEE: [(usize, Option<&str>, Ending); 11] = [
    (at::REVENUE, None, Ending::Running),
    (at::RESPONSE, None, Ending::Overdue),
    (at::PIPELINE, None, Ending::Running),
    (at::CHURN, None, Ending::Returned),
    (at::VISITS, None, Ending::InReview),
    (at::PARTNERS, None, Ending::Running),
    (at::TRAINING, None, Ending::Closed),
    (at::SATISFACTION, None, Ending::Submitted),
    (at::PROJECT, None, Ending::Draft),
    (at::SAFETY, None, Ending::Rejected),
    (at::REVENUE, Some("Key customers"), Ending::Revised),
];

/// How many KPIs the present quarter needs at least, so that everybody of the known people has theirs.
pub const LEAST_NOW: usize = 46;

/// How many of `kpis` each of the quarters has, oldest first: the company took it up slowly.
pub fn quota(kpis: usize, quarters: usize) -> Vec<usize> {
    let weight = |ago: usize| match ago {
        0 => 4.0,
        1 => 3.0,
        2 => 2.6,
        3 => 2.2,
        _ => 1.0,
    };
    let all: f64 = (0..quarters).map(weight).sum();
    let mut counts: Vec<usize> =
        (0..quarters).rev().map(|ago| (kpis as f64 * weight(ago) / all) as usize).collect();
    let given: usize = counts.iter().sum();
    let missing = kpis - given;
    if let Some(now) = counts.last_mut() {
        *now += missing;
    }
    while counts.last().is_some_and(|now| *now < LEAST_NOW.min(kpis)) {
        let richest = (0..quarters - 1).max_by_key(|index| counts[*index]);
        let Some(index) = richest.filter(|index| counts[*index] > 0) else { break };
        counts[index] -= 1;
        if let Some(now) = counts.last_mut() {
            *now += 1;
        }
    }
    counts
}

/// Plans quarters one after the other; ids count on.
pub struct Planner<'a> {
    company: &'a Company,
    /// Template by pattern.
    templates: &'a HashMap<usize, i64>,
    next_id: i64,
    /// Those who lead first, so that others can align to what is there already.
    order: Vec<usize>,
}

impl<'a> Planner<'a> {
    pub fn new(company: &'a Company, templates: &'a HashMap<usize, i64>) -> Self {
        let depth = |post: &Post| match (post.user_id, post.leads) {
            (cast::CHIEF, _) => 0,
            (id, true) if id <= cast::COUNT as i64 => 1,
            (_, true) => 2,
            (id, false) if id <= cast::COUNT as i64 => 3,
            _ => 4,
        };
        let mut order: Vec<usize> = (0..company.posts.len()).collect();
        order.sort_by_key(|index| (depth(&company.posts[*index]), *index));
        Self { company, templates, next_id: 1, order }
    }

    /// `index` counts the quarters from the oldest; `is_now` for the present one.
    pub fn quarter(&mut self, index: usize, count: usize, is_now: bool) -> Vec<Plan> {
        let here: Vec<&Post> = self
            .order
            .iter()
            .map(|place| &self.company.posts[*place])
            .filter(|post| post.joined <= index && !(is_now && post.left))
            .collect();
        let shares = shares(&here, index, count, is_now);
        let mut made = Vec::with_capacity(count);
        let mut by_owner: HashMap<i64, Vec<i64>> = HashMap::new();
        for (post, share) in here.into_iter().zip(shares) {
            let mut random = Random::of(&[5, index as u64, post.user_id as u64]);
            let picked = match known(post.user_id).filter(|_| is_now) {
                Some(list) => list.into_iter().take(share).collect(),
                None => drawn(post, share, is_now, &mut random),
            };
            let above = self.leader_above(post);
            for ((pattern, focus, ending), weight) in picked.into_iter().zip(weights(share)) {
                let aligned = above.and_then(|leader| by_owner.get(&leader)).filter(|_| random.chance(0.45));
                let parent_id = aligned.and_then(|ids| random.pick(ids)).copied();
                let counted = PATTERNS[pattern].rollup == Rollup::Sum;
                let wanted = Wanted {
                    owner: post.user_id,
                    pattern,
                    focus,
                    weight,
                    template_id: self.templates.get(&pattern).copied(),
                    parent_id,
                    scale: if post.leads && counted { 5.0 } else { 1.0 },
                };
                // Everybody gets a little better with the time; the present quarter holds some worries.
                let trend = 0.008 * index as f64 - if is_now { 0.03 } else { 0.0 };
                let finish = (post.skill + trend + 0.13 * random.normal()).clamp(0.3, 1.35);
                by_owner.entry(post.user_id).or_default().push(self.next_id);
                made.push(Plan {
                    id: self.next_id,
                    wanted,
                    department_id: post.department_id,
                    ending,
                    finish,
                });
                self.next_id += 1;
            }
        }
        made
    }

    /// Who leads the nearest department above that is led by somebody else.
    fn leader_above(&self, post: &Post) -> Option<i64> {
        let department = |id: i64| self.company.departments.get(usize::try_from(id - 1).ok()?);
        let mut here = department(post.department_id);
        while let Some(found) = here {
            if let Some(leader) = found.manager_id.filter(|leader| *leader != post.user_id) {
                return Some(leader);
            }
            here = found.parent_id.and_then(department);
        }
        None
    }
}

/// How many KPIs each of those who are here has; together exactly `count`.
fn shares(here: &[&Post], index: usize, count: usize, is_now: bool) -> Vec<usize> {
    let fixed: Vec<Option<usize>> =
        here.iter().map(|post| known(post.user_id).filter(|_| is_now).map(|list| list.len())).collect();
    let mut rest = count.saturating_sub(fixed.iter().flatten().sum());
    let open = fixed.iter().filter(|share| share.is_none()).count().max(1);
    let mut shares: Vec<usize> = fixed.iter().map(|share| share.unwrap_or(rest / open)).collect();
    rest %= open;
    // Whose turn it is to have one more changes with the quarter; in the past the known people come first.
    let mut turn: Vec<usize> = (0..here.len()).filter(|place| fixed[*place].is_none()).collect();
    turn.sort_by_key(|place| {
        let id = here[*place].user_id;
        let is_known = known(id).is_some();
        (!is_known, (id as usize * 7 + index * 13) % here.len(), id)
    });
    for place in turn.into_iter().take(rest) {
        shares[place] += 1;
    }
    shares
}

type Picked = (usize, Option<&'static str>, Ending);

/// The present quarter of the people whom the guides name.
fn known(user_id: i64) -> Option<Vec<Picked>> {
    let list = match user_id {
        cast::EMPLOYEE => return Some(EMPLOYEE.to_vec()),
        cast::CHIEF => vec![
            (at::PROFIT, None, Ending::Running),
            (at::SATISFACTION, None, Ending::Running),
            (at::SAFETY, None, Ending::Running),
        ],
        cast::MANAGER => vec![
            (at::REVENUE, None, Ending::Running),
            (at::CHURN, None, Ending::Running),
            (at::SATISFACTION, None, Ending::Overdue),
            (at::PARTNERS, None, Ending::Submitted),
        ],
        cast::LATE => vec![
            (at::REVENUE, None, Ending::Silent),
            (at::VISITS, None, Ending::Silent),
            (at::RESPONSE, None, Ending::Silent),
        ],
        cast::OUTSIDER => vec![
            (at::CLOSING, None, Ending::Running),
            (at::FORECAST, None, Ending::Running),
            (at::RECEIVABLES, None, Ending::Overdue),
            (at::PROJECT, None, Ending::Submitted),
        ],
        cast::ASSISTANT => vec![
            (at::VISITS, None, Ending::Running),
            (at::RESPONSE, None, Ending::Submitted),
            (at::REVENUE, None, Ending::Revised),
            (at::SATISFACTION, None, Ending::InReview),
        ],
        _ => return None,
    };
    Some(list)
}

fn drawn(post: &Post, count: usize, is_now: bool, random: &mut Random) -> Vec<Picked> {
    let own = patterns_of(post.area);
    let offset = random.below(own.len());
    let mut used = HashSet::new();
    (0..count)
        .filter_map(|number| {
            let pattern = *own.get((offset + number) % own.len())?;
            // The same pattern again is about something else.
            let again = number >= own.len() || !used.insert(pattern);
            let focus = again.then(|| FOCUS[(number / own.len() + number) % FOCUS.len()]);
            Some((pattern, focus, if is_now { ending(random) } else { Ending::Closed }))
        })
        .collect()
}

/// Of a hundred KPIs in the middle of a quarter.
fn ending(random: &mut Random) -> Ending {
    match random.below(100) {
        0..62 => Ending::Running,
        62..72 => Ending::Overdue,
        72..79 => Ending::Submitted,
        79..83 => Ending::Revised,
        83..89 => Ending::InReview,
        89..91 => Ending::Returned,
        91..95 => Ending::Draft,
        95..97 => Ending::Rejected,
        _ => Ending::Closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quota_gives_out_every_kpi_and_most_of_them_late() {
        for (kpis, quarters) in [(60, 4), (400, 8), (401, 8), (10_000, 12), (100_000, 12)] {
            let counts = quota(kpis, quarters);
            assert_eq!((counts.iter().sum::<usize>(), counts.len()), (kpis, quarters));
            assert!(counts[quarters - 1] >= LEAST_NOW);
        }
        assert!(quota(400, 8).iter().rev().take(4).all(|count| *count >= 40));
    }

    #[test]
    fn plans_are_as_many_as_asked_for_with_weights_that_make_a_hundred() {
        for (users, count) in [(12, 60), (30, 101), (300, 2000)] {
            let company = Company::new(users, 8, "", |_| 0);
            let templates = HashMap::new();
            let mut planner = Planner::new(&company, &templates);
            for index in 0..8 {
                let plans = planner.quarter(index, count, index == 7);
                assert_eq!(plans.len(), count, "{users} people, quarter {index}");
                let mut sums: HashMap<i64, f64> = HashMap::new();
                for plan in &plans {
                    *sums.entry(plan.wanted.owner).or_default() += plan.wanted.weight;
                    assert!(plan.wanted.parent_id.is_none_or(|parent| parent < plan.id));
                }
                assert!(sums.values().all(|sum| (sum - 100.0).abs() < 0.5), "{sums:?}");
            }
        }
    }

    #[test]
    fn the_employee_has_every_ending_but_silence() {
        let endings: HashSet<_> = EMPLOYEE.iter().map(|(_, _, ending)| *ending).collect();
        assert_eq!(endings.len(), 9);
        assert!(!endings.contains(&Ending::Silent));
    }

    #[test]
    fn the_known_people_fit_into_the_least_quarter() {
        let sum: usize = (1..=cast::COUNT as i64).filter_map(known).map(|list| list.len()).sum();
        assert!(sum < LEAST_NOW, "{sum}");
    }
}
