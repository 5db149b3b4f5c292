//! Files on their way, whatever page one is on: at most three at a time, each with its progress, each to be stopped and
//! tried again. Leaving the app while some are under way asks first.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use gloo_events::{EventListener, EventListenerOptions};
use kpi_api::{evidence::EvidenceView, id::KpiId};
use web_sys::File;
use yew::prelude::*;

use crate::{
    core::{
        browser,
        client::Answer,
        error::ApiError,
        session::use_session,
        toast::use_toaster,
        upload::{self, Parcel, Stop},
    },
    tn,
};

/// More at once make each slower and the server busier.
const AT_ONCE: usize = 3;

#[derive(Debug, Clone, PartialEq)]
pub enum UploadState {
    Queued,
    /// The share that has left, 0 to 1; at 1 the server looks at the file.
    Sending(f64),
    Done(Rc<EvidenceView>),
    Failed(ApiError),
    Stopped,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    pub id: u32,
    /// Bytes.
    pub size: f64,
    pub state: UploadState,
    pub parcel: Rc<Parcel>,
}

impl Upload {
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, UploadState::Queued | UploadState::Sending(_))
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UploadList {
    pub all: Vec<Upload>,
    next: u32,
}

pub enum Step {
    Add(Vec<(Parcel, f64)>),
    Start(u32),
    Move(u32, f64),
    End(u32, Answer<Rc<EvidenceView>>),
    Stop(u32),
    Again(u32),
    Dismiss(u32),
    Clear,
}

impl UploadList {
    fn step(&self, step: Step) -> Self {
        let mut list = self.clone();
        match step {
            Step::Add(parcels) => {
                for (parcel, size) in parcels {
                    let (id, state) = (list.next, UploadState::Queued);
                    list.all.push(Upload { id, size, state, parcel: Rc::new(parcel) });
                    list.next = list.next.wrapping_add(1);
                }
            }
            Step::Start(id) => list.turn(id, |_| Some(UploadState::Sending(0.0))),
            Step::Move(id, share) => list.turn(id, |state| {
                matches!(state, UploadState::Sending(_)).then_some(UploadState::Sending(share))
            }),
            Step::End(id, answer) => list.turn(id, |state| match (state, answer) {
                // Stopped too late: it is there.
                (_, Ok(view)) => Some(UploadState::Done(view)),
                (UploadState::Sending(_), Err(error)) => Some(UploadState::Failed(error)),
                _ => None,
            }),
            Step::Stop(id) => list.turn(id, |_| Some(UploadState::Stopped)),
            Step::Again(id) => list.turn(id, |state| {
                matches!(state, UploadState::Failed(_) | UploadState::Stopped).then_some(UploadState::Queued)
            }),
            Step::Dismiss(id) => list.all.retain(|upload| upload.id != id),
            Step::Clear => list.all.clear(),
        }
        list
    }

    fn turn(&mut self, id: u32, to: impl FnOnce(&UploadState) -> Option<UploadState>) {
        if let Some(upload) = self.all.iter_mut().find(|upload| upload.id == id)
            && let Some(state) = to(&upload.state)
        {
            upload.state = state;
        }
    }

    fn to_start(&self) -> Vec<u32> {
        let sending =
            self.all.iter().filter(|upload| matches!(upload.state, UploadState::Sending(_))).count();
        let queued = self.all.iter().filter(|upload| upload.state == UploadState::Queued);
        queued.take(AT_ONCE.saturating_sub(sending)).map(|upload| upload.id).collect()
    }

    pub fn of(&self, kpi: KpiId) -> impl Iterator<Item = &Upload> {
        self.all.iter().filter(move |upload| upload.parcel.kpi == kpi)
    }

    /// How many have arrived at a KPI; moves with each one.
    pub fn arrived(&self, kpi: KpiId) -> usize {
        self.of(kpi).filter(|upload| matches!(upload.state, UploadState::Done(_))).count()
    }

    /// Bytes that are still to come, of one person's quota.
    pub fn coming(&self) -> f64 {
        self.all.iter().filter(|upload| upload.is_under_way()).map(|upload| upload.size).sum()
    }

    pub fn under_way(&self) -> usize {
        self.all.iter().filter(|upload| upload.is_under_way()).count()
    }
}

impl Reducible for UploadList {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        Rc::new(self.step(step))
    }
}

type Stops = Rc<RefCell<HashMap<u32, Stop>>>;

/// The uploads of this tab. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    pub list: Rc<UploadList>,
    dispatch: Option<UseReducerDispatcher<UploadList>>,
    stops: Stops,
}

impl PartialEq for Uploads {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list && Rc::ptr_eq(&self.stops, &other.stops)
    }
}

impl Uploads {
    fn tell(&self, step: Step) {
        if let Some(dispatch) = &self.dispatch {
            dispatch.dispatch(step);
        }
    }

    /// Puts files into the queue of a KPI.
    pub fn add(&self, kpi: KpiId, files: Vec<File>, description: &str) {
        let parcels = files.into_iter().map(|file| {
            let (name, size) = (file.name(), file.size());
            let description = description.trim().to_owned();
            let key = browser::random_key();
            (Parcel { kpi, check_in: None, file: file.into(), name, description, key }, size)
        });
        self.tell(Step::Add(parcels.collect()));
    }

    pub fn stop(&self, id: u32) {
        self.tell(Step::Stop(id));
        if let Some(stop) = self.stops.borrow().get(&id) {
            stop.now();
        }
    }

    /// Under the same key: what has arrived already is not attached twice.
    pub fn again(&self, id: u32) {
        self.tell(Step::Again(id));
    }

    pub fn dismiss(&self, id: u32) {
        self.tell(Step::Dismiss(id));
    }
}

#[derive(Properties, PartialEq)]
pub struct UploadsProviderProps {
    pub children: Html,
}

#[component]
pub fn UploadsProvider(props: &UploadsProviderProps) -> Html {
    let list = use_reducer(UploadList::default);
    let stops = use_memo((), |()| RefCell::new(HashMap::<u32, Stop>::new()));
    let toaster = use_toaster();
    let dispatch = list.dispatcher();
    let person = use_session().me().map(|me| me.user.id);
    // Another person's files have nothing to do here; one's own outlive a session that has ended.
    let last = use_mut_ref(|| None);
    use_effect_with(person, {
        let (dispatch, stops) = (dispatch.clone(), Rc::clone(&stops));
        move |person| {
            if let Some(now) = *person
                && last.borrow_mut().replace(now).is_some_and(|before| before != now)
            {
                stops.borrow().values().for_each(Stop::now);
                dispatch.dispatch(Step::Clear);
            }
        }
    });
    use_effect_with(list.to_start(), {
        let (list, dispatch, stops) = (list.clone(), dispatch.clone(), Rc::clone(&stops));
        move |ids: &Vec<u32>| {
            for upload in list.all.iter().filter(|upload| ids.contains(&upload.id)) {
                start(upload, &dispatch, &stops);
            }
        }
    });
    let under_way = list.under_way();
    let arrived = list.all.iter().filter(|upload| matches!(upload.state, UploadState::Done(_))).count();
    let told = use_mut_ref(|| 0_usize);
    use_effect_with((under_way == 0, arrived), move |(all_quiet, arrived)| {
        let mut told = told.borrow_mut();
        if *all_quiet && *arrived > *told {
            toaster.success(tn!("evidence.attached", arrived - *told));
        }
        if *all_quiet || *arrived < *told {
            *told = *arrived;
        }
    });
    use_effect_with(under_way > 0, |busy| {
        let listener = browser::window().filter(|_| *busy).map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "beforeunload", options, |event| event.prevent_default())
        });
        move || drop(listener)
    });
    let uploads = Uploads { list: Rc::new((*list).clone()), dispatch: Some(dispatch), stops };
    html! { <ContextProvider<Uploads> context={uploads}>{ props.children.clone() }</ContextProvider<Uploads>> }
}

fn start(upload: &Upload, dispatch: &UseReducerDispatcher<UploadList>, stops: &Stops) {
    let (id, parcel, stop) = (upload.id, Rc::clone(&upload.parcel), Stop::default());
    dispatch.dispatch(Step::Start(id));
    stops.borrow_mut().insert(id, stop.clone());
    let (dispatch, stops) = (dispatch.clone(), Rc::clone(stops));
    yew::platform::spawn_local(async move {
        let moved = dispatch.clone();
        let answer = upload::send(&parcel, &stop, move |share| moved.dispatch(Step::Move(id, share))).await;
        stops.borrow_mut().remove(&id);
        dispatch.dispatch(Step::End(id, answer.map(Rc::new)));
    });
}

#[hook]
pub fn use_uploads() -> Uploads {
    let none = || Uploads { list: Rc::default(), dispatch: None, stops: Rc::default() };
    use_context::<Uploads>().unwrap_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of that many uploads; their files are of no matter here.
    fn queue(count: u32) -> UploadList {
        UploadList { all: (0..count).map(queued).collect(), next: count }
    }

    fn queued(id: u32) -> Upload {
        use wasm_bindgen::{JsCast, JsValue};
        let parcel = Parcel {
            kpi: KpiId(1),
            check_in: None,
            file: JsValue::UNDEFINED.unchecked_into(),
            name: format!("{id}.pdf"),
            description: String::new(),
            key: id.to_string(),
        };
        Upload { id, size: 10.0, state: UploadState::Queued, parcel: Rc::new(parcel) }
    }

    fn states(list: &UploadList) -> Vec<&UploadState> {
        list.all.iter().map(|upload| &upload.state).collect()
    }

    #[test]
    fn three_go_at_a_time_and_the_next_when_one_is_done() {
        let list = queue(5);
        assert_eq!(list.to_start(), [0, 1, 2]);
        let list = [0, 1, 2].into_iter().fold(list, |list, id| list.step(Step::Start(id)));
        assert!(list.to_start().is_empty());
        let list = list.step(Step::End(1, Err(ApiError::Unreachable)));
        assert_eq!(list.to_start(), [3]);
        assert_eq!((list.under_way(), list.coming()), (4, 40.0));
    }

    #[test]
    fn what_was_stopped_stays_so_until_it_is_sent_again() {
        let list = queue(1).step(Step::Start(0)).step(Step::Stop(0));
        let list = list.step(Step::Move(0, 0.5)).step(Step::End(0, Err(ApiError::Unreachable)));
        assert_eq!(states(&list), [&UploadState::Stopped]);
        assert!(list.to_start().is_empty());
        let again = list.step(Step::Again(0));
        assert_eq!(again.to_start(), [0]);
        assert!(again.step(Step::Dismiss(0)).all.is_empty());
    }
}
