//! Who may do what to a KPI: the matrix, the state and the quarter taken together. Pure.

use kpi_api::{
    error::Code,
    id::UserId,
    kpi::{Act, Action, Status},
    permission::{Capability, Relation, allows},
};

use super::machine;
use crate::{
    auth::actor::Actor,
    people::directory::Directory,
    platform::failure::{Failure, Outcome},
};

/// What an act asks of the matrix.
pub const fn capability(act: Act) -> Capability {
    match act {
        Act::Edit => Capability::EditKpi,
        Act::Submit | Act::Recall | Act::SubmitResult | Act::Revise => Capability::SubmitKpi,
        Act::Approve | Act::Reject | Act::Accept | Act::Return => Capability::DecideKpi,
        Act::CheckIn => Capability::CheckIn,
        Act::Reopen => Capability::ReopenKpi,
        Act::Delete => Capability::DeleteKpi,
        Act::Copy => Capability::SeeKpi,
    }
}

/// What a decision about an act rests on.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub relation: Relation,
    pub status: Status,
    /// Whether it has ever been approved: then it holds values that must not be lost.
    pub was_approved: bool,
    pub period_closed: bool,
}

/// Why an act may not be done now, or `None` when it may. Permission is looked at before the state, so that nobody
/// learns about the state of something they could not change anyway.
pub fn refusal(role: kpi_api::permission::Role, standing: Standing, act: Act) -> Option<Code> {
    let Standing { relation, status, was_approved, period_closed } = standing;
    if !allows(role, capability(act), relation) {
        let about_own = relation == Relation::Own && capability(act) == Capability::DecideKpi;
        return Some(if about_own { Code::OwnKpi } else { Code::NotAllowed });
    }
    if machine::next(status, act).is_none() || (act == Act::Delete && was_approved) {
        return Some(Code::WrongState);
    }
    let needs_open_period = match act {
        Act::CheckIn | Act::Submit | Act::SubmitResult | Act::Revise | Act::Edit => true,
        Act::Reopen => role != kpi_api::permission::Role::Admin,
        _ => false,
    };
    (needs_open_period && period_closed).then_some(Code::PeriodClosed)
}

/// [`refusal`] as a failure.
pub fn ensure(actor: &Actor, standing: Standing, act: Act) -> Outcome<()> {
    match refusal(actor.role(), standing, act) {
        None => Ok(()),
        Some(Code::WrongState) => Err(Failure::new(
            Code::WrongState,
            format!("A KPI that is {} does not allow this: {act}.", standing.status),
        )),
        Some(code) => Err(Failure::new(code, code.title())),
    }
}

/// What the detail page offers, with the reason where something is not possible.
pub fn actions(actor: &Actor, standing: Standing) -> Vec<Action> {
    Act::ALL
        .iter()
        .map(|&name| {
            let reason = refusal(actor.role(), standing, name).map(|code| code.as_str().to_owned());
            Action { name, allowed: reason.is_none(), reason }
        })
        .collect()
}

/// How somebody stands to a KPI of `owner`; `aligned` tells whether one of their own is aligned to it.
pub fn relation(directory: &Directory, actor: &Actor, owner: UserId, aligned: bool) -> Relation {
    match directory.relation(actor.id(), owner) {
        Relation::Stranger if aligned => Relation::Aligned,
        relation => relation,
    }
}

pub fn may_see(actor: &Actor, relation: Relation) -> bool {
    actor.may(Capability::SeeKpi, relation)
}

#[cfg(test)]
mod tests {
    use kpi_api::permission::Role;

    use super::*;

    fn standing(relation: Relation, status: Status) -> Standing {
        Standing { relation, status, was_approved: false, period_closed: false }
    }

    #[test]
    fn permission_is_looked_at_before_the_state() {
        let code = refusal(Role::Employee, standing(Relation::Own, Status::Draft), Act::Approve);
        assert_eq!(code, Some(Code::OwnKpi));
        let code = refusal(Role::Manager, standing(Relation::Team, Status::Draft), Act::Approve);
        assert_eq!(code, Some(Code::WrongState));
    }

    #[test]
    fn a_closed_quarter_takes_no_values_and_only_an_admin_reopens_in_it() {
        let closed = |relation, status| Standing { period_closed: true, ..standing(relation, status) };
        let check_in = refusal(Role::Employee, closed(Relation::Own, Status::Approved), Act::CheckIn);
        assert_eq!(check_in, Some(Code::PeriodClosed));
        let reopen = |role| refusal(role, closed(Relation::Team, Status::Closed), Act::Reopen);
        assert_eq!((reopen(Role::Manager), reopen(Role::Admin)), (Some(Code::PeriodClosed), None));
    }

    #[test]
    fn what_was_approved_once_is_never_deleted() {
        let once = Standing { was_approved: true, ..standing(Relation::Own, Status::Draft) };
        assert_eq!(refusal(Role::Employee, once, Act::Delete), Some(Code::WrongState));
        assert_eq!(refusal(Role::Employee, standing(Relation::Own, Status::Draft), Act::Delete), None);
    }
}
