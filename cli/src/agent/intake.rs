//! Lines from files, from a folder that is watched, and from the standard input.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use kanglian_primitives::PersonId;
use tokio::io::{AsyncBufReadExt, Stdin};

use super::{
    Tally,
    readings::{Format, MAX_LINE},
    spool::{Positions, Spool},
};
use crate::fault::Fault;

/// Lines taken between two syncs.
const CHUNK: u32 = 512;
/// How much of a file tells it from others of the same name.
const BEGINNING: u64 = 1_024;

/// Where lines come from.
pub struct Intake {
    source: Source,
    follow: bool,
    over: bool,
}

enum Source {
    Stdin { reader: tokio::io::BufReader<Stdin>, line: Vec<u8>, number: u64 },
    Files { root: PathBuf, positions: Positions },
}

impl Intake {
    /// From a path, `-` for the standard input.
    pub fn new(path: &Path, follow: bool, positions: Positions) -> anyhow::Result<Self> {
        let source = if path.as_os_str() == "-" {
            let reader = tokio::io::BufReader::new(tokio::io::stdin());
            Source::Stdin { reader, line: Vec::new(), number: 0 }
        } else {
            if !path.exists() {
                return Err(Fault::usage(format!("{} does not exist", path.display())).into());
            }
            Source::Files { root: path.canonicalize()?, positions }
        };
        Ok(Self { source, follow, over: false })
    }

    /// Whether nothing more will come.
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// Takes at most so many readings into the spool, synced; gives how many lines were looked at.
    pub async fn take(
        &mut self,
        spool: &mut Spool,
        person: &PersonId,
        room: u32,
        tally: &mut Tally,
    ) -> anyhow::Result<u32> {
        if self.over || room == 0 {
            return Ok(0);
        }
        let most = room.min(CHUNK);
        let looked_at = match &mut self.source {
            Source::Stdin { reader, line, number } => {
                let mut looked_at = 0;
                let idle = std::time::Duration::from_millis(50);
                while looked_at < most {
                    // A line that is not whole yet stays in `line` until its rest comes.
                    match tokio::time::timeout(idle, reader.read_until(b'\n', line)).await {
                        Err(_) => break,
                        Ok(read) => {
                            if read? == 0 && line.is_empty() {
                                self.over = true;
                                break;
                            }
                        },
                    }
                    *number = number.saturating_add(1);
                    looked_at = looked_at.saturating_add(1);
                    let whole = std::mem::take(line);
                    let mut format = Format::Ndjson;
                    note(spool, person, &mut format, ("stdin", *number), &whole, tally)?;
                }
                looked_at
            },
            Source::Files { root, positions } => {
                let mut left = most;
                let mut changed = false;
                for path in files(root)? {
                    let name = path.display().to_string();
                    let at = positions.get(&name).cloned().unwrap_or_default();
                    let (lines, end) = file(spool, person, &path, &at, left, self.follow, tally)?;
                    changed |= end != at;
                    positions.insert(name, end);
                    left = left.saturating_sub(lines);
                    if left == 0 {
                        break;
                    }
                }
                if changed {
                    // What was taken is safe before its place is.
                    spool.sync()?;
                    spool.keep_positions(positions)?;
                }
                if !changed && !self.follow {
                    self.over = true;
                }
                most.saturating_sub(left)
            },
        };
        spool.sync()?;
        Ok(looked_at)
    }
}

/// The file, or those of a folder in the order of their names.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if root.is_file() {
        return Ok(vec![root.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).with_context(|| root.display().to_string())? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let usable = extension.is_some_and(|known| {
            ["ndjson", "jsonl", "csv"].contains(&known.to_ascii_lowercase().as_str())
        });
        if usable && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// BLAKE3 of the beginning of a file, of at most so many bytes: another file under the same name
/// begins otherwise.
fn beginning(file: &File, length: u64) -> anyhow::Result<String> {
    let mut head = Vec::new();
    (&mut &*file).seek(SeekFrom::Start(0))?;
    file.take(length.min(BEGINNING)).read_to_end(&mut head)?;
    Ok(blake3::hash(&head).to_hex().to_string())
}

/// Takes lines of a file from a place on; gives how many and the place after them.
fn file(
    spool: &mut Spool,
    person: &PersonId,
    path: &Path,
    known: &(u64, String),
    most: u32,
    follow: bool,
    tally: &mut Tally,
) -> anyhow::Result<(u32, (u64, String))> {
    let name = path.display().to_string();
    let opened = File::open(path).with_context(|| name.clone())?;
    let length = opened.metadata()?.len();
    // A file that is shorter or begins otherwise is another one: what is known in it is known by
    // its hash.
    let same = length >= known.0 && beginning(&opened, known.0)? == known.1;
    let mut at = if same { known.0 } else { 0 };
    if length == at {
        return Ok((0, (at, beginning(&opened, at)?)));
    }
    (&mut &opened).seek(SeekFrom::Start(0))?;
    let head = opened.try_clone()?;
    let mut format = Format::of_name(&name);
    let mut reader = BufReader::new(opened);
    let mut line = Vec::new();
    // The header stands at the beginning; whether it is one was said when it was read first.
    while at > 0 && format == Format::Csv(None) && read_line(&mut reader, &mut line)? > 0 {
        let _ = format.read(line.strip_suffix(b"\n").unwrap_or(&line), person);
    }
    reader.seek(SeekFrom::Start(at))?;
    let mut lines = 0;
    while lines < most {
        let read = read_line(&mut reader, &mut line)?;
        // The last line of a file that still grows may not be whole yet.
        if read == 0 || (follow && line.last() != Some(&b'\n')) {
            break;
        }
        lines = lines.saturating_add(1);
        let number = at;
        at = at.saturating_add(read);
        note(spool, person, &mut format, (&name, number), &line, tally)?;
    }
    Ok((lines, (at, beginning(&head, at)?)))
}

/// Reads a line; of one that is too long only the beginning is kept. Gives the bytes that went by.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    line.clear();
    let mut read = 0u64;
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(read);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end.saturating_add(1));
        let part = buffer.get(..length).unwrap_or_default();
        if line.len() <= MAX_LINE {
            line.extend_from_slice(part);
        } else if end.is_some() {
            line.push(b'\n');
        }
        reader.consume(length);
        read = read.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if end.is_some() {
            return Ok(read);
        }
    }
}

/// Takes a line, or sets it aside; `place` is a line's number, or its first byte in a file.
fn note(
    spool: &mut Spool,
    person: &PersonId,
    format: &mut Format,
    (source, place): (&str, u64),
    line: &[u8],
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    match format.read(line, person) {
        Ok(None) => {},
        Ok(Some(reading)) if spool.knows(&reading) => tally.known = tally.known.saturating_add(1),
        Ok(Some(reading)) => {
            spool.take(&reading)?;
            tally.taken = tally.taken.saturating_add(1);
        },
        Err(reason) => {
            if spool.set_aside(source, place, line, &reason)? {
                tally.set_aside = tally.set_aside.saturating_add(1);
            }
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const PERSON: PersonId = PersonId([7; 32]);

    fn row(value: usize) -> String {
        format!("2026-01-0{},steps,{value},{{steps}}\n", value % 9 + 1)
    }

    async fn all(intake: &mut Intake, spool: &mut Spool) -> Tally {
        let mut tally = Tally::default();
        while intake.take(spool, &PERSON, 100, &mut tally).await.unwrap() > 0 {}
        tally
    }

    #[tokio::test]
    async fn a_folder_is_followed_and_nothing_is_taken_twice() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        std::fs::create_dir(&inbox).unwrap();
        let file = inbox.join("band.csv");
        let header = "time,metric,value,unit\n";
        std::fs::write(&file, format!("{header}{}bad,row\n{}{}", row(1), row(2), row(1))).unwrap();
        std::fs::write(inbox.join("notes.txt"), "not looked at").unwrap();
        let mut spool = Spool::open(&folder.path().join("spool"), &[1; 32], "p").unwrap();
        let mut intake = Intake::new(&inbox, true, spool.positions()).unwrap();
        let tally = all(&mut intake, &mut spool).await;
        assert_eq!((tally.taken, tally.known, tally.set_aside), (2, 1, 1));

        // It grows, by a line that is not whole at first; the time in it goes back, which is fine.
        let mut grown = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
        let line = "2020-01-01,steps,3,{steps}\n";
        grown.write_all(&line.as_bytes()[..10]).unwrap();
        assert_eq!(all(&mut intake, &mut spool).await.taken, 0);
        grown.write_all(&line.as_bytes()[10..]).unwrap();
        assert_eq!(all(&mut intake, &mut spool).await.taken, 1);

        // Another process, which knows the places; and one that does not.
        for positions in [spool.positions(), Positions::new()] {
            let mut intake = Intake::new(&inbox, true, positions).unwrap();
            let tally = all(&mut intake, &mut spool).await;
            assert_eq!((tally.taken, tally.set_aside), (0, 0));
        }
        // The file is written anew: longer, then shorter.
        let longer: String = (100..120).map(row).collect();
        std::fs::write(&file, format!("\n{header}{longer}")).unwrap();
        let mut intake = Intake::new(&inbox, false, spool.positions()).unwrap();
        assert_eq!(all(&mut intake, &mut spool).await.taken, 20);
        std::fs::write(&file, format!("{header}{}", row(8))).unwrap();
        let mut intake = Intake::new(&inbox, false, spool.positions()).unwrap();
        assert_eq!(all(&mut intake, &mut spool).await.taken, 1);
        assert!(intake.is_over());
    }

    #[test]
    fn a_line_without_end_costs_bounded_memory() {
        let endless = [vec![b'x'; 3 * MAX_LINE], b"\nnext\n".to_vec()].concat();
        let mut reader = BufReader::new(endless.as_slice());
        let mut line = Vec::new();
        assert_eq!(read_line(&mut reader, &mut line).unwrap(), 3 * MAX_LINE as u64 + 1);
        assert!(line.len() <= MAX_LINE + 16 * 1024);
        read_line(&mut reader, &mut line).unwrap();
        assert_eq!(line, b"next\n");
    }
}
