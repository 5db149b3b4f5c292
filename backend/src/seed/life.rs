//! The life of one KPI, played through the same table of acts and the same scoring as a real one, only at given days.

use kpi_api::{
    kpi::{Act, KpiNew, Status},
    scoring::Band,
    template::EvidenceContract,
    time::{Date, Timestamp},
};
use kpi_engine::Engine;
use serde_json::{Map, Value, json};
use time::Time;

use super::{course::Reading, random::Random, templates};
use crate::{
    comments::mention::Mention,
    entity::{check_in, comment, kpi, kpi_history},
    kpi::{
        convert, history, machine,
        scoring::{self, Scene},
    },
    platform::failure::{Failure, Outcome},
    rules::shelf::Shelf,
};

/// What the rows of the seed carry where others carry the id of a request.
pub const REQUEST: &str = "seed";

/// What a life happens in.
pub struct Around<'a> {
    pub engine: &'a Engine,
    pub shelf: &'a Shelf,
    pub scene: &'a Scene,
    pub now: Timestamp,
}

/// An audit row that is not in the chain yet.
pub struct Noted {
    pub at: i64,
    pub user_id: i64,
    pub action: String,
    /// `kpi` or `comment`.
    pub entity: &'static str,
    pub entity_id: i64,
    pub detail: Value,
}

/// A KPI with everything it has left behind. Check-ins, comments and history are numbered from 1 within it.
pub struct Life {
    pub kpi: kpi::Model,
    pub check_ins: Vec<check_in::Model>,
    pub comments: Vec<comment::Model>,
    pub history: Vec<kpi_history::Model>,
    pub audit: Vec<Noted>,
    random: Random,
    /// Of the history, to say what the next act changes.
    seen: Map<String, Value>,
    seen_receipt: Option<String>,
}

/// What a new KPI starts with.
pub struct Birth<'a> {
    pub id: i64,
    pub department_id: i64,
    pub definition: &'a KpiNew,
    pub owner: i64,
    pub check_in_days: i64,
}

impl Life {
    pub fn begin(around: &Around<'_>, birth: &Birth<'_>, day: Date) -> Outcome<Self> {
        let mut random = Random::of(&[4, birth.id as u64]);
        let at = moment(around, day, 0, &mut random);
        let mut row = kpi::Model {
            id: birth.id,
            user_id: birth.owner,
            department_id: Some(birth.department_id),
            template_id: birth.definition.template_id.map(|id| id.0),
            template_version: birth.definition.template_id.map(|_| 1),
            custom_definitions: serde_json::to_string(&templates::filled_in(birth.definition))?,
            check_in_days: Some(birth.check_in_days),
            evidence: serde_json::to_string(&EvidenceContract::default())?,
            band: Band::None.to_string(),
            status: Status::Draft.to_string(),
            created_at: at,
            created_by: birth.owner,
            updated_at: at,
            updated_by: birth.owner,
            version: 1,
            ..kpi::Model::default()
        };
        convert::define(&mut row, birth.definition)?;
        let mut life = Self {
            kpi: row,
            check_ins: Vec::new(),
            comments: Vec::new(),
            history: Vec::new(),
            audit: Vec::new(),
            random,
            seen: Map::new(),
            seen_receipt: None,
        };
        life.rescore(around, day)?;
        life.record("create", None, birth.owner, at, None)?;
        Ok(life)
    }

    /// An act without values.
    pub fn act(
        &mut self,
        around: &Around<'_>,
        act: Act,
        by: i64,
        day: Date,
        reason: Option<&str>,
    ) -> Outcome<()> {
        let (from, at) = self.enter(around, act, by, day)?;
        let row = &mut self.kpi;
        match act {
            Act::Submit | Act::SubmitResult | Act::Revise => {
                row.submitted_at = Some(at);
                row.submitted_by = Some(by);
                row.submit_comment = reason.map(str::to_owned);
                row.returned_reason = None;
                row.is_revision = act == Act::Revise;
            }
            Act::Approve => {
                row.approved_at = Some(at);
                row.approved_by = Some(by);
                row.returned_reason = None;
                row.is_revision = false;
            }
            Act::Reject | Act::Return => row.returned_reason = reason.map(str::to_owned),
            Act::Accept => {
                row.closed_at = Some(at);
                row.closed_by = Some(by);
            }
            _ => {}
        }
        self.record(act.as_str(), Some(from), by, at, reason)
    }

    /// A new target that waits for approval.
    pub fn revise(&mut self, around: &Around<'_>, day: Date, target: f64, reason: &str) -> Outcome<()> {
        self.kpi.target = Some(target);
        self.kpi.stretch = self.kpi.stretch.map(|stretch| stretch.max(target));
        self.rescore(around, day)?;
        self.act(around, Act::Revise, self.kpi.user_id, day, Some(reason))
    }

    /// A value for a day.
    pub fn check_in(
        &mut self,
        around: &Around<'_>,
        by: i64,
        day: Date,
        reading: &Reading,
        note: &str,
    ) -> Outcome<()> {
        let (from, at) = self.enter(around, Act::CheckIn, by, day)?;
        self.keep(by, day, at, reading, note)?;
        self.rescore(around, day)?;
        self.record(Act::CheckIn.as_str(), Some(from), by, at, None)
    }

    /// Replaces the last value by another one for the same day.
    pub fn correct(&mut self, around: &Around<'_>, day: Date, value: f64, reason: &str) -> Outcome<()> {
        let owner = self.kpi.user_id;
        let (from, at) = self.enter(around, Act::CheckIn, owner, day)?;
        let next = self.check_ins.len() as i64 + 1;
        let Some(wrong) = self.check_ins.last_mut() else {
            return Err(anyhow::anyhow!("there is nothing to correct").into());
        };
        let right = check_in::Model {
            id: next,
            value,
            by_id: owner,
            for_owner: false,
            created_at: at,
            corrects_id: Some(wrong.id),
            reason: Some(reason.to_owned()),
            ..wrong.clone()
        };
        wrong.replaced_by_id = Some(next);
        self.check_ins.push(right);
        self.rescore(around, day)?;
        self.record("correct", Some(from), owner, at, Some(reason))
    }

    /// What somebody says about it, in a thread or as the beginning of one. Its number.
    pub fn say(&mut self, by: i64, body: &str, mentions: &[Mention], at: i64, parent: Option<i64>) -> i64 {
        let id = self.comments.len() as i64 + 1;
        self.audit.push(Noted {
            at,
            user_id: by,
            action: "comment.created".to_owned(),
            entity: "comment",
            entity_id: id,
            detail: json!({ "body": body, "kpi_id": self.kpi.id }),
        });
        self.comments.push(comment::Model {
            id,
            kpi_id: self.kpi.id,
            parent_id: parent,
            author_id: by,
            body: body.to_owned(),
            mentions: json!(mentions).to_string(),
            created_at: at,
            edited_at: None,
            deleted_at: None,
            deleted_by: None,
            version: 1,
        });
        id
    }

    /// Steps into the state that the act leads to.
    fn enter(&mut self, around: &Around<'_>, act: Act, by: i64, day: Date) -> Outcome<(Status, i64)> {
        let from = convert::status(&self.kpi)?;
        let to = machine::next(from, act)
            .ok_or_else(|| Failure::from(anyhow::anyhow!("the seed wants to {act} a KPI that is {from}")))?;
        let at = moment(around, day, self.kpi.updated_at, &mut self.random);
        self.kpi.status = to.to_string();
        self.kpi.version += 1;
        self.kpi.updated_at = at;
        self.kpi.updated_by = by;
        Ok((from, at))
    }

    fn keep(&mut self, by: i64, day: Date, at: i64, reading: &Reading, note: &str) -> Outcome<()> {
        if let Some(done) = &reading.milestones {
            let mut milestones: Vec<kpi_api::scoring::Milestone> =
                serde_json::from_str(&self.kpi.milestones)?;
            for (milestone, done) in milestones.iter_mut().zip(done) {
                milestone.done = *done;
            }
            self.kpi.milestones = serde_json::to_string(&milestones)?;
        }
        let on_date = convert::date_text(day);
        self.kpi.last_check_in_on = Some(on_date.clone());
        let confidence = self.random.chance(0.6).then(|| self.random.whole(4, 9));
        self.check_ins.push(check_in::Model {
            id: self.check_ins.len() as i64 + 1,
            kpi_id: self.kpi.id,
            on_date,
            value: reading.value,
            note: note.to_owned(),
            confidence,
            milestones: reading.milestones.as_ref().map(serde_json::to_string).transpose()?,
            by_id: by,
            for_owner: by != self.kpi.user_id,
            created_at: at,
            corrects_id: None,
            replaced_by_id: None,
            reason: None,
        });
        Ok(())
    }

    fn rescore(&mut self, around: &Around<'_>, day: Date) -> Outcome<()> {
        let scene = Scene { today: day.min(around.scene.today), ..around.scene.clone() };
        scoring::score(around.engine, around.shelf, &scene, &self.kpi, &self.check_ins)?.store(&mut self.kpi)
    }

    fn record(
        &mut self,
        act: &str,
        from: Option<Status>,
        by: i64,
        at: i64,
        reason: Option<&str>,
    ) -> Outcome<()> {
        let now = history::snapshot(&self.kpi)?;
        let (old, new) = history::difference(&self.seen, &now);
        let is_final = self.kpi.status == Status::Closed.as_str();
        let receipt =
            (is_final || self.kpi.receipt != self.seen_receipt).then(|| self.kpi.receipt.clone()).flatten();
        self.audit.push(Noted {
            at,
            user_id: by,
            action: format!("kpi.{act}"),
            entity: "kpi",
            entity_id: self.kpi.id,
            detail: json!({ "old": old, "new": new, "reason": reason }),
        });
        self.history.push(kpi_history::Model {
            id: self.history.len() as i64 + 1,
            kpi_id: self.kpi.id,
            at,
            act: act.to_owned(),
            by_id: by,
            on_behalf_of: None,
            from_status: from.map(|status| status.to_string()),
            to_status: Some(self.kpi.status.clone()),
            reason: reason.map(str::to_owned),
            old: Value::Object(old).to_string(),
            new: Value::Object(new).to_string(),
            score: self.kpi.score,
            band: self.kpi.band.clone(),
            receipt,
            kpi_version: self.kpi.version,
            request_id: REQUEST.to_owned(),
        });
        self.seen = now;
        self.seen_receipt.clone_from(&self.kpi.receipt);
        Ok(())
    }
}

/// A working hour of the day, after what was before and not in the future.
fn moment(around: &Around<'_>, day: Date, after: i64, random: &mut Random) -> i64 {
    let minute = random.whole(6 * 60, 15 * 60);
    let midnight = Timestamp::from(day.with_time(Time::MIDNIGHT).assume_utc());
    let wanted = midnight.plus_seconds(minute * 60 + random.whole(0, 59)).0;
    wanted.max(after + 1000).min(around.now.0)
}
