//! What a comment said before it was edited.

use kpi_api::{comment::CommentView, id::CommentId};
use yew::prelude::*;

use super::text::CommentText;
use crate::{
    core::{api, format, remote::use_remote},
    t,
    ui::{Dialog, SkeletonLines, remote},
};

#[derive(Properties, PartialEq)]
pub struct RevisionsDialogProps {
    pub comment: Option<CommentView>,
    pub onclose: Callback<()>,
}

#[component]
pub fn RevisionsDialog(props: &RevisionsDialogProps) -> Html {
    html! {
        <Dialog id="comment-revisions" title={t!("comments.revisions")} open={props.comment.is_some()} onclose={props.onclose.clone()}>
            if let Some(comment) = &props.comment { <Revisions id={comment.id} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct RevisionsProps {
    id: CommentId,
}

#[component]
fn Revisions(props: &RevisionsProps) -> Html {
    let list = use_remote(props.id, |id| async move { api::comments::revisions(id).await });
    remote::show(&list, html! { <SkeletonLines lines={3} /> }, |list| {
        html! {
            <ol class="space-y-4">
                { for list.items.iter().map(|revision| html! {
                    <li class="border-s-2 border-base-300 ps-3">
                        <p class="text-xs text-muted">{ t!("comments.until", from = format::date_time(revision.written_at), to = format::date_time(revision.replaced_at)) }</p>
                        <CommentText text={revision.body.clone()} mentions={Vec::new()} />
                    </li>
                }) }
            </ol>
        }
    })
}
