//! Every address of the app. Pages link by [`Route`], never by text.

use kpi_api::{
    id::{KpiId, RuleId, TemplateId, UserId},
    permission::Capability,
};
use yew_router::prelude::*;

use crate::core::slug::Slug;

/// The app is two programs, each with a first page of its own, so that nobody loads pages that are not for them: one for
/// everybody's work, one for what administrators look after. The server knows them by the same rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Main,
    Admin,
}

impl Program {
    /// The program that shows the page of a path.
    pub fn of(path: &str) -> Self {
        if path.starts_with("/admin/") { Self::Admin } else { Self::Main }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    MyWork,
    #[at("/login")]
    Login,
    #[at("/forgot-password")]
    ForgotPassword,
    #[at("/reset-password")]
    ResetPassword,
    #[at("/setup")]
    Setup,
    #[at("/dashboard")]
    Dashboard,
    #[at("/kpis")]
    Kpis,
    #[at("/kpis/new")]
    KpiNew,
    #[at("/kpis/:id")]
    Kpi { id: KpiId },
    #[at("/kpis/:id/edit")]
    KpiEdit { id: KpiId },
    #[at("/approvals")]
    Approvals,
    #[at("/notifications")]
    Notifications,
    #[at("/profile")]
    Profile,
    #[at("/help")]
    Help,
    #[at("/help/scoring")]
    ScoringPolicy,
    #[at("/admin/people")]
    People,
    #[at("/admin/people/new")]
    PersonNew,
    #[at("/admin/people/:id")]
    Person { id: UserId },
    #[at("/admin/departments")]
    Departments,
    #[at("/admin/templates")]
    Templates,
    #[at("/admin/templates/new")]
    TemplateNew,
    #[at("/admin/templates/:id")]
    Template { id: TemplateId },
    #[at("/admin/templates/:id/assign")]
    TemplateAssign { id: TemplateId },
    #[at("/admin/rules")]
    Rules,
    #[at("/admin/rules/new")]
    RuleNew,
    #[at("/admin/rules/reference")]
    RuleReference,
    #[at("/admin/rules/:id")]
    Rule { id: RuleId },
    #[at("/admin/rules/:id/shadow")]
    RuleShadow { id: RuleId },
    #[at("/admin/plugins")]
    Plugins,
    #[at("/admin/plugins/:id")]
    Plugin { id: Slug },
    #[at("/admin/settings")]
    Settings,
    #[at("/admin/audit")]
    Audit,
    #[at("/admin/jobs")]
    Jobs,
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// The program that shows it.
    pub fn program(self) -> Program {
        Program::of(&self.to_path())
    }

    /// Pages for people who are not logged in; they have no frame around them.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Login | Self::ForgotPassword | Self::ResetPassword | Self::Setup)
    }

    /// What one has to be allowed to for the page to be of any use; the server refuses anyway.
    pub const fn needs(self) -> Option<Capability> {
        match self {
            Self::People | Self::PersonNew | Self::Person { .. } => Some(Capability::ManagePeople),
            Self::Departments => Some(Capability::ManageDepartments),
            Self::Templates | Self::TemplateNew | Self::Template { .. } | Self::TemplateAssign { .. } => {
                Some(Capability::ManageTemplates)
            }
            Self::Rules
            | Self::RuleNew
            | Self::RuleReference
            | Self::Rule { .. }
            | Self::RuleShadow { .. } => Some(Capability::ManageRules),
            Self::Plugins | Self::Plugin { .. } => Some(Capability::ManagePlugins),
            Self::Settings => Some(Capability::ManageSettings),
            Self::Audit => Some(Capability::SeeAudit),
            Self::Jobs => Some(Capability::SeeJobs),
            Self::Approvals => Some(Capability::SeeQueue),
            _ => None,
        }
    }

    /// Where to go after logging in: a page of this app named by its path, never another site.
    pub fn after_login(next: Option<&str>) -> Option<(Self, String)> {
        let next = next?;
        if !next.starts_with('/') || next.starts_with("//") || next.contains('\\') {
            return None;
        }
        let (path, query) = next.split_once('?').unwrap_or((next, ""));
        let route = Self::recognize(path)?;
        (!route.is_public() && route != Self::NotFound).then(|| (route, query.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_words_win_over_ids() {
        assert_eq!(Route::recognize("/kpis/new"), Some(Route::KpiNew));
        assert_eq!(Route::recognize("/kpis/17"), Some(Route::Kpi { id: KpiId(17) }));
        assert_eq!(Route::recognize("/kpis/17/edit"), Some(Route::KpiEdit { id: KpiId(17) }));
        assert_eq!(Route::recognize("/kpis/x"), Some(Route::NotFound));
        let plugin = "sales-pack".parse().ok().map(|id| Route::Plugin { id });
        assert_eq!(Route::recognize("/admin/plugins/sales-pack"), plugin);
        assert_eq!(Route::recognize("/admin/plugins/Sales.Pack"), Some(Route::NotFound));
    }

    #[test]
    fn administration_is_a_program_of_its_own() {
        assert_eq!(Route::Rules.program(), Program::Admin);
        assert_eq!(Route::Person { id: UserId(3) }.program(), Program::Admin);
        for route in [Route::MyWork, Route::Login, Route::Kpi { id: KpiId(1) }, Route::Approvals] {
            assert_eq!(route.program(), Program::Main, "{route:?}");
        }
        assert_eq!(Program::of("/administration"), Program::Main);
    }

    #[test]
    fn the_page_after_login_stays_inside_the_app() {
        let good = Route::after_login(Some("/kpis?status=draft"));
        assert_eq!(good, Some((Route::Kpis, "status=draft".into())));
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "/login", "/nowhere", "kpis"]
        {
            assert_eq!(Route::after_login(Some(bad)), None, "{bad}");
        }
    }
}
