//! A plugin's script, compiled once and called often.

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use kpi_engine::{
    Diagnostic, Limits as Bounds, TroubleKind, Which,
    script::{Given, Script, ScriptEngine},
};
use serde_json::Value;

use super::{
    Done, Failed, FailedKind, Hands, Limits,
    desk::{Desk, Rights},
    facts::MAPS,
    words::WORDS,
};
use crate::plugins::bundle::{Bundle, Manifest, Permissions};

/// One for all plugins: it keeps nothing between calls.
static ENGINE: LazyLock<ScriptEngine> = LazyLock::new(|| {
    let bounds = Bounds {
        operations: 2_000_000,
        string_len: 256 * 1024,
        array_len: 5_000,
        map_len: 2_000,
        memory_bytes: 64 * 1024 * 1024,
        ..Bounds::default()
    };
    ScriptEngine::new(bounds, WORDS)
});

/// A plugin that can be called.
#[derive(Clone)]
pub struct Program {
    script: Option<Script>,
    rights: Arc<Rights>,
}

impl Program {
    /// # Errors
    /// Everything that is wrong with the script, in its order.
    pub fn compile(bundle: &Bundle) -> Result<Self, Vec<Diagnostic>> {
        match bundle.script() {
            Some(source) => Self::of_source(source, &bundle.manifest),
            None => Ok(Self { script: None, rights: rights(&bundle.manifest) }),
        }
    }

    pub(crate) fn of_source(source: &str, manifest: &Manifest) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self { script: Some(ENGINE.compile(source)?), rights: rights(manifest) })
    }

    /// The same with what an administrator has granted, where that is less than the manifest asks for.
    #[must_use]
    pub fn granted(mut self, permissions: Permissions) -> Self {
        self.rights = Arc::new(Rights { permissions, settings: self.rights.settings.clone() });
        self
    }

    /// How many parameters a function takes; `None` where there is none of that name.
    pub fn parameters(&self, function: &str) -> Option<usize> {
        let mut functions = self.script.iter().flat_map(Script::functions);
        functions.find(|(name, _)| *name == function).map(|(_, count)| count)
    }

    /// Calls a function with `argument`, where it takes one. Blocks for at most `limits.total`, as long as the hands keep
    /// to their deadline.
    pub fn call(
        &self,
        function: &str,
        argument: Value,
        hands: Arc<dyn Hands>,
        limits: &Limits,
    ) -> Result<Done, Failed> {
        let began = Instant::now();
        let today = hands.today();
        let desk = Arc::new(Desk::new(self.rights.clone(), hands, limits.clone(), began + limits.total));
        let failed = |kind, message: String, line| {
            let mut message = message;
            let left = desk.leave(&mut message);
            let (kind, message) = match (kind, left.waited_for) {
                (FailedKind::Refused, _) if left.beyond => (FailedKind::Limit, message),
                (FailedKind::Timeout | FailedKind::Refused, Some(host)) => {
                    (FailedKind::Timeout, format!("it waited too long for {host}"))
                }
                _ => (kind, message),
            };
            Failed {
                kind,
                message,
                line,
                function: function.to_owned(),
                log: left.log,
                took: began.elapsed(),
            }
        };
        let (Some(script), Some(count)) = (&self.script, self.parameters(function)) else {
            let message = format!("the script has no function `{function}`");
            return Err(failed(FailedKind::Threw, message, None));
        };
        let arguments = match count {
            0 => Vec::new(),
            _ => vec![Given::Facts { value: argument, maps: MAPS }],
        };
        let total = limits.total.saturating_sub(began.elapsed()).max(Duration::from_millis(1));
        match ENGINE.call(script, function, arguments, today, total, desk.clone()) {
            Ok(returned) => {
                let log = desk.leave(&mut String::new()).log;
                Ok(Done {
                    value: desk.blotted(returned.value),
                    operations: returned.operations,
                    log,
                    took: began.elapsed(),
                })
            }
            Err(trouble) => {
                let kind = match trouble.kind {
                    TroubleKind::Limit(Which::Wall) => FailedKind::Timeout,
                    TroubleKind::Limit(_) => FailedKind::Limit,
                    TroubleKind::Threw | TroubleKind::WrongShape => FailedKind::Threw,
                    TroubleKind::Refused => FailedKind::Refused,
                    TroubleKind::Panicked => FailedKind::Panicked,
                };
                Err(failed(kind, trouble.message, trouble.line))
            }
        }
    }
}

fn rights(manifest: &Manifest) -> Arc<Rights> {
    let settings = manifest.settings.iter().map(|setting| (setting.key.clone(), setting.secret)).collect();
    Arc::new(Rights { permissions: manifest.permissions.clone(), settings })
}
