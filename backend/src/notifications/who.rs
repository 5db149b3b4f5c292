//! Who is told of an event, as what, and where the link leads. Pure; whether they may see it and want to know it is
//! looked at afterwards.

use kpi_api::{
    id::{KpiId, RuleId, UserId},
    kpi::Status,
    notification::NotificationKind as Kind,
};

/// What has happened, as far as it decides who is told.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// e.g. `kpi.approved`.
    pub event: String,
    /// Absent when the system did it.
    pub actor: Option<UserId>,
    pub kpi: Option<Kpi>,
    pub comment: Option<Comment>,
    /// Whom the event names itself: whom a reminder is for, both sides of a delegation.
    pub named: Vec<UserId>,
    pub rule: Option<RuleId>,
    pub plugin: Option<Plugin>,
    /// Active administrators.
    pub admins: Vec<UserId>,
}

/// The plugin that says something, or is in trouble.
#[derive(Debug, Clone)]
pub struct Plugin {
    pub id: String,
    /// Where its message leads: a path in the web app.
    pub link: String,
}

#[derive(Debug, Clone)]
pub struct Kpi {
    pub id: KpiId,
    pub owner: UserId,
    pub status: Status,
    /// Whether it came back to its owner.
    pub returned: bool,
    /// The approver and who stands in for them today; empty where it is left to the administrators.
    pub deciders: Vec<UserId>,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub id: i64,
    /// Who has written in the same thread.
    pub participants: Vec<UserId>,
    /// Who is mentioned and has not been told of it yet.
    pub mentioned: Vec<UserId>,
}

/// One person and what they are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub user: UserId,
    pub kind: Kind,
    /// Path in the web app.
    pub link: String,
}

/// Whether anybody is told of such an event at all.
pub fn concerns(event: &str) -> bool {
    matches!(
        event,
        "kpi.submitted"
            | "kpi.revised"
            | "kpi.in_review"
            | "kpi.approved"
            | "kpi.rejected"
            | "kpi.returned"
            | "kpi.closed"
            | "kpi.reopened"
            | "kpi.assigned"
            | "comment.created"
            | "comment.edited"
            | "evidence.added"
            | "reminder.due"
            | "delegation.created"
            | "delegation.ended"
            | "rule.failed"
            | "rule.rescored"
            | "job.failed"
            | "plugin.message"
            | "plugin.switched_off"
    )
}

/// Everybody who is told, nobody twice and nobody of what they did themselves.
pub fn told(facts: &Facts) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for told in addressed(facts) {
        let is_new = all.iter().all(|other| other.user != told.user);
        if is_new && Some(told.user) != facts.actor {
            all.push(told);
        }
    }
    all
}

/// Those it concerns, the more pressing reason first.
fn addressed(facts: &Facts) -> Vec<Told> {
    let event = facts.event.as_str();
    match (event, &facts.kpi) {
        ("rule.failed" | "rule.rescored", _) => {
            let link = facts.rule.map_or_else(|| "/admin/rules".into(), |id| format!("/admin/rules/{id}"));
            let kind = if event == "rule.failed" { Kind::RuleTrouble } else { Kind::RuleRescored };
            each(&facts.admins, kind, &link)
        }
        ("job.failed", _) => each(&facts.admins, Kind::ServerTrouble, "/admin/jobs"),
        ("plugin.switched_off", _) => {
            let link = facts.plugin.as_ref().map_or_else(
                || "/admin/plugins".to_owned(),
                |plugin| format!("/admin/plugins/{}", plugin.id),
            );
            each(&facts.admins, Kind::PluginTrouble, &link)
        }
        ("plugin.message", _) => {
            let link = facts.plugin.as_ref().map_or("/", |plugin| plugin.link.as_str());
            each(&facts.named, Kind::Plugin, link)
        }
        ("delegation.created" | "delegation.ended", _) => each(&facts.named, Kind::Delegated, "/approvals"),
        (_, Some(kpi)) => about_kpi(event, kpi, facts),
        (_, None) => Vec::new(),
    }
}

fn about_kpi(event: &str, kpi: &Kpi, facts: &Facts) -> Vec<Told> {
    let id = kpi.id;
    let owner = |kind, link: String| each(&[kpi.owner], kind, &link);
    match event {
        "kpi.submitted" | "kpi.revised" | "kpi.in_review" => {
            let deciders = if kpi.deciders.is_empty() { &facts.admins } else { &kpi.deciders };
            each(deciders, Kind::Submitted, &format!("/approvals?kpi={id}"))
        }
        "kpi.approved" => owner(Kind::Approved, format!("/kpis/{id}")),
        "kpi.rejected" => owner(Kind::Rejected, format!("/kpis/{id}/edit")),
        "kpi.returned" => owner(Kind::Returned, format!("/kpis/{id}?act=submit_result")),
        "kpi.closed" => owner(Kind::Accepted, format!("/kpis/{id}?tab=receipt")),
        "kpi.reopened" => owner(Kind::Reopened, format!("/kpis/{id}?act=check_in")),
        "kpi.assigned" => owner(Kind::Assigned, format!("/kpis/{id}/edit")),
        "comment.created" | "comment.edited" => facts
            .comment
            .as_ref()
            .map_or_else(Vec::new, |comment| about_comment(event, kpi, comment, facts.actor)),
        "evidence.added" => {
            let link = format!("/kpis/{id}?tab=evidence");
            let mut told = each(&[kpi.owner], Kind::EvidenceAdded, &link);
            told.extend(each(&kpi.deciders, Kind::EvidenceAdded, &link));
            told
        }
        "reminder.due" => facts
            .named
            .iter()
            .map(|user| Told { user: *user, kind: Kind::Reminder, link: due(kpi, *user) })
            .collect(),
        _ => Vec::new(),
    }
}

fn about_comment(event: &str, kpi: &Kpi, comment: &Comment, actor: Option<UserId>) -> Vec<Told> {
    let link = format!("/kpis/{}?tab=comments#comment-{}", kpi.id, comment.id);
    let mut told = each(&comment.mentioned, Kind::Mentioned, &link);
    if event == "comment.created" {
        told.extend(each(&comment.participants, Kind::Commented, &link));
        told.extend(each(&[kpi.owner], Kind::Commented, &link));
        // What the owner says is meant for whoever decides; what others say, for the owner.
        if actor == Some(kpi.owner) {
            told.extend(each(&kpi.deciders, Kind::Commented, &link));
        }
    }
    told
}

/// Where somebody does what they are reminded of.
fn due(kpi: &Kpi, user: UserId) -> String {
    let id = kpi.id;
    match kpi.status {
        Status::Submitted | Status::InReview if user != kpi.owner => format!("/approvals?kpi={id}"),
        _ if user != kpi.owner => format!("/kpis/{id}"),
        Status::Draft | Status::Rejected => format!("/kpis/{id}/edit"),
        Status::Approved if kpi.returned => format!("/kpis/{id}?act=submit_result"),
        Status::Approved => format!("/kpis/{id}?act=check_in"),
        Status::Submitted | Status::InReview | Status::Closed => format!("/kpis/{id}"),
    }
}

fn each(users: &[UserId], kind: Kind, link: &str) -> Vec<Told> {
    users.iter().map(|user| Told { user: *user, kind, link: link.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: UserId = UserId(1);
    const MANAGER: UserId = UserId(2);
    const STAND_IN: UserId = UserId(3);
    const COLLEAGUE: UserId = UserId(4);
    const ADMIN: UserId = UserId(9);

    fn facts(event: &str, actor: UserId) -> Facts {
        Facts {
            event: event.into(),
            actor: Some(actor),
            kpi: Some(Kpi {
                id: KpiId(7),
                owner: OWNER,
                status: Status::Approved,
                returned: false,
                deciders: vec![MANAGER, STAND_IN],
            }),
            admins: vec![ADMIN],
            ..Facts::default()
        }
    }

    fn said(facts: &Facts) -> Vec<(i64, Kind, String)> {
        told(facts).into_iter().map(|told| (told.user.0, told.kind, told.link)).collect()
    }

    #[test]
    fn each_act_reaches_those_whose_turn_it_is() {
        let queue = || "/approvals?kpi=7".to_owned();
        for event in ["kpi.submitted", "kpi.revised", "kpi.in_review"] {
            let expected = vec![(2, Kind::Submitted, queue()), (3, Kind::Submitted, queue())];
            assert_eq!(said(&facts(event, OWNER)), expected, "{event}");
        }
        for (event, kind, link) in [
            ("kpi.approved", Kind::Approved, "/kpis/7"),
            ("kpi.rejected", Kind::Rejected, "/kpis/7/edit"),
            ("kpi.returned", Kind::Returned, "/kpis/7?act=submit_result"),
            ("kpi.closed", Kind::Accepted, "/kpis/7?tab=receipt"),
            ("kpi.reopened", Kind::Reopened, "/kpis/7?act=check_in"),
            ("kpi.assigned", Kind::Assigned, "/kpis/7/edit"),
        ] {
            assert_eq!(said(&facts(event, MANAGER)), [(1, kind, link.to_owned())], "{event}");
            assert!(concerns(event), "{event}");
        }
        for event in ["kpi.created", "kpi.updated", "kpi.recalled", "kpi.checked_in", "kpi.deleted", "x"] {
            assert_eq!(said(&facts(event, OWNER)), [], "{event}");
            assert!(!concerns(event), "{event}");
        }
    }

    #[test]
    fn without_a_manager_it_is_left_to_the_administrators() {
        let mut alone = facts("kpi.submitted", OWNER);
        alone.kpi.as_mut().unwrap().deciders.clear();
        assert_eq!(said(&alone), [(9, Kind::Submitted, "/approvals?kpi=7".into())]);
    }

    #[test]
    fn nobody_is_told_of_what_they_did_themselves() {
        assert_eq!(said(&facts("kpi.approved", OWNER)), []);
        let submitted_by_the_manager = said(&facts("kpi.submitted", MANAGER));
        assert_eq!(submitted_by_the_manager.iter().map(|told| told.0).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_mention_beats_the_thread_and_nobody_is_told_twice() {
        let mut spoken = facts("comment.created", OWNER);
        spoken.comment = Some(Comment {
            id: 5,
            participants: vec![OWNER, COLLEAGUE, MANAGER],
            mentioned: vec![MANAGER, OWNER],
        });
        let link = || "/kpis/7?tab=comments#comment-5".to_owned();
        let expected =
            [(2, Kind::Mentioned, link()), (4, Kind::Commented, link()), (3, Kind::Commented, link())];
        assert_eq!(said(&spoken), expected);
        spoken.event = "comment.edited".into();
        assert_eq!(said(&spoken), [(2, Kind::Mentioned, link())]);
        spoken.event = "comment.deleted".into();
        assert_eq!(said(&spoken), []);
    }

    #[test]
    fn a_colleagues_comment_reaches_the_owner() {
        let mut spoken = facts("comment.created", COLLEAGUE);
        spoken.comment = Some(Comment { id: 5, participants: vec![COLLEAGUE], mentioned: vec![] });
        assert_eq!(said(&spoken).iter().map(|told| told.0).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn evidence_reaches_owner_and_deciders() {
        let by = |actor| said(&facts("evidence.added", actor)).iter().map(|told| told.0).collect::<Vec<_>>();
        assert_eq!((by(OWNER), by(ADMIN), by(MANAGER)), (vec![2, 3], vec![1, 2, 3], vec![1, 3]));
    }

    #[test]
    fn a_reminder_opens_what_is_to_be_done() {
        let link = |status, returned, user: UserId| {
            let mut facts = facts("reminder.due", ADMIN);
            facts.actor = None;
            facts.named = vec![user];
            let kpi = facts.kpi.as_mut().unwrap();
            (kpi.status, kpi.returned) = (status, returned);
            said(&facts)[0].2.clone()
        };
        assert_eq!(link(Status::Approved, false, OWNER), "/kpis/7?act=check_in");
        assert_eq!(link(Status::Approved, true, OWNER), "/kpis/7?act=submit_result");
        assert_eq!(link(Status::Rejected, true, OWNER), "/kpis/7/edit");
        assert_eq!(link(Status::InReview, false, MANAGER), "/approvals?kpi=7");
        assert_eq!(link(Status::Approved, false, MANAGER), "/kpis/7");
    }

    #[test]
    fn rules_and_delegations_reach_whom_they_concern() {
        let broken = Facts { rule: Some(RuleId(3)), actor: None, ..facts("rule.failed", ADMIN) };
        assert_eq!(said(&broken), [(9, Kind::RuleTrouble, "/admin/rules/3".into())]);
        let rescored = Facts { rule: Some(RuleId(3)), actor: None, ..facts("rule.rescored", ADMIN) };
        assert_eq!(said(&rescored), [(9, Kind::RuleRescored, "/admin/rules/3".into())]);
        let plugin = Some(Plugin { id: "webhook".into(), link: "/kpis/7".into() });
        let off = Facts { plugin: plugin.clone(), actor: None, ..facts("plugin.switched_off", ADMIN) };
        assert_eq!(said(&off), [(9, Kind::PluginTrouble, "/admin/plugins/webhook".into())]);
        let message = Facts { plugin, named: vec![COLLEAGUE], actor: None, ..facts("plugin.message", ADMIN) };
        assert_eq!(said(&message), [(4, Kind::Plugin, "/kpis/7".into())]);
        let handed = Facts { named: vec![MANAGER, STAND_IN], ..facts("delegation.created", MANAGER) };
        assert_eq!(said(&handed), [(3, Kind::Delegated, "/approvals".into())]);
    }
}
