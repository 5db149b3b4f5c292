//! The threads, oldest first, and the field for a new one below them.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{
    comment::{CommentList, CommentNew, CommentView},
    id::{CommentId, KpiId},
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    acts::{Asked, Doing},
    comment::{Comment, Reply, place},
    composer::Composer,
    revisions::RevisionsDialog,
};
use crate::{
    core::{api, browser, remote::UseRemote, session::use_me, submit::use_submit, toast::use_toaster},
    t, tn,
    ui::{Confirm, EmptyState, FormError, IconName, SkeletonRows, remote},
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct CommentsTabProps {
    pub kpi: KpiId,
    pub comments: UseRemote<CommentList>,
}

#[component]
pub fn CommentsTab(props: &CommentsTabProps) -> Html {
    let kpi = props.kpi;
    let toaster = use_toaster();
    let asked = use_state(|| None::<Asked>);
    let turn = use_state(|| 0_u32);
    let refresh = props.comments.refresh.clone();
    let list = props.comments.remote.ready().cloned();
    let aimed = use_aim(list.is_some());
    let arrived = use_arrived(list.as_ref());

    let onask = {
        let asked = asked.setter();
        Callback::from(move |wish: Option<Asked>| asked.set(wish))
    };
    let onsent = {
        let refresh = refresh.clone();
        Callback::from(move |_: CommentView| refresh.emit(()))
    };
    let send = use_submit(
        move |body: String, key| async move {
            api::comments::create(kpi, &CommentNew { body, parent_id: None }, &key).await
        },
        {
            let (onsent, turn) = (onsent.clone(), turn.clone());
            Callback::from(move |comment: CommentView| {
                turn.set(*turn + 1);
                onsent.emit(comment);
            })
        },
    );
    let delete = use_submit(
        move |comment: CommentView, _| async move { api::comments::delete(comment.id, comment.version).await },
        {
            let (onask, refresh) = (onask.clone(), refresh.clone());
            Callback::from(move |()| {
                onask.emit(None);
                toaster.success(t!("comments.deleted_now"));
                refresh.emit(());
            })
        },
    );
    let close = {
        let (onask, dismiss) = (onask.clone(), delete.dismiss.clone());
        Callback::from(move |()| {
            dismiss.emit(());
            onask.emit(None);
        })
    };
    let wished = |doing: Doing| {
        (*asked).as_ref().filter(|asked| asked.doing == doing).map(|asked| asked.comment.clone())
    };
    let doomed = wished(Doing::Delete);
    let confirm = {
        let (run, doomed) = (delete.run.clone(), doomed.clone());
        Callback::from(move |()| {
            if let Some(comment) = &doomed {
                run.emit(comment.clone());
            }
        })
    };
    html! {
        <section class="surface p-4 sm:p-5" aria-label={t!("comments.title")}>
            <div class="sr-only" role="status">if arrived > 0 { { tn!("comments.arrived", arrived) } }</div>
            { remote::show(&props.comments, html! { <SkeletonRows rows={3} /> }, |list| html! {
                <>
                    if list.items.is_empty() {
                        <EmptyState icon={IconName::Message} title={t!("comments.none")} text={t!("comments.none_text")} />
                    } else {
                        <ol class="mb-5 space-y-4">
                            { for threads(&list.items).into_iter().map(|thread| thread_view(&thread, aimed, &asked, &onask, &refresh, &onsent)) }
                        </ol>
                    }
                    <Refusal error={send.error.clone()} />
                    <Composer id="comment-new" {kpi} label={t!("comments.new")} act={t!("comments.send")} busy={send.busy} turn={*turn} onsend={send.run.clone()} />
                </>
            }) }
            <Confirm id="comment-delete" title={t!("comments.delete_title")} text={t!("comments.delete_text")} act={t!("comments.delete")}
                open={doomed.is_some()} busy={delete.busy} onconfirm={confirm} onclose={close.clone()}>
                <FormError error={delete.error.clone()} />
            </Confirm>
            <RevisionsDialog comment={wished(Doing::Revisions)} onclose={close} />
        </section>
    }
}

/// Each thread with its answers, in the order of the server.
fn threads(items: &[CommentView]) -> Vec<Vec<CommentView>> {
    let mut threads: Vec<Vec<CommentView>> = Vec::new();
    for item in items {
        match threads.iter_mut().find(|thread| item.parent_id == Some(thread[0].id)) {
            Some(thread) => thread.push(item.clone()),
            None => threads.push(vec![item.clone()]),
        }
    }
    threads
}

fn thread_view(
    thread: &[CommentView],
    aimed: Option<CommentId>,
    asked: &Option<Asked>,
    onask: &Callback<Option<Asked>>,
    refresh: &Callback<()>,
    onsent: &Callback<CommentView>,
) -> Html {
    let first = &thread[0];
    let doing =
        |id: CommentId| asked.as_ref().filter(|asked| asked.comment.id == id).map(|asked| asked.doing);
    let one = |comment: &CommentView| {
        html! {
            <Comment comment={comment.clone()} aimed={aimed == Some(comment.id)} doing={doing(comment.id)} onask={onask.clone()} onchange={refresh.clone()} />
        }
    };
    let answered = asked.as_ref().filter(|asked| {
        asked.doing == Doing::Reply && thread.iter().any(|comment| comment.id == asked.comment.id)
    });
    html! {
        <li key={first.id.0}>
            { one(first) }
            if thread.len() > 1 || answered.is_some() {
                <div class="answers">
                    <ol class="space-y-3">
                        { for thread[1..].iter().map(|comment| html! { <li key={comment.id.0}>{ one(comment) }</li> }) }
                    </ol>
                    if let Some(asked) = answered {
                        <Reply key={first.id.0} thread={first.clone()} to={asked.comment.clone()} onask={onask.clone()} onsent={onsent.clone()} />
                    }
                </div>
            }
        </li>
    }
}

/// The comment that the address names, scrolled to once it is there.
#[hook]
fn use_aim(ready: bool) -> Option<CommentId> {
    let location = use_location();
    let aimed = location
        .as_ref()
        .and_then(|location| location.hash().strip_prefix("#comment-")?.parse::<CommentId>().ok());
    use_effect_with((aimed, ready), |(aimed, ready)| {
        let element = aimed.filter(|_| *ready).and_then(|id| {
            browser::document()?.get_element_by_id(&place(id))?.dyn_into::<HtmlElement>().ok()
        });
        if let Some(element) = element {
            element.scroll_into_view();
            element.focus().ok();
        }
    });
    aimed
}

/// How many comments of others have come with the latest news, for those who do not see them appear.
#[hook]
fn use_arrived(list: Option<&Rc<CommentList>>) -> usize {
    let me = use_me().user.id;
    let known = use_mut_ref(|| None::<BTreeSet<CommentId>>);
    let arrived = use_state_eq(|| 0_usize);
    use_effect_with(list.cloned(), {
        let arrived = arrived.setter();
        move |list| {
            let Some(list) = list else { return };
            let now: BTreeSet<CommentId> = list.items.iter().map(|comment| comment.id).collect();
            let before = known.borrow_mut().replace(now);
            let fresh = before.map_or(0, |before| {
                list.items
                    .iter()
                    .filter(|comment| comment.author.id != me && !before.contains(&comment.id))
                    .count()
            });
            arrived.set(fresh);
        }
    });
    *arrived
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{UserId, Version},
        time::Timestamp,
        user::Colleague,
    };

    use super::*;

    fn comment(id: i64, parent: Option<i64>) -> CommentView {
        CommentView {
            id: CommentId(id),
            kpi_id: KpiId(1),
            parent_id: parent.map(CommentId),
            author: Colleague { id: UserId(1), name: "Ada".into(), username: "ada".into() },
            body: Some("text".into()),
            mentions: Vec::new(),
            created_at: Timestamp(0),
            edited_at: None,
            deleted_at: None,
            revisions: 0,
            may_edit: false,
            may_delete: false,
            version: Version(1),
        }
    }

    #[test]
    fn answers_stand_below_what_they_answer() {
        let items = [comment(1, None), comment(4, Some(1)), comment(2, None), comment(3, Some(2))];
        let ids: Vec<Vec<i64>> = threads(&items)
            .iter()
            .map(|thread| thread.iter().map(|comment| comment.id.0).collect())
            .collect();
        assert_eq!(ids, [vec![1, 4], vec![2, 3]]);
    }
}
