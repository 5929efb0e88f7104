//! One call: what it reports, and the way to stop it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use napi::bindgen_prelude::{Either, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking};
use napi::{Env, Status};
use napi_derive::napi;
use packshot::{CancelToken, Progress, Run};

use crate::failure::json;

/// Weak, so that a call does not keep the process alive longer than its promise does.
type Bell = ThreadsafeFunction<(), (), (), Status, false, true>;

/// Made by `lib/call.ts` for each call, and closed when its promise is settled.
///
/// Reports wait here until JavaScript takes them; the bell only says that there are some. So none of them is late when the
/// promise settles before the bell has rung.
#[napi]
pub struct Call {
    token: CancelToken,
    reports: Arc<Reports>,
    bell: Option<Arc<Bell>>,
}

/// What a listener hears: how far one photo is, or how far a batch, as JSON.
type Report = Either<Fraction, String>;

/// As many reports wait for JavaScript.
const MOST_WAITING: usize = 64;
/// How often one that waits for JavaScript looks whether it still has to.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Reports {
    waiting: Mutex<VecDeque<Report>>,
    taken: Condvar,
}

/// What a report does for which there is no room.
#[derive(Clone, Copy, PartialEq)]
enum Full {
    /// The oldest goes: work on a photo does not wait for JavaScript.
    Drop,
    /// It waits: the core decides which events of a batch a slow listener misses.
    Wait,
}

/// One report of progress.
#[napi(object, object_from_js = false)]
pub struct Fraction {
    pub stage: &'static str,
    pub fraction: f64,
}

impl From<Progress> for Fraction {
    fn from(Progress { stage, fraction }: Progress) -> Self {
        Self { stage: stage.as_str(), fraction: f64::from(fraction) }
    }
}

#[napi]
impl Call {
    #[napi(constructor)]
    pub fn new(env: &Env, bell: Option<Function<'_, (), ()>>) -> napi::Result<Self> {
        let bell = bell.map(|bell| bell.build_threadsafe_function().weak::<true>().build()).transpose()?;
        Ok(Self { token: begin(env)?, reports: Arc::default(), bell: bell.map(Arc::new) })
    }

    #[napi]
    pub fn cancel(&self) {
        self.token.cancel();
    }

    /// The reports since the last time.
    #[napi]
    pub fn reports(&self) -> Vec<Report> {
        let reports = lock(&self.reports.waiting).drain(..).collect();
        self.reports.taken.notify_all();
        reports
    }

    /// Stops what still runs, and lets go of the function that was given: it refers to this object, and both would
    /// stay.
    #[napi]
    pub fn close(&mut self) {
        self.token.cancel();
        self.bell = None;
    }
}

impl Call {
    /// What travels with the work of this call.
    pub(crate) fn run(&self) -> Run {
        let run = Run::default().cancelled_by(&self.token);
        match self.reporter() {
            Some(report) => run.reporting_to(move |progress| report(Either::A(progress.into()), Full::Drop)),
            None => run,
        }
    }

    /// What hears the events of a batch.
    pub(crate) fn listener(&self) -> impl Fn(&packshot::BatchEvent) + Send + Sync + 'static {
        let report = self.reporter();
        move |event| {
            // Numbers and texts: there is none that JSON cannot write.
            if let (Some(report), Ok(event)) = (&report, json(event)) {
                report(Either::B(event), Full::Wait);
            }
        }
    }

    /// Keeps a report for JavaScript, and rings. There is none where nobody listens.
    fn reporter(&self) -> Option<impl Fn(Report, Full) + Send + Sync + 'static> {
        let (bell, reports, token) = (self.bell.clone()?, Arc::clone(&self.reports), self.token.clone());
        Some(move |report: Report, full: Full| {
            let mut waiting = lock(&reports.waiting);
            while waiting.len() >= MOST_WAITING && !token.is_cancelled() {
                if full == Full::Drop {
                    waiting.pop_front();
                } else {
                    waiting = reports.taken.wait_timeout(waiting, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
            waiting.push_back(report);
            // Whoever has rung for an earlier one has rung for this one, too.
            if waiting.len() == 1 {
                bell.call((), NonBlocking);
            }
        })
    }
}

thread_local! {
    /// The calls of this thread of JavaScript, whether their promises are settled or not.
    static CALLS: RefCell<Vec<CancelToken>> = const { RefCell::new(Vec::new()) };
}

/// A token for a new call, which is stopped with its thread.
fn begin(env: &Env) -> napi::Result<CancelToken> {
    let token = CancelToken::new();
    CALLS.with_borrow_mut(|calls| {
        if calls.capacity() == 0 {
            env.add_env_cleanup_hook((), |()| stop_all())?;
        }
        calls.retain(|call| !(call.is_cancelled() && call.wait_until_idle(Duration::ZERO)));
        calls.push(token.clone());
        Ok(token)
    })
}

/// How long the end of a process or a worker may wait for the work to stop.
const PATIENCE: Duration = Duration::from_secs(2);

/// Stops every call of this thread of JavaScript, and waits until nothing works for them, so that a batch has closed its
/// files, and nothing runs in a library that is unloaded with its last worker.
#[napi]
pub fn stop_all() {
    let calls = CALLS.take();
    calls.iter().for_each(CancelToken::cancel);
    let end = Instant::now() + PATIENCE;
    for call in calls {
        // Work that does not stop in time is left to its fate: a process that hangs would be worse.
        let _stopped = call.wait_until_idle(end.saturating_duration_since(Instant::now()));
    }
}

fn lock(reports: &Mutex<VecDeque<Report>>) -> MutexGuard<'_, VecDeque<Report>> {
    reports.lock().unwrap_or_else(PoisonError::into_inner)
}
