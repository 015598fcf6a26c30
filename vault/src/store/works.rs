//! Public works in the vault: what lies here, their metadata, and what is found by which words.
//!
//! The words are those of title, summary and keywords: letters and digits in lower case, and every
//! character and every pair of neighbours of Chinese, Japanese and Korean text, which has no spaces.
//! Block and language are words too, with a mark before them that no text contains. The index is
//! made from the chain's list of works and can be made anew from it.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use codec::{Decode, DecodeAll, Encode};
use kanglian_primitives::{BusinessBlockId, Hash32, Height, WorkId};
use kanglian_sdk::works::WorkMetadata;
use redb::{ReadableTable, TableDefinition};

use super::{Database, StoreError, commit::Committer};

/// Works whose bytes lie here.
const HELD: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("held/v1");
/// Metadata documents by BLAKE3.
const DOCUMENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("documents/v1");
/// Words and the numbers of the works they stand in.
const WORDS: TableDefinition<(&str, u64), ()> = TableDefinition::new("words/v1");
/// Works of the index by number: id and hash of the metadata.
const INDEXED: TableDefinition<u64, &[u8]> = TableDefinition::new("indexed/v1");
/// Works that could not be indexed yet, as in [`INDEXED`].
const WAITING: TableDefinition<u64, &[u8]> = TableDefinition::new("waiting/v1");
/// The number up to which the chain's list was read.
const FOLLOWED: TableDefinition<(), u64> = TableDefinition::new("followed/v1");

/// Longest word that is kept.
const MAX_WORD: usize = 32;
/// Most words of a question.
const MAX_WORDS: usize = 24;
/// Most works that one question looks at.
const MAX_LOOKED_AT: usize = 5_000;
/// Stands in every work.
const EVERY: &str = "\u{1}";

/// A work whose bytes lie here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Published {
    /// Bytes.
    pub size: u64,
    /// No receipt signed here counts at or after this height.
    pub receipts_until: Height,
    /// Whether the work was seen on chain.
    pub published: bool,
}

/// A metadata document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Document {
    /// No receipt signed here counts at or after this height.
    pub receipts_until: Height,
    /// Whether a work that names it was seen on chain.
    pub published: bool,
    /// The document.
    pub bytes: Vec<u8>,
}

/// Entries and index.
pub struct Works {
    database: Arc<Database>,
    committer: Committer,
}

impl Works {
    /// Opens or makes the database.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(path, |transaction| {
            transaction.open_table(HELD)?;
            transaction.open_table(DOCUMENTS)?;
            transaction.open_table(WORDS)?;
            transaction.open_table(INDEXED)?;
            transaction.open_table(WAITING)?;
            transaction.open_table(FOLLOWED)?;
            Ok(())
        })?);
        let committer = Committer::start("vault-works", database.clone())?;
        Ok(Self { database, committer })
    }

    /// A work whose bytes lie here.
    pub fn held(&self, work: &WorkId) -> Result<Option<Published>, StoreError> {
        self.get(HELD, &work.0)
    }

    /// All works whose bytes lie here, with their sizes.
    pub fn all(&self) -> Result<Vec<(WorkId, u64)>, StoreError> {
        self.database.read(|transaction| {
            let table = transaction.open_table(HELD).map_err(StoreError::database)?;
            table
                .iter()
                .map_err(StoreError::database)?
                .map(|row| {
                    let (key, value) = row.map_err(StoreError::database)?;
                    let held: Published = decode(value.value())?;
                    Ok((WorkId(*key.value()), held.size))
                })
                .collect()
        })
    }

    /// A metadata document.
    pub fn document(&self, hash: &Hash32) -> Result<Option<Document>, StoreError> {
        self.get(DOCUMENTS, hash)
    }

    /// Notes bytes and metadata that are in place; what was said of them before is kept.
    pub async fn put(
        &self,
        work: WorkId,
        held: Option<Published>,
        hash: Hash32,
        document: Document,
    ) -> Result<(), StoreError> {
        self.committer
            .write(move |transaction| {
                if let Some(mut held) = held {
                    let mut table = transaction.open_table(HELD).map_err(StoreError::database)?;
                    if let Some(known) = read::<Published>(&table, &work.0)? {
                        held.receipts_until = held.receipts_until.max(known.receipts_until);
                        held.published |= known.published;
                    }
                    table
                        .insert(&work.0, held.encode().as_slice())
                        .map_err(StoreError::database)?;
                }
                let mut document = document;
                let mut table = transaction.open_table(DOCUMENTS).map_err(StoreError::database)?;
                if let Some(known) = read::<Document>(&table, &hash)? {
                    document.receipts_until = document.receipts_until.max(known.receipts_until);
                    document.published |= known.published;
                }
                table.insert(&hash, document.encode().as_slice()).map_err(StoreError::database)?;
                Ok(())
            })
            .await
    }

    /// Works and documents that were not seen on chain, with the end of their receipts.
    pub fn unpublished(
        &self,
    ) -> Result<(Vec<(WorkId, Height)>, Vec<(Hash32, Height)>), StoreError> {
        self.database.read(|transaction| {
            let mut works = Vec::new();
            let table = transaction.open_table(HELD).map_err(StoreError::database)?;
            for row in table.iter().map_err(StoreError::database)? {
                let (key, value) = row.map_err(StoreError::database)?;
                let held: Published = decode(value.value())?;
                if !held.published {
                    works.push((WorkId(*key.value()), held.receipts_until));
                }
            }
            let mut documents = Vec::new();
            let table = transaction.open_table(DOCUMENTS).map_err(StoreError::database)?;
            for row in table.iter().map_err(StoreError::database)? {
                let (key, value) = row.map_err(StoreError::database)?;
                // The document itself stays where it is.
                let (until, published): (Height, bool) =
                    Decode::decode(&mut value.value()).map_err(StoreError::index)?;
                if !published {
                    documents.push((*key.value(), until));
                }
            }
            Ok((works, documents))
        })
    }

    /// Removes the entry of a work that was not seen on chain and has no receipt that counts at
    /// this height. Says whether there was one.
    pub async fn forget(&self, work: WorkId, height: Height) -> Result<bool, StoreError> {
        self.committer
            .write(move |transaction| {
                let mut table = transaction.open_table(HELD).map_err(StoreError::database)?;
                let known = read::<Published>(&table, &work.0)?;
                let over =
                    known.is_some_and(|held| !held.published && held.receipts_until < height);
                if over {
                    table.remove(&work.0).map_err(StoreError::database)?;
                }
                Ok(over)
            })
            .await
    }

    /// The same with a document.
    pub async fn forget_document(&self, hash: Hash32, height: Height) -> Result<bool, StoreError> {
        self.committer
            .write(move |transaction| {
                let mut table = transaction.open_table(DOCUMENTS).map_err(StoreError::database)?;
                let known = read::<Document>(&table, &hash)?;
                let over =
                    known.is_some_and(|known| !known.published && known.receipts_until < height);
                if over {
                    table.remove(&hash).map_err(StoreError::database)?;
                }
                Ok(over)
            })
            .await
    }

    /// The number up to which the chain's list was read.
    pub fn followed(&self) -> Result<u64, StoreError> {
        self.database.read(|transaction| {
            let table = transaction.open_table(FOLLOWED).map_err(StoreError::database)?;
            let value = table.get(()).map_err(StoreError::database)?;
            Ok(value.map_or(0, |value| value.value()))
        })
    }

    /// Works on chain that could not be indexed yet: number, id, hash of the metadata.
    pub fn waiting(&self, limit: usize) -> Result<Vec<(u64, WorkId, Hash32)>, StoreError> {
        self.database.read(|transaction| {
            let table = transaction.open_table(WAITING).map_err(StoreError::database)?;
            table
                .iter()
                .map_err(StoreError::database)?
                .take(limit)
                .map(|row| {
                    let (number, value) = row.map_err(StoreError::database)?;
                    let (id, hash) = decode(value.value())?;
                    Ok((number.value(), id, hash))
                })
                .collect()
        })
    }

    /// Notes a work of the chain's list: to be found by these words, or waiting for its metadata.
    pub async fn index(
        &self,
        number: u64,
        work: WorkId,
        hash: Hash32,
        found_by: Option<BTreeSet<String>>,
    ) -> Result<(), StoreError> {
        self.committer
            .write(move |transaction| {
                let value = (work, hash).encode();
                let mut waiting = transaction.open_table(WAITING).map_err(StoreError::database)?;
                match found_by {
                    None => {
                        waiting.insert(number, value.as_slice()).map_err(StoreError::database)?;
                    },
                    Some(words) => {
                        waiting.remove(number).map_err(StoreError::database)?;
                        let mut table =
                            transaction.open_table(WORDS).map_err(StoreError::database)?;
                        for word in &words {
                            table
                                .insert((word.as_str(), number), ())
                                .map_err(StoreError::database)?;
                        }
                        table.insert((EVERY, number), ()).map_err(StoreError::database)?;
                        let mut indexed =
                            transaction.open_table(INDEXED).map_err(StoreError::database)?;
                        indexed.insert(number, value.as_slice()).map_err(StoreError::database)?;
                    },
                }
                let mut held = transaction.open_table(HELD).map_err(StoreError::database)?;
                if let Some(known) = read::<Published>(&held, &work.0)? {
                    let known = Published { published: true, ..known };
                    held.insert(&work.0, known.encode().as_slice())
                        .map_err(StoreError::database)?;
                }
                let mut table = transaction.open_table(DOCUMENTS).map_err(StoreError::database)?;
                if let Some(known) = read::<Document>(&table, &hash)? {
                    let known = Document { published: true, ..known };
                    table.insert(&hash, known.encode().as_slice()).map_err(StoreError::database)?;
                }
                let mut followed =
                    transaction.open_table(FOLLOWED).map_err(StoreError::database)?;
                let next = number.saturating_add(1);
                let known = followed.get(()).map_err(StoreError::database)?.map(|at| at.value());
                if known.is_none_or(|known| known < next) {
                    followed.insert((), next).map_err(StoreError::database)?;
                }
                Ok(())
            })
            .await
    }

    /// Works in which all these words stand, newest first, below the cursor; and where to go on.
    pub fn find(
        &self,
        words: &BTreeSet<String>,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<(WorkId, Hash32)>, Option<u64>), StoreError> {
        self.database.read(|transaction| {
            let table = transaction.open_table(WORDS).map_err(StoreError::database)?;
            let indexed = transaction.open_table(INDEXED).map_err(StoreError::database)?;
            let mut rest: Vec<&str> = words.iter().map(String::as_str).collect();
            // A long word is the rarer one, as a rule.
            rest.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let (first, rest) = match rest.split_first() {
                Some((first, rest)) => (*first, rest),
                None => (EVERY, &[][..]),
            };
            let end = cursor.unwrap_or(u64::MAX);
            let mut found = Vec::new();
            let mut looked_at = 0usize;
            let rows = table.range((first, 0)..(first, end)).map_err(StoreError::database)?;
            for row in rows.rev() {
                let (key, _) = row.map_err(StoreError::database)?;
                let number = key.value().1;
                looked_at = looked_at.saturating_add(1);
                let mut all = true;
                for word in rest {
                    all =
                        all && table.get((*word, number)).map_err(StoreError::database)?.is_some();
                }
                if all && let Some(value) = indexed.get(number).map_err(StoreError::database)? {
                    found.push(decode(value.value())?);
                }
                if found.len() >= limit || looked_at >= MAX_LOOKED_AT {
                    return Ok((found, (number > 0).then_some(number)));
                }
            }
            Ok((found, None))
        })
    }

    fn get<T: Decode>(
        &self,
        table: TableDefinition<&[u8; 32], &[u8]>,
        key: &[u8; 32],
    ) -> Result<Option<T>, StoreError> {
        self.database.read(|transaction| {
            let table = transaction.open_table(table).map_err(StoreError::database)?;
            read(&table, key)
        })
    }
}

fn read<T: Decode>(
    table: &impl ReadableTable<&'static [u8; 32], &'static [u8]>,
    key: &[u8; 32],
) -> Result<Option<T>, StoreError> {
    let value = table.get(key).map_err(StoreError::database)?;
    value.map(|value| decode(value.value())).transpose()
}

fn decode<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
    T::decode_all(&mut &*bytes).map_err(StoreError::index)
}

/// The word that stands in every work of a block.
pub fn block_word(block: BusinessBlockId) -> String {
    format!("\u{2}{}", block.0)
}

/// The word that stands in every work of a language: `zh` in those of `zh-CN`.
pub fn language_word(language: &str) -> String {
    format!("\u{3}{}", language.to_lowercase())
}

/// By which words a work is found.
pub fn words_of(metadata: &WorkMetadata, block: BusinessBlockId) -> BTreeSet<String> {
    let mut words = BTreeSet::from([block_word(block), language_word(&metadata.language)]);
    if let Some((first, _)) = metadata.language.split_once('-') {
        words.insert(language_word(first));
    }
    let texts = [&metadata.title, &metadata.summary].into_iter().chain(&metadata.keywords);
    for text in texts {
        for word in split(text) {
            if let Word::Ideographs(run) = &word {
                words.extend(run.iter().map(char::to_string));
            }
            words.extend(word.pieces());
        }
    }
    words
}

/// The words of a question; none when it asks for too many.
pub fn words_asked(text: &str) -> Option<BTreeSet<String>> {
    let words: BTreeSet<String> = split(text).iter().flat_map(Word::pieces).collect();
    (words.len() <= MAX_WORDS).then_some(words)
}

/// A part of a text.
enum Word {
    Letters(String),
    Ideographs(Vec<char>),
}

impl Word {
    /// What stands in the index: the word, or all pairs of neighbours.
    fn pieces(&self) -> Vec<String> {
        match self {
            Self::Letters(word) => vec![word.chars().take(MAX_WORD).collect()],
            Self::Ideographs(run) => match run.as_slice() {
                [single] => vec![single.to_string()],
                run => run.windows(2).map(|pair| pair.iter().collect()).collect(),
            },
        }
    }
}

/// Whether a character stands in text without spaces between words.
const fn is_ideograph(letter: char) -> bool {
    matches!(
        letter,
        '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}'
    )
}

/// A full-width letter or digit as the usual one.
fn narrow(letter: char) -> char {
    match u32::from(letter) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide.saturating_sub(0xfee0)).unwrap_or(letter),
        _ => letter,
    }
}

fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for letter in text.chars().map(narrow) {
        let lower = letter.to_lowercase();
        match words.last_mut() {
            _ if is_ideograph(letter) => match words.last_mut() {
                Some(Word::Ideographs(run)) => run.push(letter),
                _ => words.push(Word::Ideographs(vec![letter])),
            },
            Some(Word::Letters(word)) if letter.is_alphanumeric() => {
                word.extend(lower);
            },
            _ if letter.is_alphanumeric() => words.push(Word::Letters(lower.collect())),
            // Whatever else ends a word.
            _ => words.push(Word::Letters(String::new())),
        }
    }
    words.retain(|word| !matches!(word, Word::Letters(word) if word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        words_asked(text).unwrap().into_iter().collect()
    }

    #[test]
    fn chinese_and_english_are_split_into_what_is_looked_for() {
        assert_eq!(asked("Low-SALT diet"), ["diet", "low", "salt"]);
        assert_eq!(asked("高血压"), ["血压", "高血"]);
        assert_eq!(asked("盐"), ["盐"]);
        assert_eq!(asked("高血压diet２型"), ["diet2", "型", "血压", "高血"]);
        assert!(asked(" ,.!\u{1}\u{2} ").is_empty());
        assert!(words_asked(&"a b c d e f g ".repeat(4)).is_some(), "the same words again");
        let many: String = (0..40).map(|number| format!("w{number} ")).collect();
        assert!(words_asked(&many).is_none());
    }

    fn metadata(title: &str, language: &str) -> WorkMetadata {
        WorkMetadata {
            title: title.into(),
            language: language.into(),
            summary: String::new(),
            keywords: vec!["Hypertension".into()],
            content_type: "text/plain".into(),
        }
    }

    #[tokio::test]
    async fn works_are_found_newest_first_page_by_page() {
        let folder = tempfile::tempdir().unwrap();
        let works = Works::open(&folder.path().join("works.redb")).unwrap();
        for number in 0..5u8 {
            let language = if number % 2 == 0 { "zh-CN" } else { "en" };
            let words = words_of(&metadata("高血压的饮食", language), BusinessBlockId(4));
            let id = WorkId([number; 32]);
            works.index(number.into(), id, [number; 32], Some(words)).await.unwrap();
        }
        works.index(5, WorkId([5; 32]), [5; 32], None).await.unwrap();
        assert_eq!(works.followed().unwrap(), 6);
        assert_eq!(works.waiting(9).unwrap().len(), 1);
        let find = |words: &[&str], cursor, limit| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let (found, next) = works.find(&words, cursor, limit).unwrap();
            (found.iter().map(|(id, _)| id.0[0]).collect::<Vec<_>>(), next)
        };
        assert_eq!(find(&[], None, 2), (vec![4, 3], Some(3)));
        assert_eq!(find(&[], Some(3), 9), (vec![2, 1, 0], None));
        assert_eq!(find(&["高血", "血压", "hypertension"], None, 9).0.len(), 5);
        assert_eq!(find(&[&language_word("zh")], None, 9).0, [4, 2, 0]);
        assert_eq!(find(&[&language_word("en"), "饮"], None, 9).0, [3, 1]);
        assert_eq!(find(&[&block_word(BusinessBlockId(5))], None, 9), (vec![], None));
        assert_eq!(find(&["高压"], None, 9), (vec![], None));
    }
}
