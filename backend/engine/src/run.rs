//! The state of one run of a script on this thread: what it has used up, and what it has said.
//!
//! The interpreter does not count everything itself (closures run by `map` or `filter` start counting anew, and
//! copies of large values count as one operation), so the counting is done here: [`tick`] at every step of
//! evaluation, [`charge`] for every array, map or text that is made or copied. Once a limit is passed the run stays
//! tripped, so that no `try` in a script can outlive it.

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
    time::Duration,
};

use kpi_api::{
    scoring::{Bands, Said},
    time::Date,
};
use rhai::{Array, Dynamic, EvalAltResult, FnPtr, ImmutableString, Map, Position};

use crate::{
    facts::ContextFacts,
    limits::{Limits, Which},
    script::Host,
};

pub(crate) type Failure = Box<EvalAltResult>;

/// Steps a receipt holds at most.
const STEPS: usize = 100;

/// Longest sentence of a rule, in bytes, its values filled in.
pub(crate) const SENTENCE: usize = 2_000;

/// Values nested deeper than this are refused: comparing, copying and dropping them would use up the stack.
const NESTING: usize = 48;

/// The clock is read at every so many steps of evaluation.
const TICKS_PER_LOOK: u64 = 4;

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
    static LAST_OPERATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Run {
    max_operations: u64,
    max_array: usize,
    max_map: usize,
    deadline: Deadline,
    budget: usize,
    operations: u64,
    tripped: Option<Which>,
    steps: Vec<Said>,
    today: Date,
    bands: Bands,
    /// Whom the words of a script are asked of; a rule has nobody to ask.
    host: Option<Arc<dyn Host>>,
    /// Why the host ended the run.
    ended: Option<String>,
}

/// What a run leaves behind.
pub(crate) struct Left {
    pub operations: u64,
    pub tripped: Option<Which>,
    pub steps: Vec<Said>,
    pub ended: Option<String>,
}

/// Begins the run of a rule on this thread. A run left over by a panic is replaced.
pub(crate) fn begin(limits: &Limits, ctx: &ContextFacts) {
    let run = Run {
        today: ctx.today,
        bands: ctx.settings.bands,
        ..Run::new(limits, Deadline::after(limits.wall, limits.wall * PATIENCE))
    };
    RUN.with_borrow_mut(|slot| *slot = Some(run));
}

/// Begins the run of a script on this thread, which may take `total` by the wall clock, whatever it waits for.
pub(crate) fn begin_hosted(limits: &Limits, today: Date, total: Duration, host: Arc<dyn Host>) {
    let run = Run { today, host: Some(host), ..Run::new(limits, Deadline::after(total, total)) };
    RUN.with_borrow_mut(|slot| *slot = Some(run));
}

impl Run {
    fn new(limits: &Limits, deadline: Deadline) -> Self {
        Self {
            max_operations: limits.operations,
            max_array: limits.array_len,
            max_map: limits.map_len,
            deadline,
            budget: limits.budget(),
            operations: 0,
            tripped: None,
            steps: Vec::new(),
            today: Date::MIN,
            bands: Bands::default(),
            host: None,
            ended: None,
        }
    }
}

pub(crate) fn end() -> Left {
    let left = RUN.with_borrow_mut(Option::take).map_or(
        Left { operations: 0, tripped: None, steps: Vec::new(), ended: None },
        |run| Left { operations: run.operations, tripped: run.tripped, steps: run.steps, ended: run.ended },
    );
    LAST_OPERATIONS.set(left.operations);
    left
}

/// Steps of evaluation that the last run on this thread took.
pub(crate) fn last_operations() -> u64 {
    LAST_OPERATIONS.get()
}

/// One step of evaluation; true when the run has to stop.
pub(crate) fn tick() -> bool {
    with(false, |run| {
        run.operations += 1;
        if run.operations > run.max_operations {
            run.trip(Which::Operations);
        } else if run.operations % TICKS_PER_LOOK == 0 && run.deadline.has_passed() {
            run.trip(Which::Wall);
        }
        run.has_to_stop()
    })
}

/// Takes bytes from the budget.
pub(crate) fn charge(bytes: usize) -> Result<(), Failure> {
    let stop = with(false, |run| {
        match run.budget.checked_sub(bytes) {
            Some(left) => run.budget = left,
            None => run.trip(Which::Memory),
        }
        run.has_to_stop()
    });
    if stop { Err(stopped()) } else { Ok(()) }
}

/// Takes the bytes of a value that is about to be copied or kept. A closure that holds on to variables is neither:
/// kept in one of them, both would hold on to each other for ever.
pub(crate) fn charge_for(value: &Dynamic) -> Result<(), Failure> {
    if value.read_lock::<FnPtr>().is_some_and(|pointer| pointer.is_curried()) {
        let message = "a function that uses variables around it can be handed over, but not kept";
        return Err(EvalAltResult::ErrorRuntime(message.into(), Position::NONE).into());
    }
    match size(value, NESTING) {
        Some(0) => Ok(()),
        Some(bytes) => charge(bytes),
        None => trip(Which::Memory),
    }
}

/// Refuses an array of that many elements if it is too long.
pub(crate) fn array_of(len: usize) -> Result<(), Failure> {
    if with(false, |run| len > run.max_array) { trip(Which::ArrayLen) } else { Ok(()) }
}

/// Refuses a map of that many entries if it is too large.
pub(crate) fn map_of(len: usize) -> Result<(), Failure> {
    if with(false, |run| len > run.max_map) { trip(Which::MapLen) } else { Ok(()) }
}

pub(crate) fn say(said: Said) -> Result<(), Failure> {
    charge(said.text.len() + said.pattern.len() + 256)?;
    let full = with(false, |run| {
        run.steps.push(said);
        run.steps.len() > STEPS
    });
    if full { trip(Which::ArrayLen) } else { Ok(()) }
}

pub(crate) fn host() -> Option<Arc<dyn Host>> {
    with(None, |run| run.host.clone())
}

/// Whether the run may go on after it has waited for something.
pub(crate) fn look() -> Result<(), Failure> {
    let stop = with(false, |run| {
        if run.deadline.has_passed() {
            run.trip(Which::Wall);
        }
        run.has_to_stop()
    });
    if stop { Err(stopped()) } else { Ok(()) }
}

/// Ends the run for a reason of the host's.
pub(crate) fn end_because<T>(why: String) -> Result<T, Failure> {
    with((), |run| {
        run.ended.get_or_insert(why);
    });
    Err(stopped())
}

pub(crate) fn today() -> Option<Date> {
    with(None, |run| Some(run.today))
}

pub(crate) fn bands() -> Bands {
    with(Bands::default(), |run| run.bands)
}

fn trip<T>(which: Which) -> Result<T, Failure> {
    with((), |run| run.trip(which));
    Err(stopped())
}

/// The error that no script can catch.
fn stopped() -> Failure {
    EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into()
}

fn with<T>(otherwise: T, act: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(|slot| match slot {
        Some(run) => act(run),
        None => otherwise,
    })
}

impl Run {
    fn has_to_stop(&self) -> bool {
        self.tripped.is_some() || self.ended.is_some()
    }

    fn trip(&mut self, which: Which) {
        self.tripped.get_or_insert(which);
    }
}

/// Bytes on the heap that a value owns, as if nothing were shared; `None` when it is nested too deeply.
fn size(value: &Dynamic, depth: usize) -> Option<usize> {
    if value.is_int() || value.is_float() || value.is_unit() || value.is_bool() {
        return Some(0);
    }
    let deeper = depth.checked_sub(1)?;
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Some(text.len());
    }
    if let Some(array) = value.read_lock::<Array>() {
        return array.iter().try_fold(32, |sum, item| Some(sum + 16 + size(item, deeper)?));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return map.iter().try_fold(64, |sum, (key, item)| Some(sum + 64 + key.len() + size(item, deeper)?));
    }
    Some(64)
}

/// How often the wall may show the allowed time before a run ends even though the machine gave it little of it.
const PATIENCE: u32 = 4;

/// The time a run may take. That of a rule is its own time on the processor, so that a busy machine does not make a good rule look bad.
/// The wall clock is cheap to read and asked first; only when it says the time is over is the processor's asked. A
/// browser gives no monotonic clock to a module without bindings, there the operations alone bound the run.
pub(crate) struct Deadline {
    #[cfg(not(target_family = "wasm"))]
    allowed: Duration,
    /// By the wall clock.
    #[cfg(not(target_family = "wasm"))]
    at_most: Duration,
    #[cfg(not(target_family = "wasm"))]
    began: std::time::Instant,
    #[cfg(not(target_family = "wasm"))]
    worked_before: Duration,
    /// When the processor's clock is to be asked next, as time since the beginning.
    #[cfg(not(target_family = "wasm"))]
    ask_at: std::cell::Cell<Duration>,
}

#[cfg(not(target_family = "wasm"))]
impl Deadline {
    pub(crate) fn after(allowed: Duration, at_most: Duration) -> Self {
        Self {
            allowed,
            at_most,
            began: std::time::Instant::now(),
            worked_before: worked(),
            ask_at: std::cell::Cell::new(allowed),
        }
    }

    pub(crate) fn has_passed(&self) -> bool {
        let since = self.began.elapsed();
        if since < self.ask_at.get() {
            return false;
        }
        let left = self.allowed.saturating_sub(worked().saturating_sub(self.worked_before));
        if left.is_zero() || since >= self.at_most {
            return true;
        }
        self.ask_at.set(since + left);
        false
    }
}

#[cfg(target_family = "wasm")]
impl Deadline {
    pub(crate) fn after(_: Duration, _: Duration) -> Self {
        Self {}
    }

    pub(crate) fn has_passed(&self) -> bool {
        false
    }
}

/// What this thread has had of the processor so far.
#[cfg(unix)]
fn worked() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.try_into().unwrap_or(0), spent.tv_nsec.try_into().unwrap_or(0))
}

/// Elsewhere the wall clock has to do.
#[cfg(not(any(unix, target_family = "wasm")))]
fn worked() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}
