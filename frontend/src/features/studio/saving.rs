//! Saving a draft by itself: a moment after the last key, one request at a time, kept in the browser until it worked.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use kpi_api::{
    id::{RuleId, Version},
    rules::{RuleDetail, cases::Diagnostic},
};
use yew::prelude::*;

use super::work::{Cases, Kept, Phase, Step, Work, Writing};
use crate::core::{api, client::Answer, draft::use_draft};

const PAUSE_MS: u32 = 900;

/// A rule as the server has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    pub rule: RuleDetail,
    /// A file only while it cannot be read.
    pub cases: Cases,
    /// Why not.
    pub fault: Option<Diagnostic>,
}

impl Loaded {
    pub async fn load(id: RuleId) -> Answer<Self> {
        let (rule, tests) =
            futures_util::future::try_join(api::rules::get(id), api::rules::tests(id)).await?;
        let cases = match &tests.fault {
            Some(_) => Cases::File(tests.text.into()),
            None => Cases::Listed(Rc::new(tests.items)),
        };
        Ok(Self { rule, cases, fault: tests.fault })
    }

    /// What is written at present: the draft, else what is published.
    pub fn writing(&self) -> Writing {
        let source = self.rule.draft.as_ref().map_or(&self.rule.source, |draft| &draft.source);
        Writing { source: source.clone().into(), cases: self.cases.clone() }
    }

    pub fn revision(&self) -> Version {
        self.rule.rule.revision
    }
}

/// What [`use_work`] gives.
pub struct UseWork {
    pub work: UseReducerHandle<Work>,
    /// What was left in the browser while somebody else went on, to be offered back.
    pub found: Option<Kept>,
    /// Forgets it.
    pub forget: Callback<()>,
    /// Saves at once.
    pub save: Callback<()>,
}

#[hook]
pub fn use_work(loaded: &Rc<Loaded>, set: Callback<Loaded>, refresh: Callback<()>) -> UseWork {
    let id = loaded.rule.rule.id;
    let draft = use_draft::<Kept>(format!("rule-{id}").into());
    let work = use_reducer({
        let loaded = Rc::clone(loaded);
        move || Work::new(loaded.writing(), loaded.revision())
    });
    let found = draft.found.clone().filter(|kept| kept.writing() != work.mine);
    // What was typed just before the page went away goes on where it stopped.
    use_effect_with((), {
        let (found, work, clear) = (found.clone(), work.dispatcher(), draft.clear.clone());
        let revision = loaded.revision();
        move |()| {
            if let Some(kept) = found.filter(|kept| kept.revision == revision) {
                clear.emit(());
                work.dispatch(Step::Brought(kept.writing()));
            }
        }
    });
    use_effect_with(Rc::clone(loaded), {
        let work = work.dispatcher();
        move |loaded: &Rc<Loaded>| work.dispatch(Step::Server(loaded.writing(), loaded.revision()))
    });
    use_effect_with(matches!(work.phase, Phase::Overtaken(None)), {
        let refresh = refresh.clone();
        move |overtaken| {
            if *overtaken {
                refresh.emit(());
            }
        }
    });
    let was_dirty = use_mut_ref(|| false);
    use_effect_with((work.mine.clone(), work.is_dirty()), {
        let (work, keep, clear) = (work.clone(), draft.keep.clone(), draft.clear.clone());
        move |(_, dirty)| {
            if *dirty {
                keep.emit(work.kept());
            } else if *was_dirty.borrow() {
                clear.emit(());
            }
            *was_dirty.borrow_mut() = *dirty;
        }
    });
    let save = {
        let work = work.clone();
        Callback::from(move |()| {
            if !work.wants_saving() {
                return;
            }
            let (body, revision, sent) = (work.body(), work.revision, work.mine.cases.clone());
            let (dispatch, set, refresh) = (work.dispatcher(), set.clone(), refresh.clone());
            dispatch.dispatch(Step::Sending);
            yew::platform::spawn_local(async move {
                match api::rules::save_draft(id, revision, &body).await {
                    Ok(rule) => {
                        dispatch.dispatch(Step::Saved(rule.rule.revision));
                        match sent {
                            Cases::Listed(_) => set.emit(Loaded { rule, cases: sent, fault: None }),
                            Cases::File(_) => refresh.emit(()),
                        }
                    }
                    Err(error) => dispatch.dispatch(Step::Refused(error)),
                }
            });
        })
    };
    use_effect_with((work.mine.clone(), work.wants_saving()), {
        let save = save.clone();
        move |(_, wanted)| {
            let timeout = wanted.then(|| Timeout::new(PAUSE_MS, move || save.emit(())));
            move || drop(timeout)
        }
    });
    let found = found.filter(|kept| kept.revision != loaded.revision());
    UseWork { work, found, forget: draft.clear, save }
}
