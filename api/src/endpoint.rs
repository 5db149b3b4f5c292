//! Every route of the API in one table: method, path, and the capability its caller needs. A handler cannot be
//! reached without its row, because the guard in front of it asks for one.

use crate::permission::Capability;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may knock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, logged in or not.
    Public,
    /// Whoever is logged in and whose role holds the capability; the object decides the rest.
    With(Capability),
}

/// What a request has to bring along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// A JSON body.
    Body,
    /// A form with a file.
    Form,
    /// `If-Match`.
    Version,
    /// Both.
    VersionAndBody,
}

macro_rules! endpoints {
    ($($variant:ident = $method:ident $path:literal, $access:expr, $needs:ident;)*) => {
        /// A row of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Endpoint { $($variant),* }

        impl Endpoint {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn method(self) -> Method {
                match self { $(Self::$variant => Method::$method),* }
            }

            /// Below `/api/v1`, with `{name}` for parameters.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$variant => $path),* }
            }

            pub const fn access(self) -> Access {
                use Access::{Public, With};
                use Capability as C;
                match self { $(Self::$variant => $access),* }
            }

            pub const fn needs(self) -> Needs {
                match self { $(Self::$variant => Needs::$needs),* }
            }
        }
    };
}

endpoints! {
    Login = Post "/auth/login", Public, Body;
    Token = Post "/auth/token", Public, Body;
    Refresh = Post "/auth/refresh", Public, Nothing;
    ForgotPassword = Post "/auth/forgot-password", Public, Body;
    ResetPassword = Post "/auth/reset-password", Public, Body;
    SetupState = Get "/setup", Public, Nothing;
    Setup = Post "/setup", Public, Body;
    Logout = Post "/auth/logout", With(C::OwnAccount), Nothing;
    Me = Get "/auth/me", With(C::OwnAccount), Nothing;
    UpdateMe = Patch "/auth/me", With(C::OwnAccount), VersionAndBody;
    ChangePassword = Put "/auth/password", With(C::OwnAccount), Body;
    ListSessions = Get "/auth/sessions", With(C::OwnAccount), Nothing;
    EndSession = Delete "/auth/sessions/{id}", With(C::OwnAccount), Nothing;
    ListTokens = Get "/auth/tokens", With(C::OwnAccount), Nothing;
    CreateToken = Post "/auth/tokens", With(C::OwnAccount), Body;
    RevokeToken = Delete "/auth/tokens/{id}", With(C::OwnAccount), Nothing;

    ListUsers = Get "/users", With(C::ManagePeople), Nothing;
    CreateUser = Post "/users", With(C::ManagePeople), Body;
    GetUser = Get "/users/{id}", With(C::ManagePeople), Nothing;
    UpdateUser = Patch "/users/{id}", With(C::ManagePeople), VersionAndBody;
    ResetUserPassword = Post "/users/{id}/reset-password", With(C::ManagePeople), Nothing;
    ListPasswordResets = Get "/users/password-resets", With(C::ManagePeople), Nothing;

    ListDepartments = Get "/departments", With(C::OwnAccount), Nothing;
    CreateDepartment = Post "/departments", With(C::ManageDepartments), Body;
    GetDepartment = Get "/departments/{id}", With(C::OwnAccount), Nothing;
    UpdateDepartment = Patch "/departments/{id}", With(C::ManageDepartments), VersionAndBody;
    DeleteDepartment = Delete "/departments/{id}", With(C::ManageDepartments), Version;

    ListTemplates = Get "/templates", With(C::UseTemplates), Nothing;
    CreateTemplate = Post "/templates", With(C::ManageTemplates), Body;
    GetTemplate = Get "/templates/{id}", With(C::UseTemplates), Nothing;
    UpdateTemplate = Patch "/templates/{id}", With(C::ManageTemplates), VersionAndBody;
    DeleteTemplate = Delete "/templates/{id}", With(C::ManageTemplates), Version;
    ListTemplateVersions = Get "/templates/{id}/versions", With(C::ManageTemplates), Nothing;
    ListAssignments = Get "/templates/{id}/assignments", With(C::ManageTemplates), Nothing;
    AssignTemplate = Post "/templates/{id}/assign", With(C::ManageTemplates), Body;
    UndoAssignment = Post "/assignments/{id}/undo", With(C::ManageTemplates), Nothing;

    ListKpis = Get "/kpis", With(C::SeeKpi), Nothing;
    CreateKpi = Post "/kpis", With(C::CreateKpi), Body;
    KpiStats = Get "/kpis/stats", With(C::SeeKpi), Nothing;
    PreviewKpi = Post "/kpis/preview", With(C::CreateKpi), Body;
    CopyKpis = Post "/kpis/copy", With(C::CreateKpi), Body;
    GetKpi = Get "/kpis/{id}", With(C::SeeKpi), Nothing;
    UpdateKpi = Patch "/kpis/{id}", With(C::EditKpi), VersionAndBody;
    DeleteKpi = Delete "/kpis/{id}", With(C::DeleteKpi), Version;
    ApplyTemplate = Post "/kpis/{id}/apply-template", With(C::EditKpi), VersionAndBody;
    SubmitKpi = Post "/kpis/{id}/submit", With(C::SubmitKpi), Version;
    RecallKpi = Post "/kpis/{id}/recall", With(C::SubmitKpi), Version;
    ApproveKpi = Post "/kpis/{id}/approve", With(C::DecideKpi), Version;
    RejectKpi = Post "/kpis/{id}/reject", With(C::DecideKpi), Version;
    SubmitResult = Post "/kpis/{id}/submit-result", With(C::SubmitKpi), Version;
    AcceptKpi = Post "/kpis/{id}/accept", With(C::DecideKpi), Version;
    ReturnKpi = Post "/kpis/{id}/return", With(C::DecideKpi), Version;
    ReviseKpi = Post "/kpis/{id}/revise", With(C::SubmitKpi), VersionAndBody;
    ReopenKpi = Post "/kpis/{id}/reopen", With(C::ReopenKpi), Version;
    UndoDecision = Post "/kpis/{id}/undo-decision", With(C::DecideKpi), Version;
    ListComments = Get "/kpis/{id}/comments", With(C::SeeKpi), Nothing;
    CreateComment = Post "/kpis/{id}/comments", With(C::Comment), Body;
    ListMentionable = Get "/kpis/{id}/mentionable", With(C::Comment), Nothing;
    UpdateComment = Patch "/comments/{id}", With(C::Comment), VersionAndBody;
    DeleteComment = Delete "/comments/{id}", With(C::Comment), Version;
    ListCommentRevisions = Get "/comments/{id}/revisions", With(C::SeeKpi), Nothing;
    ListCheckIns = Get "/kpis/{id}/check-ins", With(C::SeeKpi), Nothing;
    CheckIn = Post "/kpis/{id}/check-ins", With(C::CheckIn), Body;
    CorrectCheckIn = Post "/check-ins/{id}/correct", With(C::CheckIn), Body;
    KpiHistory = Get "/kpis/{id}/history", With(C::SeeKpi), Nothing;
    KpiReceipt = Get "/kpis/{id}/receipt", With(C::SeeKpi), Nothing;

    ListEvidence = Get "/kpis/{id}/evidence", With(C::SeeEvidence), Nothing;
    AddEvidence = Post "/kpis/{id}/evidence", With(C::ManageEvidence), Form;
    EvidenceLimits = Get "/evidence/limits", With(C::OwnAccount), Nothing;
    GetEvidence = Get "/evidence/{id}", With(C::SeeEvidence), Nothing;
    DeleteEvidence = Delete "/evidence/{id}", With(C::ManageEvidence), Nothing;
    EvidenceContent = Get "/evidence/{id}/content", With(C::SeeEvidence), Nothing;
    EvidenceThumbnail = Get "/evidence/{id}/thumbnail", With(C::SeeEvidence), Nothing;
    EvidencePreview = Get "/evidence/{id}/preview", With(C::SeeEvidence), Nothing;

    MyWork = Get "/my-work", With(C::SeeKpi), Nothing;
    Approvals = Get "/approvals", With(C::SeeQueue), Nothing;
    DecideInBulk = Post "/approvals/bulk", With(C::SeeQueue), Body;
    ListDelegations = Get "/delegations", With(C::OwnAccount), Nothing;
    CreateDelegation = Post "/delegations", With(C::Delegate), Body;
    EndDelegation = Delete "/delegations/{id}", With(C::OwnAccount), Version;
    ListDelegates = Get "/delegations/candidates", With(C::Delegate), Nothing;
    ListNotifications = Get "/notifications", With(C::OwnAccount), Nothing;
    ReadNotification = Post "/notifications/{id}/read", With(C::OwnAccount), Nothing;
    ReadAllNotifications = Post "/notifications/read-all", With(C::OwnAccount), Nothing;
    NotificationPreferences = Get "/notifications/preferences", With(C::OwnAccount), Nothing;
    PutNotificationPreferences = Put "/notifications/preferences", With(C::OwnAccount), VersionAndBody;
    Events = Get "/events", With(C::OwnAccount), Nothing;
    Summary = Get "/analytics/summary", With(C::SeeKpi), Nothing;
    ByQuarter = Get "/analytics/by-quarter", With(C::SeeKpi), Nothing;
    ByDepartment = Get "/analytics/by-department", With(C::SeeTeam), Nothing;
    ListPeriods = Get "/periods", With(C::SeeKpi), Nothing;

    ListRules = Get "/rules", With(C::ManageRules), Nothing;
    CreateRule = Post "/rules", With(C::ManageRules), Body;
    GetVocabulary = Get "/rules/vocabulary", With(C::ManageRules), Nothing;
    ListRecipes = Get "/rules/recipes", With(C::ManageRules), Nothing;
    GetRecipeSource = Post "/rules/recipes/{key}/source", With(C::ManageRules), Body;
    GetRule = Get "/rules/{id}", With(C::ManageRules), Nothing;
    PreviewRule = Post "/rules/{id}/preview", With(C::ManageRules), Body;
    ListRescores = Get "/rules/{id}/rescores", With(C::ManageRules), Nothing;
    GetRescore = Get "/rescores/{id}", With(C::ManageRules), Nothing;
    ShadowRule = Put "/rules/{id}/shadow", With(C::ManageRules), Body;
    EndShadow = Delete "/rules/{id}/shadow", With(C::ManageRules), Nothing;
    ShadowReport = Get "/rules/{id}/shadow", With(C::ManageRules), Nothing;
    PreviewProgress = Get "/rules/previews/{ticket}", With(C::ManageRules), Nothing;
    CancelPreview = Delete "/rules/previews/{ticket}", With(C::ManageRules), Nothing;
    ListPlugins = Get "/plugins", With(C::ManagePlugins), Nothing;
    CheckPlugin = Post "/plugins/check", With(C::ManagePlugins), Form;
    InstallPlugin = Post "/plugins/install", With(C::ManagePlugins), Form;
    GetPlugin = Get "/plugins/{id}", With(C::ManagePlugins), Nothing;
    EnablePlugin = Post "/plugins/{id}/enable", With(C::ManagePlugins), VersionAndBody;
    DisablePlugin = Post "/plugins/{id}/disable", With(C::ManagePlugins), Version;
    UninstallPlugin = Delete "/plugins/{id}", With(C::ManagePlugins), Version;
    GetPluginSettings = Get "/plugins/{id}/settings", With(C::ManagePlugins), Nothing;
    PutPluginSettings = Put "/plugins/{id}/settings", With(C::ManagePlugins), VersionAndBody;
    PluginLog = Get "/plugins/{id}/log", With(C::ManagePlugins), Nothing;
    TestPlugin = Post "/plugins/{id}/test", With(C::ManagePlugins), Body;
    PluginWidgets = Get "/dashboard/widgets", With(C::OwnAccount), Nothing;
    DeleteRule = Delete "/rules/{id}", With(C::ManageRules), Version;
    PutRuleDraft = Put "/rules/{id}/draft", With(C::ManageRules), VersionAndBody;
    DiscardRuleDraft = Delete "/rules/{id}/draft", With(C::ManageRules), Version;
    CheckRule = Post "/rules/{id}/check", With(C::ManageRules), Body;
    ListRuleTests = Get "/rules/{id}/tests", With(C::ManageRules), Nothing;
    PutRuleTests = Put "/rules/{id}/tests", With(C::ManageRules), VersionAndBody;
    TestRule = Post "/rules/{id}/tests/run", With(C::ManageRules), Body;
    RunRule = Post "/rules/{id}/run", With(C::ManageRules), Body;
    ListRuleSamples = Get "/rules/{id}/samples", With(C::ManageRules), Nothing;
    PublishRule = Post "/rules/{id}/publish", With(C::ManageRules), VersionAndBody;
    RollBackRule = Post "/rules/{id}/rollback", With(C::ManageRules), VersionAndBody;
    RetireRule = Post "/rules/{id}/retire", With(C::ManageRules), Version;
    ListRuleVersions = Get "/rules/{id}/versions", With(C::ManageRules), Nothing;
    GetRuleVersion = Get "/rules/{id}/versions/{version}", With(C::ManageRules), Nothing;
    DiffRule = Get "/rules/{id}/diff", With(C::ManageRules), Nothing;
    GetScoringPolicy = Get "/scoring-policy", With(C::OwnAccount), Nothing;
    GetSettings = Get "/settings", With(C::ManageSettings), Nothing;
    UpdateSettings = Patch "/settings", With(C::ManageSettings), VersionAndBody;
    TestMail = Post "/settings/test-mail", With(C::ManageSettings), Body;
    ListMails = Get "/mails", With(C::ManageSettings), Nothing;
    AuditLog = Get "/audit-log", With(C::SeeAudit), Nothing;
    VerifyAudit = Get "/audit-log/verify", With(C::SeeAudit), Nothing;
    ListJobs = Get "/jobs", With(C::SeeJobs), Nothing;
    RunJob = Post "/jobs/{name}/run", With(C::RunJobs), Nothing;
    ListJobRuns = Get "/jobs/{name}/runs", With(C::SeeJobs), Nothing;
    RehearseReminders = Get "/jobs/reminders/rehearsal", With(C::SeeJobs), Nothing;
}

impl Endpoint {
    pub const fn needs_version(self) -> bool {
        matches!(self.needs(), Needs::Version | Needs::VersionAndBody)
    }

    /// Whether it changes something; such requests need the CSRF header when the caller came by cookie.
    pub const fn is_unsafe(self) -> bool {
        !matches!(self.method(), Method::Get)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_route_stands_twice() {
        let all: HashSet<_> = Endpoint::ALL.iter().map(|e| (e.method().as_str(), e.path())).collect();
        assert_eq!(all.len(), Endpoint::ALL.len());
    }
}
