//! Who may add and delete evidence: the matrix, the KPI's state and the quarter taken together. Pure.

use kpi_api::{
    error::Code,
    evidence::Permitted,
    kpi::Status,
    permission::{Capability, Role, allows},
};

use crate::{
    kpi::policy::Standing,
    platform::failure::{Failure, Outcome},
};

/// Why nothing may be added or deleted now, or `None` when it may. Permission is looked at before the state.
pub fn refusal(role: Role, standing: Standing) -> Option<Code> {
    if !allows(role, Capability::ManageEvidence, standing.relation) {
        return Some(Code::NotAllowed);
    }
    if standing.status == Status::Closed {
        return Some(Code::WrongState);
    }
    standing.period_closed.then_some(Code::PeriodClosed)
}

pub fn ensure(role: Role, standing: Standing) -> Outcome<()> {
    match refusal(role, standing) {
        None => Ok(()),
        Some(Code::WrongState) => {
            Err(Failure::new(Code::WrongState, "The KPI is closed: its evidence stays as it is."))
        }
        Some(code) => Err(Failure::new(code, code.title())),
    }
}

pub fn permitted(refusal: Option<Code>) -> Permitted {
    Permitted { allowed: refusal.is_none(), reason: refusal.map(|code| code.as_str().to_owned()) }
}

#[cfg(test)]
mod tests {
    use kpi_api::permission::Relation;

    use super::*;

    fn standing(relation: Relation, status: Status) -> Standing {
        Standing { relation, status, was_approved: true, period_closed: false }
    }

    #[test]
    fn files_are_the_owners_until_the_kpi_is_closed() {
        use Relation::{Own, Stranger, Team};
        use Role::{Admin, Employee, Manager};
        for status in Status::ALL {
            let closed = (*status == Status::Closed).then_some(Code::WrongState);
            for (role, relation) in [(Employee, Own), (Manager, Own), (Admin, Own), (Admin, Stranger)] {
                assert_eq!(
                    refusal(role, standing(relation, *status)),
                    closed,
                    "{role} {relation:?} {status}"
                );
            }
            assert_eq!(refusal(Manager, standing(Team, *status)), Some(Code::NotAllowed));
        }
        let late = Standing { period_closed: true, ..standing(Own, Status::Approved) };
        assert_eq!(refusal(Employee, late), Some(Code::PeriodClosed));
    }
}
