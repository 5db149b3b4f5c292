//! One comment: who said what when, and what may be done with it.

use kpi_api::{
    comment::{CommentNew, CommentView},
    id::{CommentId, Version},
};
use yew::prelude::*;

use super::{
    acts::{Asked, Doing},
    composer::Composer,
    text::CommentText,
};
use crate::{
    core::{api, browser, format, submit::use_submit},
    t, tn,
    ui::{Avatar, Button, ButtonKind, ButtonSize},
    widgets::{Ago, Refusal},
};

/// Id of a comment on the page; also what stands behind the `#` of a link to it.
pub fn place(id: CommentId) -> String {
    format!("comment-{id}")
}

#[derive(Properties, PartialEq)]
pub struct CommentProps {
    pub comment: CommentView,
    /// A link has led here.
    pub aimed: bool,
    /// What is being done with this one.
    pub doing: Option<Doing>,
    pub onask: Callback<Option<Asked>>,
    /// The list is not what it was any more.
    pub onchange: Callback<()>,
}

#[component]
pub fn Comment(props: &CommentProps) -> Html {
    let comment = &props.comment;
    let ask = |doing: Doing| {
        let (onask, comment) = (props.onask.clone(), comment.clone());
        Callback::from(move |_: MouseEvent| onask.emit(Some(Asked { comment: comment.clone(), doing })))
    };
    let body = match (&comment.body, props.doing) {
        (None, _) => html! { <p class="text-sm text-muted italic">{ t!("comments.deleted") }</p> },
        (Some(body), Some(Doing::Edit)) => html! {
            <Edit comment={comment.clone()} text={body.clone()} onask={props.onask.clone()} onchange={props.onchange.clone()} />
        },
        (Some(body), _) => html! { <CommentText text={body.clone()} mentions={comment.mentions.clone()} /> },
    };
    let small = |label: AttrValue, id: String, doing: Doing| {
        html! {
            <Button {label} {id} kind={ButtonKind::Ghost} size={ButtonSize::Small} class="btn-xs text-muted" onclick={ask(doing)} />
        }
    };
    let reply_id = format!("reply-{}", comment.id);
    let heading = format!("{}-author", place(comment.id));
    html! {
        <article id={place(comment.id)} tabindex="-1" aria-labelledby={heading.clone()} class={classes!("comment", props.aimed.then_some("is-aimed"))}>
            <Avatar name={comment.author.name.clone()} />
            <div class="min-w-0 flex-1">
                <p class="flex flex-wrap items-baseline gap-x-2 text-sm">
                    <span id={heading} class="font-medium">{ comment.author.name.clone() }</span>
                    <span class="text-xs text-muted"><Ago at={comment.created_at} /></span>
                    if let (Some(at), None) = (comment.edited_at, comment.deleted_at) {
                        <button type="button" class="link link-hover text-xs text-muted" title={t!("comments.edited_at", when = format::date_time(at))} onclick={ask(Doing::Revisions)}>
                            { tn!("comments.edited", comment.revisions.max(1)) }
                        </button>
                    }
                </p>
                { body }
                if props.doing != Some(Doing::Edit) {
                    <div class="-ms-2 mt-0.5 flex flex-wrap gap-1">
                        if comment.deleted_at.is_none() { { small(t!("comments.reply"), reply_id, Doing::Reply) } }
                        if comment.may_edit { { small(t!("comments.edit"), format!("edit-{}", comment.id), Doing::Edit) } }
                        if comment.may_delete { { small(t!("comments.delete"), format!("delete-{}", comment.id), Doing::Delete) } }
                    </div>
                }
            </div>
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct EditProps {
    comment: CommentView,
    text: AttrValue,
    onask: Callback<Option<Asked>>,
    onchange: Callback<()>,
}

#[component]
fn Edit(props: &EditProps) -> Html {
    let comment = &props.comment;
    // What was seen when the editing began; a newer one is only taken when asked for.
    let version = use_state(|| comment.version);
    let id = comment.id;
    let turn = use_state(|| 0_u32);
    let back = {
        let onask = props.onask.clone();
        Callback::from(move |()| {
            onask.emit(None);
            browser::focus_soon(format!("edit-{id}"));
        })
    };
    let save = use_submit(
        move |(version, body): (Version, String), _| async move { api::comments::update(id, version, body).await },
        {
            let (back, onchange, turn) = (back.clone(), props.onchange.clone(), turn.clone());
            Callback::from(move |_: CommentView| {
                turn.set(*turn + 1);
                onchange.emit(());
                back.emit(());
            })
        },
    );
    let onlatest = {
        let (version, now, dismiss) = (version.clone(), comment.version, save.dismiss.clone());
        let onchange = props.onchange.clone();
        Callback::from(move |()| {
            version.set(now);
            onchange.emit(());
            dismiss.emit(());
        })
    };
    let onsend = {
        let (run, version) = (save.run.clone(), *version);
        Callback::from(move |body: String| run.emit((version, body)))
    };
    html! {
        <div class="my-2 space-y-2">
            <Refusal error={save.error.clone()} {onlatest} />
            <Composer id={format!("comment-edit-{id}")} kpi={comment.kpi_id} label={t!("comments.edit_label")} text={props.text.clone()}
                act={t!("comments.save")} busy={save.busy} turn={*turn} {onsend} oncancel={back} autofocus=true />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct ReplyProps {
    /// The one that opened the thread.
    pub thread: CommentView,
    /// The one that is answered.
    pub to: CommentView,
    pub onask: Callback<Option<Asked>>,
    pub onsent: Callback<CommentView>,
}

/// The field below a thread.
#[component]
pub fn Reply(props: &ReplyProps) -> Html {
    let (kpi, thread, to) = (props.thread.kpi_id, props.thread.id, props.to.id);
    let turn = use_state(|| 0_u32);
    let send = use_submit(
        move |body: String, key| async move {
            api::comments::create(kpi, &CommentNew { body, parent_id: Some(to) }, &key).await
        },
        {
            let (onsent, onask, turn) = (props.onsent.clone(), props.onask.clone(), turn.clone());
            Callback::from(move |comment: CommentView| {
                turn.set(*turn + 1);
                onask.emit(None);
                onsent.emit(comment);
            })
        },
    );
    let back = {
        let onask = props.onask.clone();
        Callback::from(move |()| {
            onask.emit(None);
            browser::focus_soon(format!("reply-{to}"));
        })
    };
    html! {
        <div class="space-y-2">
            <Refusal error={send.error.clone()} />
            <Composer id={format!("comment-reply-{thread}")} {kpi} label={t!("comments.reply_to", name = props.to.author.name)}
                act={t!("comments.reply")} busy={send.busy} turn={*turn} onsend={send.run.clone()} oncancel={back} autofocus=true />
        </div>
    }
}
