//! The fields that scripts see, table by table.

use kpi_api::{
    scoring::{Bands, Milestone},
    time::Date,
};
use rhai::{Array, Dynamic, Map};
use serde_json::Value;

use crate::{
    facts::{
        CheckInFacts, ContextFacts, DepartmentFacts, EvidenceContract, EvidenceFacts, KpiFacts, PersonFacts,
        PreviousFacts, QuarterFacts, SettingsFacts, TemplateFacts,
    },
    language::dates::Day,
    measure,
    record::{Described, Field, Record},
};

/// Longest text a field gives, in bytes; what is longer is cut.
const TEXT: usize = 8_000;

/// Most elements a list gives: of check-ins the latest, of others the first.
pub(crate) const LIST: usize = 1_500;

/// Declares the table of one record.
macro_rules! record {
    ($type:ty, $record:literal, |$it:ident| { $($field:literal: $ty:literal = $get:expr, $about:literal;)* }) => {
        impl Described for $type {
            const NAME: &'static str = $record;
            const FIELDS: &'static [Field<Self>] = &[
                $(Field { name: $field, ty: $ty, about: $about, get: |$it: &$type| $get }),*
            ];
        }
    };
}

record!(KpiFacts, "kpi", |k| {
    "id": "whole?" = maybe(k.id), "Its number; absent while it is not stored yet.";
    "title": "text" = text(&k.title), "What it is called.";
    "description": "text" = text(&k.description), "What it is about.";
    "category": "text" = text(&k.category), "`mission`, `goal` or `task`.";
    "year": "whole" = i64::from(k.year).into(), "Fiscal year.";
    "quarter": "text" = k.quarter.as_str().into(), "`Q1`, `Q2`, `Q3` or `Q4`.";
    "status": "text" = text(&k.status), "`draft`, `submitted`, `approved`, `in_review`, `closed` or `rejected`.";
    "kind": "text" = k.kind.as_str().into(), "`percentage`, `number`, `boolean` or `milestones`.";
    "unit": "text" = text(&k.unit), "Unit of its values, possibly empty.";
    "decimals": "whole" = i64::from(k.decimals).into(), "Decimals its values are shown with.";
    "direction": "text" = k.direction.as_str().into(), "`increase`, `decrease` or `in_range`.";
    "baseline": "number?" = maybe(k.baseline), "Where it starts, in its unit.";
    "target": "number?" = maybe(k.target), "Where it should get, in its unit.";
    "stretch": "number?" = maybe(k.stretch), "A goal beyond the target; for information.";
    "lower": "number?" = maybe(k.lower), "Lower bound of the range, in its unit.";
    "upper": "number?" = maybe(k.upper), "Upper bound of the range, in its unit.";
    "rollup": "text" = k.rollup.as_str().into(), "`last`, `sum`, `mean`, `max` or `min`.";
    "weight": "number" = k.weight.into(), "Its share of the person's quarter, in percent.";
    "cap": "number?" = maybe(k.cap), "Most points it can give, where it says so itself.";
    "current": "number?" = maybe(measure::current_value(k)), "The value of the quarter, in its unit: what `rollup(kpi)` gives.";
    "milestones": "[milestone]" = records(&k.milestones), "Its parts, where its kind is `milestones`.";
    "tags": "[text]" = texts(&k.tags), "Its tags.";
    "custom": "map" = map(&k.custom), "The template's own fields by name: texts, choices and dates (`2026-03-31`) as text, numbers as numbers; one that is not filled in is absent.";
    "owner": "person" = record(&k.owner), "Whose KPI it is.";
    "template": "template?" = maybe_record(k.template.as_ref()), "The template it was made from.";
    "parent_id": "whole?" = maybe(k.parent_id), "Number of the KPI it contributes to.";
    "start": "date" = day(k.start), "First day of its quarter.";
    "end": "date" = day(k.end), "Last day of its quarter.";
    "due": "date?" = maybe_day(k.due), "When it is due.";
    "evidence": "evidence" = record(&k.evidence), "The files that prove it.";
    "check_ins": "[check_in]" = records(&k.check_ins[k.check_ins.len().saturating_sub(LIST)..]), "Its check-ins, at most the latest 1500.";
    "last_check_in": "date?" = maybe_day(k.check_ins.last().map(|c| c.on)), "The day of its latest check-in.";
    "check_in_days": "whole" = i64::from(k.check_in_days).into(), "Days between two check-ins: the template's rhythm, else the setting's.";
    "created": "date?" = maybe_day(k.created), "When it was created.";
    "updated": "date?" = maybe_day(k.updated), "When it was last changed, check-ins included.";
    "submitted": "date?" = maybe_day(k.submitted), "When it was last submitted.";
    "approved": "date?" = maybe_day(k.approved), "When it was last approved.";
    "returned": "text?" = maybe_text(k.returned.as_deref()), "Why it was rejected or returned, until it is handed in again.";
});

record!(PersonFacts, "person", |p| {
    "id": "whole" = p.id.into(), "The person's number.";
    "name": "text" = text(&p.name), "Full name.";
    "role": "text" = text(&p.role), "`employee`, `manager` or `admin`.";
    "department": "text?" = maybe_text(p.department.as_deref()), "Name of the department.";
    "position": "text?" = maybe_text(p.position.as_deref()), "What the person is employed as.";
});

record!(TemplateFacts, "template", |t| {
    "id": "whole" = t.id.into(), "The template's number.";
    "name": "text" = text(&t.name), "What it is called.";
    "evidence": "contract" = record(&t.evidence), "The evidence it asks for before a result is submitted.";
});

record!(EvidenceContract, "contract", |e| {
    "count": "whole" = i64::from(e.count).into(), "Files at least.";
    "kinds": "[text]" = texts(&e.kinds), "File extensions that must be among them, such as `pdf`.";
    "max_age_days": "whole?" = maybe(e.max_age_days.map(i64::from)), "Only files added within so many days count; all when absent.";
});

record!(EvidenceFacts, "evidence", |e| {
    "count": "whole" = i64::from(e.count).into(), "Different files that are there.";
    "kinds": "[text]" = texts(&e.kinds), "Their file extensions, such as `pdf`.";
    "newest": "date?" = maybe_day(e.newest), "The day the latest was added.";
    "fresh": "whole" = i64::from(e.fresh).into(), "How many were added within the days that the template asks for; all where it does not ask.";
    "fresh_kinds": "[text]" = texts(&e.fresh_kinds), "File extensions of the fresh ones.";
    "reused": "whole" = i64::from(e.reused).into(), "How many hang on another KPI as well.";
});

record!(Milestone, "milestone", |m| {
    "title": "text" = text(&m.title), "What has to be done.";
    "weight": "number" = m.weight.into(), "Its share of the whole; only the proportion counts.";
    "done": "yes/no" = m.done.into(), "Whether it is done.";
});

record!(CheckInFacts, "check_in", |c| {
    "on": "date" = day(c.on), "The day the value is for.";
    "value": "number" = c.value.into(), "The value, in the KPI's unit.";
    "note": "text" = text(&c.note), "What the person wrote.";
    "confidence": "whole?" = maybe(c.confidence.map(i64::from)), "How sure the person is, 1 to 10.";
});

record!(ContextFacts, "ctx", |c| {
    "today": "date" = day(c.today), "The day it is.";
    "event": "text" = c.event.as_str().into(), "Why the rule is asked: `create`, `update`, `submit`, `check_in`, `submit_result`, `schedule` or `preview`.";
    "actor": "person?" = maybe_record(c.actor.as_ref()), "Who does it; told to validation rules alone.";
    "previous": "previous?" = maybe_record(c.previous.as_ref()), "The same KPI one quarter earlier.";
    "earlier": "[previous]" = records(&c.earlier), "The same KPI in up to four earlier quarters, newest first; quarters without it are left out.";
    "quarter": "quarter" = record(&c.quarter), "The quarter of the KPI.";
    "settings": "settings" = record(&c.settings), "The company's settings.";
    "department": "department?" = maybe_record(c.department.as_ref()), "The department of the KPI.";
    "period_weight": "number?" = maybe(c.period_weight), "Sum of the weights of the person's KPIs in this quarter, in percent; told to validation rules alone.";
    "check_in": "check_in?" = maybe_record(c.check_in.as_ref()), "The value being recorded just now; absent when one is corrected.";
});

record!(PreviousFacts, "previous", |p| {
    "score": "number?" = maybe(p.score), "Score points it had.";
    "current": "number?" = maybe(p.current), "Value it had, in its unit.";
    "target": "number?" = maybe(p.target), "Target it had, in its unit.";
});

record!(QuarterFacts, "quarter", |q| {
    "start": "date" = day(q.start), "First day.";
    "end": "date" = day(q.end), "Last day.";
    "elapsed": "number" = q.elapsed.into(), "Share of it that has passed, 0 to 1.";
    "days_left": "whole" = q.days_left.into(), "Whole days until its last day; negative afterwards.";
    "closed": "yes/no" = q.closed.into(), "Whether it takes no values any more.";
});

record!(SettingsFacts, "settings", |s| {
    "bands": "bands" = record(&s.bands), "From which score on a KPI is green or amber.";
    "cap": "number" = s.cap.into(), "Most points a KPI can give where it does not say so itself.";
});

record!(Bands, "bands", |b| {
    "green": "number" = b.green.into(), "Green from this score on.";
    "amber": "number" = b.amber.into(), "Amber from this score on, red below.";
});

record!(DepartmentFacts, "department", |d| {
    "id": "whole" = d.id.into(), "The department's number.";
    "name": "text" = text(&d.name), "What it is called.";
    "path": "text" = text(&d.path), "Names from the top department down to this one, such as `Company / Sales`.";
});

fn text(text: &str) -> Dynamic {
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].into()
}

fn texts(all: &[String]) -> Dynamic {
    all.iter().take(LIST).map(|one| text(one)).collect::<Array>().into()
}

fn maybe<T: Into<Dynamic>>(value: Option<T>) -> Dynamic {
    value.map_or(Dynamic::UNIT, Into::into)
}

fn maybe_text(value: Option<&str>) -> Dynamic {
    value.map_or(Dynamic::UNIT, text)
}

fn day(date: Date) -> Dynamic {
    Dynamic::from(Day(date))
}

fn maybe_day(date: Option<Date>) -> Dynamic {
    date.map_or(Dynamic::UNIT, day)
}

fn record<T: Described + Clone>(facts: &T) -> Dynamic {
    Dynamic::from(Record::new(facts.clone()))
}

fn maybe_record<T: Described + Clone>(facts: Option<&T>) -> Dynamic {
    facts.map_or(Dynamic::UNIT, record)
}

fn records<T: Described + Clone>(all: &[T]) -> Dynamic {
    all.iter().take(LIST).map(record).collect::<Array>().into()
}

fn map(entries: &serde_json::Map<String, Value>) -> Dynamic {
    entries.iter().map(|(key, value)| (key.as_str().into(), json(value))).collect::<Map>().into()
}

fn json(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(yes) => (*yes).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => maybe(number.as_f64()),
        },
        Value::String(string) => text(string),
        Value::Array(items) => items.iter().map(json).collect::<Array>().into(),
        Value::Object(entries) => map(entries),
    }
}
