//! The journal of a spool: a line of JSON a step, synced before the step counts.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::Path,
};

use anyhow::Context;
use kanglian_primitives::{Height, Instant, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Item, Key, Sealed, State};
use crate::fault::Fault;

/// One step of an item.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It came in.
    Pending {
        /// What to call it.
        name: String,
        /// What is to be known of it.
        note: Value,
        /// When.
        at: Instant,
    },
    /// It was sealed.
    Sealed {
        /// As what.
        sealed: Sealed,
    },
    /// It is to be sealed anew.
    Unsealed,
    /// It could not be shared now.
    PutOff {
        /// Why.
        error: String,
        /// When it is tried next.
        next_at: Instant,
    },
    /// It is on chain.
    Shared {
        /// As what.
        record: RecordId,
        /// Where.
        block: Option<Height>,
    },
    /// It cannot be shared.
    Dead {
        /// Why.
        reason: String,
    },
    /// It is tried once more.
    Again,
    /// Where it stands: what the steps before came to.
    Stands {
        /// All of it.
        item: Item,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: Key,
    #[serde(flatten)]
    event: Event,
}

/// A journal that is written to.
pub struct Journal(File);

impl Journal {
    /// A journal that begins with where everything stands.
    pub fn rewritten(path: &Path, items: &BTreeMap<Key, Item>) -> anyhow::Result<Self> {
        let mut text = Vec::new();
        for (key, item) in items {
            let event = Event::Stands { item: item.clone() };
            serde_json::to_writer(&mut text, &Line { key: key.clone(), event })?;
            text.push(b'\n');
        }
        super::write_durably(path, &text)?;
        let named = || path.display().to_string();
        let file = fs::OpenOptions::new().append(true).open(path).with_context(named)?;
        Ok(Self(file))
    }

    /// Writes a step; it is on disk when this returns.
    pub fn append(&mut self, key: &str, event: &Event) -> anyhow::Result<()> {
        let line = Line { key: key.to_owned(), event: event.clone() };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.0.write_all(&text).and_then(|()| self.0.sync_data()).context("the spool's journal")
    }
}

/// What a step changes.
pub fn apply(items: &mut BTreeMap<Key, Item>, key: &str, event: Event) {
    let (name, note, at) = match event {
        Event::Pending { name, note, at } => (name, note, at),
        Event::Stands { item } => {
            items.insert(key.to_owned(), item);
            return;
        },
        event => {
            if let Some(item) = items.get_mut(key) {
                change(item, event);
            }
            return;
        },
    };
    let item =
        Item { name, note, came_at: at, state: State::Pending, tries: 0, error: None, next_at: 0 };
    items.insert(key.to_owned(), item);
}

fn change(item: &mut Item, event: Event) {
    match event {
        Event::Pending { .. } | Event::Stands { .. } => {},
        Event::Sealed { sealed } => item.state = State::Sealed(sealed),
        Event::Unsealed => item.state = State::Pending,
        Event::PutOff { error, next_at } => {
            item.tries = item.tries.saturating_add(1);
            (item.error, item.next_at) = (Some(error), next_at);
        },
        Event::Shared { record, block } => {
            item.state = State::Shared { record, block };
            item.error = None;
        },
        Event::Dead { reason } => item.state = State::Dead { reason },
        Event::Again => {
            item.state = State::Pending;
            (item.tries, item.next_at, item.error) = (0, 0, None);
        },
    }
}

/// Where everything stands. A last line that was torn off never counted; any other that cannot be
/// read is an error.
pub fn read(path: &Path) -> anyhow::Result<BTreeMap<Key, Item>> {
    let mut items = BTreeMap::new();
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(items),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let lines = text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n');
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let line: Line = serde_json::from_slice(line).map_err(|error| {
            Fault::verification(format!("{}, line {number}: {error}", path.display()))
        })?;
        apply(&mut items, &line.key, line.event);
    }
    Ok(items)
}
