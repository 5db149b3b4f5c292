//! What is said about KPIs in the demo company, and who decides in whose place.

use kpi_api::{id::UserId, kpi::Status, time::Date};
use serde_json::json;
use time::Duration;

use super::{
    cast,
    life::{Around, Life},
    plan::Plan,
    random::Random,
    store,
};
use crate::{
    comments::mention::Mention,
    entity::delegation,
    kpi::convert::date_text,
    platform::{db::work::Work, failure::Outcome},
};

const HOUR: i64 = 3600 * 1000;

/// What a thread begins with, by the decider, and the owner's answer; `@` stands for the other one's name.
const THREADS: [(&str, &str); 8] = [
    ("@ how sure are we of these figures?", "@ they come straight from the weekly report, checked twice."),
    ("Nice progress. What made the difference, @?", "The new checklist, mostly. We keep it."),
    ("@ do you need anything from me to reach this?", "One more person for two weeks would help, @."),
    ("Please add the source of the last value, @.", "Done, it is in the note now."),
    ("Let us talk about the target on Thursday.", "Fine with me, @."),
    ("This looks slow. Is something in the way, @?", "The supplier was late, it should catch up this month."),
    ("Well done!", "Thank you, @."),
    ("@ is this still the right measure for us?", "I think so. Next quarter I would add the returns."),
];
/// What somebody adds.
const LAST_WORDS: [&str; 4] = ["Thanks, that helps.", "Good.", "Agreed.", "Then we leave it like this."];

/// How many KPIs are talked about.
const SHARE: f64 = 0.3;

/// Says something about a KPI that has been lived so far; those of the employee everybody tries first always have
/// their thread.
pub fn about(life: &mut Life, around: &Around<'_>, plan: &Plan) {
    let mut random = Random::of(&[8, plan.id as u64]);
    let owner = plan.wanted.owner;
    let decider = around.scene.directory.approver_of(UserId(owner)).map_or(cast::ADMIN, |id| id.0);
    let is_talked_about = random.chance(SHARE) || owner == cast::EMPLOYEE;
    if !is_talked_about || decider == owner || life.kpi.status == Status::Draft.as_str() {
        return;
    }
    let Some((question, answer)) = random.pick(&THREADS) else { return };
    // After one of the things that happened to it, the last ones more likely.
    let acts = life.history.len();
    let after = life.history[random.below(acts).max(random.below(acts))].at;
    let asked = after + random.whole(1, 30) * HOUR;
    if asked >= around.now.0 {
        return;
    }
    let mut say = |by: i64, to: i64, text: &str, at: i64, parent| {
        let (body, mentions) = addressed(around, text, to);
        (at < around.now.0).then(|| life.say(by, &body, &mentions, at, parent))
    };
    let Some(thread) = say(decider, owner, question, asked, None) else { return };
    let answered = asked + random.whole(1, 20) * HOUR;
    let is_answered = say(owner, decider, answer, answered, Some(thread)).is_some();
    if is_answered
        && random.chance(0.4)
        && let Some(text) = random.pick(&LAST_WORDS)
    {
        say(decider, owner, text, answered + random.whole(1, 10) * HOUR, Some(thread));
    }
}

/// The text with the other one's user name in it, and whom it mentions.
fn addressed(around: &Around<'_>, text: &str, to: i64) -> (String, Vec<Mention>) {
    let username = around.scene.directory.person(UserId(to)).map(|person| person.username.clone());
    match username {
        Some(username) if text.contains('@') => {
            (text.replace('@', &format!("@{username}")), vec![Mention { id: UserId(to), username }])
        }
        _ => (text.replace('@', ""), Vec::new()),
    }
}

/// One delegation that is over and one that runs: somebody decides for the head of Marketing these days.
pub async fn delegate(work: &mut Work, today: Date) -> Outcome<()> {
    const MARKETING: i64 = 7;
    const FINANCE: i64 = 6;
    let row = |id, manager: i64, delegate: i64, from: Date, to: Date, at: i64| delegation::Model {
        id,
        manager_id: manager,
        delegate_id: delegate,
        from_day: date_text(from),
        to_day: date_text(to),
        created_at: at,
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    let now = work.at().0;
    let ago = |days: i64| now - days * 24 * HOUR;
    let day = |days: i64| today + Duration::days(days);
    let rows = vec![
        row(1, cast::MANAGER, FINANCE, day(-48), day(-39), ago(52)),
        row(2, MARKETING, cast::MANAGER, day(-2), day(7), ago(4)),
    ];
    for row in &rows {
        let detail = json!({ "manager_id": row.manager_id, "delegate_id": row.delegate_id,
            "from": row.from_day, "to": row.to_day });
        work.audit("delegation.create", "delegation", Some(row.id), detail).await?;
    }
    Ok(store::insert::<delegation::Entity>(work.tx(), rows).await?)
}
