//! The matrix of who may do what. Every endpoint names its capability; menus and buttons ask the same table.

use serde::{Deserialize, Serialize};

use crate::scoring::words;

words! {
    Role { Employee = "employee", Manager = "manager", Admin = "admin" }
}

/// How a person stands to a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is their own.
    Own,
    /// Its owner is in the team they lead (sub-departments included) and is not themselves.
    Team,
    /// Its owner is in the team of somebody in whose place they decide at present, and not in their own.
    Delegated,
    /// One of their own KPIs is aligned below it, so they may see it.
    Aligned,
    /// None of these.
    Stranger,
}

impl Relation {
    pub const ALL: [Self; 5] = [Self::Own, Self::Team, Self::Delegated, Self::Aligned, Self::Stranger];
}

words! {
    /// What somebody may want to do. KPI capabilities depend on the [`Relation`] too, the rest on the role alone.
    Capability {
        SeeKpi = "see_kpi",
        CreateKpi = "create_kpi",
        EditKpi = "edit_kpi",
        SubmitKpi = "submit_kpi",
        CheckIn = "check_in",
        DecideKpi = "decide_kpi",
        ReopenKpi = "reopen_kpi",
        DeleteKpi = "delete_kpi",
        Comment = "comment",
        SeeEvidence = "see_evidence",
        ManageEvidence = "manage_evidence",
        UseTemplates = "use_templates",
        SeeTeam = "see_team",
        SeeQueue = "see_queue",
        Delegate = "delegate",
        ManagePeople = "manage_people",
        ManageDepartments = "manage_departments",
        ManageTemplates = "manage_templates",
        ManageSettings = "manage_settings",
        ManageRules = "manage_rules",
        ManagePlugins = "manage_plugins",
        SeeAudit = "see_audit",
        SeeJobs = "see_jobs",
        RunJobs = "run_jobs",
        OwnAccount = "own_account",
    }
}

impl Capability {
    /// Whether the role has the capability at all, for at least one relation.
    pub fn held_by(self, role: Role) -> bool {
        Relation::ALL.into_iter().any(|relation| allows(role, self, relation))
    }

    /// Whether the object decides too: then an object that the caller may not see answers 404 before anything
    /// else is said.
    pub fn depends_on_relation(self) -> bool {
        use Capability as C;
        matches!(
            self,
            C::SeeKpi
                | C::CreateKpi
                | C::EditKpi
                | C::SubmitKpi
                | C::CheckIn
                | C::DecideKpi
                | C::ReopenKpi
                | C::DeleteKpi
                | C::Comment
                | C::SeeEvidence
                | C::ManageEvidence
        )
    }

    /// All capabilities of a role, as `GET /auth/me` tells them.
    pub fn of(role: Role) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|capability| capability.held_by(role)).collect()
    }
}

/// The matrix. Further guards (state, quarter, version) come on top, never instead.
pub fn allows(role: Role, capability: Capability, relation: Relation) -> bool {
    use Capability as C;
    use Relation as R;
    match capability {
        C::UseTemplates | C::OwnAccount => true,
        C::SeeTeam | C::SeeQueue | C::Delegate => role != Role::Employee,
        C::ManagePeople
        | C::ManageDepartments
        | C::ManageTemplates
        | C::ManageSettings
        | C::ManageRules
        | C::ManagePlugins
        | C::SeeAudit
        | C::SeeJobs
        | C::RunJobs => role == Role::Admin,
        C::SeeKpi | C::Comment => match relation {
            R::Own | R::Aligned => true,
            R::Team | R::Delegated => role != Role::Employee,
            R::Stranger => role == Role::Admin,
        },
        C::CreateKpi | C::EditKpi | C::SubmitKpi | C::DeleteKpi | C::ManageEvidence => {
            relation == R::Own || role == Role::Admin
        }
        C::SeeEvidence => match relation {
            R::Own => true,
            R::Team | R::Delegated => role != Role::Employee,
            R::Aligned | R::Stranger => role == Role::Admin,
        },
        C::CheckIn => match relation {
            R::Own => true,
            R::Team => role != Role::Employee,
            R::Delegated | R::Aligned | R::Stranger => role == Role::Admin,
        },
        C::DecideKpi => match relation {
            R::Own => false,
            R::Team | R::Delegated => role != Role::Employee,
            R::Aligned | R::Stranger => role == Role::Admin,
        },
        C::ReopenKpi => match relation {
            R::Own => role == Role::Admin,
            R::Team => role != Role::Employee,
            R::Delegated | R::Aligned | R::Stranger => role == Role::Admin,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_decides_about_their_own_kpi() {
        for role in Role::ALL {
            assert!(!allows(*role, Capability::DecideKpi, Relation::Own), "{role}");
        }
    }

    #[test]
    fn the_matrix_reads_as_the_product_says() {
        use Capability as C;
        use Relation::{Aligned, Delegated, Own, Stranger, Team};
        use Role::{Admin, Employee, Manager};
        // capability, relation, employee, manager, admin
        let rows = [
            (C::SeeKpi, Own, true, true, true),
            (C::SeeKpi, Team, false, true, true),
            (C::SeeKpi, Aligned, true, true, true),
            (C::SeeKpi, Stranger, false, false, true),
            (C::EditKpi, Own, true, true, true),
            (C::EditKpi, Team, false, false, true),
            (C::EditKpi, Stranger, false, false, true),
            (C::SeeEvidence, Team, false, true, true),
            (C::SeeEvidence, Delegated, false, true, true),
            (C::SeeEvidence, Aligned, false, false, true),
            (C::ManageEvidence, Own, true, true, true),
            (C::ManageEvidence, Team, false, false, true),
            (C::CheckIn, Own, true, true, true),
            (C::CheckIn, Team, false, true, true),
            (C::CheckIn, Aligned, false, false, true),
            (C::DecideKpi, Team, false, true, true),
            (C::DecideKpi, Stranger, false, false, true),
            (C::SeeKpi, Delegated, false, true, true),
            (C::Comment, Delegated, false, true, true),
            (C::Comment, Aligned, true, true, true),
            (C::Comment, Stranger, false, false, true),
            (C::CheckIn, Delegated, false, false, true),
            (C::DecideKpi, Delegated, false, true, true),
            (C::ReopenKpi, Delegated, false, false, true),
            (C::EditKpi, Delegated, false, false, true),
            (C::Delegate, Stranger, false, true, true),
            (C::ReopenKpi, Own, false, false, true),
            (C::ReopenKpi, Team, false, true, true),
            (C::ManageTemplates, Own, false, false, true),
            (C::ManagePeople, Stranger, false, false, true),
        ];
        for (capability, relation, employee, manager, admin) in rows {
            let of = |role| allows(role, capability, relation);
            assert_eq!(
                (of(Employee), of(Manager), of(Admin)),
                (employee, manager, admin),
                "{capability} {relation:?}"
            );
        }
    }
}
