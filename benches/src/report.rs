//! What a measurement gave, as a table or as JSON.

use serde::Serialize;

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Goal {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    what: String,
    measured: f64,
    unit: &'static str,
    goal: Option<Goal>,
    met: Option<bool>,
}

impl Row {
    /// A figure without a goal.
    pub fn new(what: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, unit, goal: None, met: None }
    }

    /// With the most it should be.
    #[must_use]
    pub fn at_most(self, limit: f64) -> Self {
        self.with(Goal::AtMost(limit))
    }

    /// With the least it should be.
    #[must_use]
    pub fn at_least(self, limit: f64) -> Self {
        self.with(Goal::AtLeast(limit))
    }

    fn with(self, goal: Goal) -> Self {
        Self { goal: Some(goal), met: Some(goal.is_met(self.measured)), ..self }
    }

    fn cells(&self) -> [String; 5] {
        let goal = match self.goal {
            Some(Goal::AtMost(limit)) => format!("≤ {}", number(limit)),
            Some(Goal::AtLeast(limit)) => format!("≥ {}", number(limit)),
            None => String::new(),
        };
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        let measured = number(self.measured);
        [self.what.clone(), measured, self.unit.to_owned(), goal, met.to_owned()]
    }
}

/// All figures of one benchmark.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    benchmark: &'static str,
    rows: Vec<Row>,
    /// Circumstances that belong to the figures.
    notes: Vec<String>,
}

impl Report {
    /// A report without figures.
    pub fn new(benchmark: &'static str) -> Self {
        Self { benchmark, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a figure.
    pub fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a circumstance.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Whether no goal was missed.
    pub fn goals_met(&self) -> bool {
        self.rows.iter().all(|row| row.met != Some(false))
    }

    /// Prints it to the standard output.
    pub fn print(&self, json: bool) -> anyhow::Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        println!("{}", self.table());
        Ok(())
    }

    fn table(&self) -> String {
        let header = [self.benchmark, "measured", "unit", "goal", "met"].map(str::to_owned);
        let lines: Vec<_> =
            std::iter::once(header).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| {
            lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default()
        };
        let widths: [usize; 5] = std::array::from_fn(width);
        let mut out = String::new();
        for (at, cells) in lines.iter().enumerate() {
            let [what, measured, unit, goal, met] = cells;
            let [a, b, c, d, _] = widths;
            let line = format!("{what:<a$}  {measured:>b$}  {unit:<c$}  {goal:<d$}  {met}");
            out.push_str(line.trim_end());
            out.push('\n');
            if at == 0 {
                out.push_str(&"-".repeat(widths.iter().sum::<usize>() + 8));
                out.push('\n');
            }
        }
        for note in &self.notes {
            out.push_str(&format!("* {note}\n"));
        }
        out
    }
}

/// Says on the standard error how far the work is.
pub fn progress(words: impl std::fmt::Display) {
    eprintln!("… {words}");
}

/// Three digits that count, none behind the point from 100 on.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("sample");
        report.row(Row::new("latency p50", 812.4, "ms").at_most(1_000.0));
        report.row(Row::new("ratio", 0.456, "").at_least(0.5));
        report.note("on two cores");
        report
    }

    #[test]
    fn tables_line_up_and_show_missed_goals() {
        let expected = "\
sample       measured  unit  goal    met
----------------------------------------
latency p50       812  ms    ≤ 1000  yes
ratio            0.46        ≥ 0.50  NO
* on two cores
";
        assert_eq!(report().table(), expected);
        assert!(!report().goals_met());
    }

    #[test]
    fn json_carries_every_figure_with_its_goal() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["rows"][0]["goal"], serde_json::json!({ "at_most": 1000.0 }));
        assert_eq!(json["rows"][1]["met"], serde_json::json!(false));
    }
}
