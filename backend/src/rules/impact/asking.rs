//! Both sides about one KPI: what the published rules say, and what they would say with the candidate. Pure.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kpi_api::scoring::{Band, Finding, Receipt, RuleKind};
use kpi_engine::{ContextFacts, Engine, KpiFacts, Reminder, Trouble};

use super::Candidate;
use crate::{
    kpi::scoring::{self, Occasion, Scene, Subject},
    platform::failure::Outcome,
    rules::{
        run::{self, Place},
        shelf::{Edition, Published},
    },
};

/// Asks about one KPI after the other; cheap to clone.
#[derive(Clone)]
pub struct Asker {
    pub engine: Arc<Engine>,
    pub candidate: Arc<Candidate>,
    pub scene: Scene,
}

/// What both sides say.
#[expect(clippy::large_enum_variant, reason = "nearly all of them are scores, and each lives for one KPI")]
pub enum Verdict {
    Score { before: Option<Receipt>, after: Option<Receipt> },
    Validate { before: Vec<Finding>, after: Vec<Finding> },
    Remind { before: Vec<Reminder>, after: Vec<Reminder> },
}

/// What asking came to.
pub struct Asked {
    pub verdict: Verdict,
    /// Why the candidate gave no result, and how long it took to fail; then both sides say the same.
    pub failure: Option<(Trouble, Duration)>,
}

impl Verdict {
    /// Whether both sides say something else: of scores, another score or band.
    pub fn differs(&self) -> bool {
        match self {
            Self::Score { before, after } => standing(before) != standing(after),
            Self::Validate { before, after } => before != after,
            Self::Remind { before, after } => before != after,
        }
    }
}

/// Score and band of a receipt, where there is one.
pub fn standing(receipt: &Option<Receipt>) -> (Option<f64>, Band) {
    receipt.as_ref().map_or((None, Band::None), |receipt| (receipt.score, receipt.band))
}

impl Asker {
    /// `None` where the candidate does not apply.
    pub fn ask(&self, subject: Subject, occasion: &Occasion) -> Outcome<Option<Asked>> {
        let Occasion { event, actor, period_weight } = *occasion;
        let (place, kpi, ctx) = scoring::told(&self.scene, subject, event, actor, period_weight)?;
        Ok(match self.candidate.kind {
            RuleKind::Score => self.score(place, &kpi, &ctx),
            RuleKind::Validate => self.listed(
                place,
                |edition| self.engine.validate(&edition.rule, &kpi, &ctx),
                |before, after| Verdict::Validate { before, after },
            ),
            RuleKind::Remind => self.listed(
                place,
                |edition| self.engine.remind(&edition.rule, &kpi, &ctx),
                |before, after| Verdict::Remind { before, after },
            ),
        })
    }

    /// Of score rules the most specific one counts: the candidate may stand in another one's way.
    fn score(&self, place: Place, kpi: &KpiFacts, ctx: &ContextFacts) -> Option<Asked> {
        let directory = &self.scene.directory;
        let after =
            self.candidate.after.scoring(directory, place.template, place.department, place.period)?;
        if after.id != self.candidate.rule {
            return None;
        }
        let before = self.candidate.before.scoring(directory, place.template, place.department, place.period);
        let attempt = |edition: &Edition| self.engine.score(&edition.rule, kpi, ctx);
        let before = before.and_then(|rule| {
            let (edition, scored, trouble) = run::first_good_quietly(rule, place.period, attempt).ok()?;
            Some(run::receipt(edition, scored, ctx, trouble))
        });
        let (result, failure) = timed(after, attempt);
        let after = match result {
            Some((edition, scored)) => Some(run::receipt(edition, scored, ctx, None)),
            None => before.clone(),
        };
        Some(Asked { verdict: Verdict::Score { before, after }, failure })
    }

    /// Of the others every one in scope counts: what changes is only what this one says.
    fn listed<T: Clone>(
        &self,
        place: Place,
        attempt: impl Fn(&Edition) -> Result<Vec<T>, Trouble> + Copy,
        verdict: impl Fn(Vec<T>, Vec<T>) -> Verdict,
    ) -> Option<Asked> {
        let Candidate { rule, kind, before, after, .. } = &*self.candidate;
        let directory = &self.scene.directory;
        let mut applying = after.applying(*kind, directory, place.template, place.department, place.period);
        let after = applying.find(|published| published.id == *rule)?;
        let mut applying = before.applying(*kind, directory, place.template, place.department, place.period);
        let before = applying.find(|published| published.id == *rule);
        let before = before
            .and_then(|published| run::first_good_quietly(published, place.period, attempt).ok())
            .map_or_else(Vec::new, |(_, said, _)| said);
        let (result, failure) = timed(after, attempt);
        let after = result.map_or_else(|| before.clone(), |(_, said)| said);
        Some(Asked { verdict: verdict(before, after), failure })
    }
}

type Attempt<'p, T> = (Option<(&'p Edition, T)>, Option<(Trouble, Duration)>);

/// Runs the only edition of a candidate.
fn timed<T>(candidate: &Published, attempt: impl Fn(&Edition) -> Result<T, Trouble>) -> Attempt<'_, T> {
    let Some(edition) = candidate.editions.first() else { return (None, None) };
    let began = Instant::now();
    match attempt(edition) {
        Ok(result) => (Some((edition, result)), None),
        Err(trouble) => (None, Some((trouble, began.elapsed()))),
    }
}
