//! A notification: its sentence, what was said with it, when, and the way to the act.

use kpi_api::notification::{NotificationKind, NotificationView};
use yew::prelude::*;

use super::ago::Ago;
use crate::{
    core::{api, format, i18n, notices::use_notices},
    t, tn,
    ui::{Icon, IconName, PathLink, input::parse_date},
};

/// Who did what, in one sentence.
pub fn sentence(notice: &NotificationView) -> AttrValue {
    let data = &notice.data;
    let who = data.actor_name.clone().map_or_else(|| t!("notice.somebody"), AttrValue::from);
    let kpi = data.kpi_title.clone().unwrap_or_default();
    let name = data.name.clone().unwrap_or_default();
    let day = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        parse_date(text).map_or_else(|| text.to_owned().into(), format::date)
    };
    match notice.kind {
        NotificationKind::Submitted => match data.event.as_deref() {
            Some("kpi.in_review") => t!("notice.result", who = who, kpi = kpi),
            Some("kpi.revised") => t!("notice.revised", who = who, kpi = kpi),
            _ => t!("notice.submitted", who = who, kpi = kpi),
        },
        NotificationKind::Approved => t!("notice.approved", who = who, kpi = kpi),
        NotificationKind::Rejected => t!("notice.rejected", who = who, kpi = kpi),
        NotificationKind::Returned => t!("notice.returned", who = who, kpi = kpi),
        NotificationKind::Accepted => t!("notice.accepted", who = who, kpi = kpi),
        NotificationKind::Reopened => t!("notice.reopened", who = who, kpi = kpi),
        NotificationKind::Commented => t!("notice.commented", who = who, kpi = kpi),
        NotificationKind::Mentioned => t!("notice.mentioned", who = who, kpi = kpi),
        NotificationKind::EvidenceAdded => {
            tn!("notice.evidence", data.count, who = who, name = name, kpi = kpi)
        }
        NotificationKind::Reminder => match &data.title {
            Some(title) => i18n::said(title),
            None => t!("notice.reminder", kpi = kpi),
        },
        NotificationKind::RuleTrouble => t!("notice.rule_trouble", name = name),
        NotificationKind::RuleRescored => t!("notice.rule_rescored", name = name),
        NotificationKind::ServerTrouble => {
            t!("notice.server_trouble", name = i18n::word("job", data.name.as_deref().unwrap_or_default()))
        }
        NotificationKind::Plugin => match &data.title {
            Some(title) => t!("notice.plugin", name = name, title = i18n::said(title)),
            None => t!("notice.plugin_untitled", name = name),
        },
        NotificationKind::PluginTrouble => t!("notice.plugin_trouble", name = name),
        NotificationKind::Assigned => t!("notice.assigned", who = who, kpi = kpi),
        NotificationKind::Delegated => {
            t!("notice.delegated", who = who, from = day(&data.from), to = day(&data.to))
        }
    }
}

/// What stands below the sentence: the reason, the beginning of the comment, what the rule says.
fn said_with_it(notice: &NotificationView) -> Option<AttrValue> {
    let data = &notice.data;
    let text = match notice.kind {
        // Their reason is the rule's own word for the occasion, not a sentence.
        NotificationKind::Reminder
        | NotificationKind::RuleTrouble
        | NotificationKind::RuleRescored
        | NotificationKind::ServerTrouble
        | NotificationKind::Plugin
        | NotificationKind::PluginTrouble => data.text.as_ref().map(i18n::said),
        _ => data.reason.clone().or_else(|| data.excerpt.clone()).map(AttrValue::from),
    };
    text.filter(|text| !text.is_empty())
}

const fn icon(kind: NotificationKind) -> IconName {
    match kind {
        NotificationKind::Submitted => IconName::Send,
        NotificationKind::Approved => IconName::Check,
        NotificationKind::Accepted => IconName::CheckCircle,
        NotificationKind::Rejected | NotificationKind::Returned | NotificationKind::Reopened => {
            IconName::Undo
        }
        NotificationKind::Commented | NotificationKind::Mentioned => IconName::Message,
        NotificationKind::EvidenceAdded => IconName::File,
        NotificationKind::Reminder => IconName::Clock,
        NotificationKind::RuleTrouble | NotificationKind::ServerTrouble | NotificationKind::PluginTrouble => {
            IconName::Alert
        }
        NotificationKind::Plugin | NotificationKind::RuleRescored => IconName::Bell,
        NotificationKind::Assigned => IconName::Layers,
        NotificationKind::Delegated => IconName::Users,
    }
}

/// Marks a notification as read; without one, all of them.
#[hook]
pub fn use_read(done: Callback<()>) -> Callback<Option<NotificationView>> {
    let counted = use_notices().counted;
    Callback::from(move |notice: Option<NotificationView>| {
        if notice.as_ref().is_some_and(|notice| notice.read_at.is_some()) {
            return;
        }
        let (done, counted) = (done.clone(), counted.clone());
        yew::platform::spawn_local(async move {
            let answer = match notice {
                Some(notice) => api::notifications::read(notice.id).await,
                None => api::notifications::read_all().await,
            };
            // One that could not be marked stays unread, which is seen.
            if let Ok(count) = answer {
                counted.emit(count.unread_count);
                done.emit(());
            }
        });
    })
}

#[derive(Properties, PartialEq)]
pub struct NoticeLineProps {
    pub notice: NotificationView,
    pub onfollow: Callback<NotificationView>,
    /// Whether a plugin's message is shown to its end; it stands nowhere else in the app.
    #[prop_or_default]
    pub whole: bool,
    /// At the end, e.g. a button.
    #[prop_or_default]
    pub actions: Html,
}

#[component]
pub fn NoticeLine(props: &NoticeLineProps) -> Html {
    let notice = &props.notice;
    let unread = notice.read_at.is_none();
    let height = if props.whole && notice.kind == NotificationKind::Plugin {
        "whitespace-pre-line"
    } else {
        "line-clamp-2"
    };
    let onfollow = {
        let (onfollow, notice) = (props.onfollow.clone(), notice.clone());
        Callback::from(move |()| onfollow.emit(notice.clone()))
    };
    html! {
        <div class="flex items-start gap-3 px-4 py-3">
            <span class={classes!("notice-mark", unread.then_some("is-unread"))}><Icon name={icon(notice.kind)} /></span>
            <div class="min-w-0 flex-1 text-sm">
                <PathLink to={notice.link.clone()} class={classes!("block", "break-words", "hover:underline", unread.then_some("font-medium"))} {onfollow}>
                    if unread { <span class="sr-only">{ t!("notice.unread") }{ " " }</span> }
                    { sentence(notice) }
                </PathLink>
                if let Some(text) = said_with_it(notice) {
                    <p class={classes!("mt-0.5", "break-words", "text-muted", height)}>{ text }</p>
                }
                <p class="mt-0.5 text-xs text-muted"><Ago at={notice.created_at} /></p>
            </div>
            { props.actions.clone() }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{id::NotificationId, notification::NotificationData, scoring::Said, time::Timestamp};

    use super::*;

    fn notice(kind: NotificationKind, data: NotificationData) -> NotificationView {
        let read_at = None;
        let link = "/".to_owned();
        NotificationView {
            id: NotificationId(1),
            kind,
            kpi_id: None,
            data,
            link,
            created_at: Timestamp(0),
            read_at,
        }
    }

    #[test]
    fn every_kind_makes_a_whole_sentence() {
        for kind in NotificationKind::ALL {
            let data = NotificationData {
                actor_name: Some("Ada".into()),
                kpi_title: Some("Tickets".into()),
                name: Some("report.pdf".into()),
                from: Some("2026-11-20".into()),
                to: Some("2026-11-27".into()),
                count: 2,
                ..NotificationData::default()
            };
            let said = sentence(&notice(*kind, data));
            assert!(
                said.len() > 10 && !said.contains("%{") && !said.starts_with("notice."),
                "{kind}: {said}"
            );
        }
    }

    #[test]
    fn a_result_is_told_from_a_new_kpi() {
        let of = |event: &str| {
            sentence(&notice(
                NotificationKind::Submitted,
                NotificationData { event: Some(event.into()), ..NotificationData::default() },
            ))
        };
        assert_ne!(of("kpi.in_review"), of("kpi.submitted"));
        assert_ne!(of("kpi.revised"), of("kpi.submitted"));
    }

    #[test]
    fn a_reminder_says_what_its_rule_says() {
        let data = NotificationData {
            title: Some(Said::plain("Nothing was recorded.")),
            text: Some(Said::plain("The last value is old.")),
            reason: Some("check_in".into()),
            ..NotificationData::default()
        };
        let notice = notice(NotificationKind::Reminder, data);
        assert_eq!(sentence(&notice), "Nothing was recorded.");
        assert_eq!(said_with_it(&notice).as_deref(), Some("The last value is old."));
    }
}
