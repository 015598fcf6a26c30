//! Steps, their latency, and the tables at the end.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use comfy_table::{Cell, Color};
use serde::Serialize;

use crate::{
    output::{self, Output},
    shown::fields,
};

/// Width of the last table where there is no terminal to fit.
const WIDTH: u16 = 150;

/// One step as it went.
#[derive(Debug, Serialize)]
struct Step {
    number: usize,
    title: String,
    latency_ms: u64,
    outcome: String,
    passed: bool,
}

/// Something to know at the end: a balance or a state.
#[derive(Debug, Serialize)]
struct Fact {
    what: String,
    value: String,
}

/// What has been played so far.
pub struct Stage {
    output: Output,
    begun: Instant,
    steps: Vec<Step>,
    facts: Vec<Fact>,
}

impl Stage {
    /// An empty stage.
    pub fn new(output: Output) -> Self {
        Self { output, begun: Instant::now(), steps: Vec::new(), facts: Vec::new() }
    }

    /// Plays a step: its work gives what later steps need, and in words what was seen. An error of
    /// the work is the failure of the step.
    pub async fn step<T>(
        &mut self,
        title: &str,
        work: impl Future<Output = anyhow::Result<(T, String)>>,
    ) -> anyhow::Result<T> {
        let number = self.steps.len() + 1;
        let wait = self.output.spinner(title);
        let begun = Instant::now();
        let result = work.await;
        let latency = begun.elapsed();
        wait.finish_and_clear();
        let (outcome, passed) = match &result {
            Ok((_, seen)) => (seen.clone(), true),
            Err(error) => (format!("{error:#}"), false),
        };
        let mark = if passed { "ok  " } else { "FAIL" };
        let time = output::latency(latency);
        self.output.note(format_args!("{mark} {number:>2}  {title}  [{time}]\n         {outcome}"));
        let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        let title = title.to_owned();
        self.steps.push(Step { number, title, latency_ms, outcome, passed });
        result.map(|(value, _)| value).map_err(|error| error.context(format!("step {number}")))
    }

    /// Notes a fact for the end.
    pub fn fact(&mut self, what: impl Into<String>, value: impl Into<String>) {
        self.facts.push(Fact { what: what.into(), value: value.into() });
    }

    /// Says something and notes it.
    pub fn say(&mut self, what: &str, value: &str) {
        self.output.note(format_args!("{what}: {value}"));
        self.fact(what, value);
    }

    /// Prints steps and facts.
    pub fn close(&self, error: Option<&anyhow::Error>) {
        let took = self.begun.elapsed();
        if self.output.is_json() {
            self.output.fields(fields!({
                "passed": error.is_none(),
                "error": error.map(|error| format!("{error:#}")),
                "took_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                "steps": self.steps,
                "facts": self.facts,
            }));
            return;
        }
        if self.steps.is_empty() {
            return;
        }
        let mut steps = output::table(&["", "step", "latency", "seen"]);
        if !steps.is_tty() {
            steps.set_width(WIDTH);
        }
        for step in &self.steps {
            let mark = if step.passed {
                Cell::new("ok").fg(Color::Green)
            } else {
                Cell::new("FAIL").fg(Color::Red)
            };
            let latency = output::latency(Duration::from_millis(step.latency_ms));
            let (title, seen) = (step.title.clone(), step.outcome.clone());
            steps.add_row([mark, Cell::new(title), Cell::new(latency), Cell::new(seen)]);
        }
        println!("\n{steps}");
        let mut facts = output::table(&["balance or state", "now"]);
        if !facts.is_tty() {
            facts.set_width(WIDTH);
        }
        for fact in &self.facts {
            facts.add_row([fact.what.clone(), fact.value.clone()]);
        }
        println!("{facts}");
        let words = match error {
            None => "The story did all that it must".to_owned(),
            Some(error) => format!("The story failed: {error:#}"),
        };
        println!("{words} ({} steps, {}).", self.steps.len(), output::latency(took));
    }
}

/// Fails a step with what was expected.
macro_rules! check {
    ($condition:expr, $($words:tt)+) => {
        if !$condition {
            anyhow::bail!($($words)+);
        }
    };
}
pub(super) use check;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failed_step_is_noted_and_named() {
        let mut stage = Stage::new(Output::new(true));
        let seven = stage.step("works", async { Ok((7, "seven".to_owned())) }).await.unwrap();
        assert_eq!(seven, 7);
        let failed = stage.step::<()>("fails", async { anyhow::bail!("because") }).await;
        assert_eq!(format!("{:#}", failed.unwrap_err()), "step 2: because");
        let passed: Vec<_> = stage.steps.iter().map(|step| step.passed).collect();
        assert_eq!(passed, [true, false]);
    }
}
