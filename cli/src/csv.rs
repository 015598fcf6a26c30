//! Lists from a CSV file (RFC 4180: commas, double quotes, one header line).

use std::str::FromStr;

use kanglian_primitives::{BusinessBlockSet, EncryptionKey, Instant, InstitutionId};
use subxt::utils::AccountId32;

use crate::{fault::Fault, instant, names};

/// What a pan-centre says of an institution that it nominates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its code.
    pub id: InstitutionId,
    /// Its class (WS 218), such as `A1`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The account that speaks for it.
    pub controller: AccountId32,
    /// Its encryption key.
    pub encryption_key: EncryptionKey,
    /// Business blocks it may write into.
    pub blocks: BusinessBlockSet,
    /// Until when it is permitted.
    pub valid_until: Instant,
}

/// Columns of the file, in any order.
pub const COLUMNS: [&str; 7] =
    ["id", "kind", "name", "controller", "encryption_key", "blocks", "valid_until"];

/// A cell that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line its row begins on.
    pub line: usize,
    /// The column; empty when the whole row is meant.
    pub column: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column {
            "" => write!(f, "line {}: {}", self.line, self.reason),
            column => write!(f, "line {}, column `{column}`: {}", self.line, self.reason),
        }
    }
}

/// A row with its cells in the order of the columns that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it begins on.
    pub line: usize,
    cells: Vec<String>,
}

impl Row {
    /// A cell, without blanks around it.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// A file's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Those that have as many cells as the header.
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads a file with exactly these columns, in any order; any wrong row is an error.
    pub fn read(text: &str, columns: &[&str]) -> Result<Self, Fault> {
        match Self::read_what_can_be(text, columns)? {
            (table, errors) if errors.is_empty() => Ok(table),
            (_, errors) => {
                Err(Fault::usage(errors.first().map(ToString::to_string).unwrap_or_default()))
            },
        }
    }

    /// The same, with wrong rows apart.
    pub fn read_what_can_be(text: &str, columns: &[&str]) -> Result<(Self, Vec<RowError>), Fault> {
        let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let (_, header) = rows.next().ok_or_else(|| Fault::usage("the file is empty"))?;
        let all = columns.join(", ");
        let mut at = Vec::with_capacity(columns.len());
        for column in columns {
            let place = header.iter().position(|name| name.trim() == *column);
            at.push(place.ok_or_else(|| {
                Fault::usage(format!("no column `{column}`; the columns are {all}"))
            })?);
        }
        if header.len() != columns.len() {
            return Err(Fault::usage(format!("the columns are {all}")));
        }
        let (mut good, mut errors) = (Vec::new(), Vec::new());
        for (line, cells) in rows {
            if cells.len() != header.len() {
                let reason = format!("{} cells instead of {}", cells.len(), header.len());
                errors.push(RowError { line, column: "", reason });
                continue;
            }
            let cells = at.iter().map(|at| cells.get(*at).cloned().unwrap_or_default()).collect();
            good.push(Row { line, cells });
        }
        Ok((Self { rows: good }, errors))
    }
}

/// One institution's row.
pub fn profile_of(row: &Row) -> Result<Profile, RowError> {
    profile(|column| row.cell(column)).map_err(|(column, reason)| RowError {
        line: row.line,
        column: COLUMNS.get(column).copied().unwrap_or_default(),
        reason,
    })
}

/// Reads profiles; names the line and the column that is wrong.
pub fn profiles(text: &str) -> Result<Vec<Profile>, Fault> {
    let table = Table::read(text, &COLUMNS)?;
    let found: Result<Vec<_>, _> = table.rows.iter().map(profile_of).collect();
    let found = found.map_err(|error| Fault::usage(error.to_string()))?;
    if found.is_empty() {
        return Err(Fault::usage("the file lists no institution"));
    }
    Ok(found)
}

/// A line of a file for people and programs: cells quoted where they must be.
pub fn line(cells: &[&str]) -> String {
    let quoted = |cell: &&str| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => (*cell).to_owned(),
    };
    let mut line = cells.iter().map(quoted).collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

fn profile<'a>(cell: impl Fn(usize) -> &'a str) -> Result<Profile, (usize, String)> {
    fn read<T: FromStr>(at: usize, text: &str) -> Result<T, (usize, String)>
    where
        T::Err: ToString,
    {
        text.parse().map_err(|error: T::Err| (at, error.to_string()))
    }
    let said = |at: usize| move |error: Fault| (at, error.to_string());
    let kind = cell(1);
    if kind.is_empty() || kind.len() > 8 || !kind.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err((1, "expected a class such as A1 (WS 218)".to_owned()));
    }
    if cell(2).is_empty() || cell(2).len() > 128 {
        return Err((2, "expected a name of at most 128 bytes".to_owned()));
    }
    Ok(Profile {
        id: read(0, cell(0))?,
        kind: kind.to_owned(),
        name: cell(2).to_owned(),
        controller: AccountId32::from_str(cell(3))
            .map_err(|_| (3, "expected an SS58 address".to_owned()))?,
        encryption_key: read(4, cell(4))?,
        blocks: names::blocks(cell(5)).map_err(said(5))?,
        valid_until: instant::parse(cell(6)).map_err(said(6))?,
    })
}

/// Rows that are not blank, with the line each begins on.
pub fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, Fault> {
    let mut rows = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let (mut row, mut cell) = (Vec::new(), String::new());
    // Inside quotes; and whether this cell was quoted, so that nothing may follow its end.
    let (mut quoted, mut closed) = (false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            },
            '"' if quoted => (quoted, closed) = (false, true),
            '"' if cell.is_empty() && !closed => quoted = true,
            '\n' if quoted => {
                line += 1;
                cell.push('\n');
            },
            _ if quoted => cell.push(character),
            ',' => {
                row.push(std::mem::take(&mut cell));
                closed = false;
            },
            '\r' if characters.peek() == Some(&'\n') => {},
            '\n' => {
                row.push(std::mem::take(&mut cell));
                closed = false;
                rows.push((begun, std::mem::take(&mut row)));
                line += 1;
                begun = line;
            },
            _ if closed => {
                return Err(Fault::usage(format!("line {line}: text after a closing quote")));
            },
            _ => cell.push(character),
        }
    }
    if quoted {
        return Err(Fault::usage(format!("line {begun}: a quote is not closed")));
    }
    if !cell.is_empty() || closed || !row.is_empty() {
        row.push(cell);
        rows.push((begun, row));
    }
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const KEY: &str = "0x0900000000000000000000000000000000000000000000000000000000000007";
    const HEADER: &str = "id,kind,name,controller,encryption_key,blocks,valid_until";

    fn line(id: &str, name: &str, blocks: &str) -> String {
        format!("{id},A1,{name},{ALICE},{KEY},{blocks},2099-01-01")
    }

    #[test]
    fn reads_rows_with_quotes_blank_lines_and_windows_line_ends() {
        let one = line("91350100M000100Y43", "\"Hospital \"\"One\"\", Nanjing\"", "medical;health");
        let two = line("91350100M000100Y43-3", "社区卫生站", "0;7");
        let text = format!("\u{feff}{HEADER}\r\n{one}\r\n\r\n{two}");
        let found = profiles(&text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name, "Hospital \"One\", Nanjing");
        assert_eq!(found[0].blocks, BusinessBlockSet(0b1001));
        assert_eq!((found[1].id.site(), found[1].blocks), (3, BusinessBlockSet(0b1000_0001)));
    }

    #[test]
    fn columns_may_stand_in_any_order() {
        let text = format!(
            "name,id,kind,controller,encryption_key,valid_until,blocks\nA,91350100M000100Y43,A1,\
             {ALICE},{KEY},+1d,medical\n"
        );
        assert_eq!(profiles(&text).unwrap()[0].name, "A");
    }

    #[test]
    fn wrong_rows_stand_apart_and_cells_survive_their_quotes() {
        let cells = ["a,b", "say \"x\"", "two\nlines", ""];
        let text = format!("w,x,y,z\n{}1,2\n", super::line(&cells));
        let (table, errors) = Table::read_what_can_be(&text, &["w", "x", "y", "z"]).unwrap();
        assert_eq!(table.rows[0].cells, cells);
        assert_eq!(errors[0].to_string(), "line 4: 2 cells instead of 4");
        assert!(Table::read(&text, &["w", "x", "y", "z"]).is_err());
    }

    #[test]
    fn says_which_line_and_column_is_wrong() {
        let good = line("91350100M000100Y43", "A", "medical");
        for (text, part) in [
            (String::new(), "empty"),
            (HEADER.to_owned(), "no institution"),
            ("id,kind".to_owned(), "no column `name`"),
            (format!("{HEADER},more\n{good},1"), "the columns are"),
            (format!("{HEADER}\n{good}\n{good},1"), "line 3: 8 cells"),
            (format!("{HEADER}\n{}", line("91350100M000100Y44", "A", "0")), "line 2, column `id`"),
            (format!("{HEADER}\n{}", line("91350100M000100Y43", "", "0")), "column `name`"),
            (format!("{HEADER}\n{}", line("91350100M000100Y43", "A", "64")), "column `blocks`"),
            (format!("{HEADER}\n{}", good.replace("A1", "医院")), "column `kind`"),
            (format!("{HEADER}\n{}", good.replace(ALICE, "5Grw")), "column `controller`"),
            (format!("{HEADER}\n{}", good.replace(KEY, "0x09")), "column `encryption_key`"),
            (format!("{HEADER}\n{}", good.replace("2099-01-01", "soon")), "column `valid_until`"),
            (format!("{HEADER}\n\"a"), "not closed"),
            (format!("{HEADER}\n\"a\"b,"), "after a closing quote"),
        ] {
            let error = profiles(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{error} / {part}");
        }
    }
}
