//! The permission path: who acts as what, which terms are in force, what they cover.

use alloc::vec::Vec;
use frame_support::ensure;
use kanglian_primitives::{
    AccessQuery, Author, Basis, BusinessBlockId, BusinessBlockSet, EmergencyId, FilePage, Grantee,
    Instant, InstitutionId, MAX_PAGE, PersonId, Purpose, RecordFacts, RecordId, RecordStatus,
    Refusal, TermsId, blocks,
};
use kanglian_traits::{BlockInspect, EmergencyInspect, InstitutionInspect, PersonInspect};

use crate::{Capacity, Config, Grants, MAX_DELEGATION, Pallet, TermsOf, within};

/// Most pages of a file that one question looks through.
const MAX_SCANNED_PAGES: u32 = 64;

/// A reader in good standing, and all it could stand on for its purpose at an instant.
pub(crate) struct Reader<T: Config> {
    /// Whether the reader is the subject.
    is_subject: bool,
    /// The institution the reader speaks for, when it treats and may read what it wrote itself.
    author: Option<InstitutionId>,
    /// The emergency that the reader has open about the subject.
    emergency: Option<EmergencyId>,
    /// Terms for the purpose, begun and not over; what they came from is not yet looked at.
    terms: Vec<TermsOf<T>>,
}

impl<T: Config> Pallet<T> {
    /// As what kind of member the account acts as the grantee, if it does.
    pub fn acts_as(
        who: &T::AccountId,
        grantee: &Grantee<T::AccountId>,
        now: Instant,
    ) -> Option<Capacity> {
        let member = |acts: bool| acts.then_some(Capacity::Member);
        match grantee {
            Grantee::Institution(id) => {
                let speaks = T::Institutions::acting(who, now).is_some_and(|view| view.id == *id);
                match speaks {
                    true => Some(Capacity::Controller),
                    false => member(T::Institutions::is_practitioner(who, id, now)),
                }
            },
            Grantee::Practitioner { account, institution } => {
                member(account == who && T::Institutions::is_practitioner(who, institution, now))
            },
            Grantee::CareTeam { institution, team } => {
                member(T::Institutions::is_team_member(who, institution, *team, now))
            },
            Grantee::Person(id) => T::People::acting(who, now)
                .filter(|person| person.id == *id || T::People::canonical(id) == person.id)
                .map(|_| Capacity::Controller),
        }
    }

    /// Whether the grantee itself still counts, whoever acts as it.
    pub fn is_in_standing(grantee: &Grantee<T::AccountId>, now: Instant) -> bool {
        match grantee {
            Grantee::Institution(institution) | Grantee::CareTeam { institution, .. } => {
                T::Institutions::permitted(institution, now).is_some()
            },
            Grantee::Practitioner { account, institution } => {
                T::Institutions::is_practitioner(account, institution, now)
            },
            Grantee::Person(id) => Self::counts(id, now),
        }
    }

    /// Whether the person is valid; a linked id counts as long as the one that it leads to does.
    fn counts(id: &PersonId, now: Instant) -> bool {
        let valid = |id: &PersonId| T::People::valid(id, now).is_some();
        valid(id) || {
            let canonical = T::People::canonical(id);
            canonical != *id && valid(&canonical)
        }
    }

    /// Whether both ids are the one person's that the reader is.
    fn is_same(reader: &Grantee<T::AccountId>, subject: &PersonId) -> bool {
        let Grantee::Person(own) = reader else { return false };
        own == subject || T::People::canonical(own) == T::People::canonical(subject)
    }

    /// Whether everything the terms came from is there, in force, and held by somebody in
    /// standing. One read of consents a level.
    fn is_rooted(subject: &PersonId, terms: &TermsOf<T>, now: Instant) -> bool {
        let mut parent = terms.parent.clone();
        for _ in 0..MAX_DELEGATION {
            let Some(link) = parent else { return true };
            if !Self::is_in_standing(&link.grantee, now) {
                return false;
            }
            let file = Grants::<T>::get(subject, &link.grantee);
            let above = file.as_ref().and_then(|file| file.find(link.id));
            match above {
                Some(above) if within(above.from, above.until, now) => {
                    parent = above.parent.clone();
                },
                _ => return false,
            }
        }
        parent.is_none()
    }

    /// The grantee's terms with this identifier, when they and all they came from are in force.
    pub(crate) fn terms_in_force(
        subject: &PersonId,
        grantee: &Grantee<T::AccountId>,
        id: TermsId,
        now: Instant,
    ) -> Option<TermsOf<T>> {
        let file = Grants::<T>::get(subject, grantee)?;
        let terms = file.find(id).filter(|terms| within(terms.from, terms.until, now))?;
        Self::is_rooted(subject, terms, now).then(|| terms.clone())
    }

    /// The reader behind a query, or why there is none.
    fn reader(query: &AccessQuery<T::AccountId>, now: Instant) -> Result<Reader<T>, Refusal> {
        let capacity =
            Self::acts_as(&query.account, &query.acting_as, now).ok_or(Refusal::NotActingAs)?;
        ensure!(Self::counts(&query.subject, now), Refusal::SubjectNotActive);
        ensure!(query.purpose != Purpose::Marketing, Refusal::NoConsent);
        if Self::is_same(&query.acting_as, &query.subject) {
            let terms = Vec::new();
            return Ok(Reader { is_subject: true, author: None, emergency: None, terms });
        }
        let emergency = match (&query.acting_as, query.purpose) {
            (
                Grantee::Practitioner { account, institution },
                Purpose::EmergencyTreatment | Purpose::BreakTheGlass,
            ) => T::Emergencies::open_case(&query.subject, account, institution, now),
            _ => None,
        };
        let author = match (&query.acting_as, capacity, query.purpose) {
            (Grantee::Institution(id), Capacity::Controller, Purpose::Treatment) => Some(*id),
            _ => None,
        };
        let held = match query.purpose.is_grantable() {
            true => Grants::<T>::get(query.subject, &query.acting_as).unwrap_or_default(),
            false => Default::default(),
        };
        let in_force = |terms: &TermsOf<T>| {
            terms.purposes.contains(query.purpose) && within(terms.from, terms.until, now)
        };
        let terms = held.terms.into_iter().filter(in_force).collect();
        Ok(Reader { is_subject: false, author, emergency, terms })
    }

    /// On what ground the reader may read the record, if on any.
    fn basis(
        reader: &Reader<T>,
        facts: &RecordFacts,
        is_rooted: impl Fn(&TermsOf<T>) -> bool,
    ) -> Option<Basis> {
        if facts.status == RecordStatus::Rejected {
            return None;
        }
        if reader.is_subject {
            return Some(Basis::Subject);
        }
        if reader.author.is_some_and(|id| facts.author == Author::Institution(id)) {
            return Some(Basis::Author);
        }
        if facts.block == blocks::EMERGENCY_SUMMARY
            && let Some(id) = reader.emergency
        {
            return Some(Basis::Emergency(id));
        }
        let covering = reader.terms.iter().find(|terms| {
            terms.blocks.contains(facts.block)
                && within(terms.records_from, terms.records_until, facts.shared_at)
                && Self::may_stand_beside_others(facts.block, terms.blocks)
                && is_rooted(terms)
        });
        covering.map(|terms| Basis::Terms(terms.id))
    }

    /// Whether terms over these blocks cover this one: a restricted block only when it is alone.
    fn may_stand_beside_others(block: BusinessBlockId, blocks: BusinessBlockSet) -> bool {
        blocks == BusinessBlockSet::of(block)
            || !T::Blocks::block(block).is_some_and(|view| view.restricted)
    }

    /// Whether readers without a ground may not even learn that the block has records. A block
    /// that is retired no longer says what it was.
    fn is_hidden(block: BusinessBlockId) -> bool {
        T::Blocks::block(block).is_none_or(|view| view.restricted)
    }

    /// The ground on which a record may be read, or why it may not.
    pub(crate) fn judge(
        query: &AccessQuery<T::AccountId>,
        facts: &RecordFacts,
        now: Instant,
    ) -> Result<Basis, Refusal> {
        let told = |refusal| match Self::is_hidden(facts.block) {
            true => Refusal::NotFound,
            false => refusal,
        };
        ensure!(facts.subject == query.subject, Refusal::NotFound);
        ensure!(facts.status != RecordStatus::Rejected, Refusal::NotFound);
        let reader = Self::reader(query, now).map_err(told)?;
        Self::basis(&reader, facts, |terms| Self::is_rooted(&query.subject, terms, now))
            .ok_or_else(|| told(Refusal::NoConsent))
    }

    /// What of a person's file a reader may see: at most `limit` readable records after the
    /// cursor.
    ///
    /// `file_of` gives pages of the file, those after a cursor, whoever asks. The next cursor
    /// given to the reader is a record it may read, so that pages betray nothing of the others.
    /// Only when thousands of unreadable records follow one another is it one of these. A reader
    /// who is neither subject nor author and holds no terms in force gets `NoConsent`.
    pub fn readable(
        query: &AccessQuery<T::AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
        file_of: impl Fn(PersonId, Option<RecordId>, u32) -> FilePage,
    ) -> Result<FilePage, Refusal> {
        let mut reader = Self::reader(query, now)?;
        reader.terms.retain(|terms| Self::is_rooted(&query.subject, terms, now));
        let has_ground = reader.is_subject
            || reader.author.is_some()
            || reader.emergency.is_some()
            || !reader.terms.is_empty();
        ensure!(has_ground, Refusal::NoConsent);
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        let mut records: Vec<RecordFacts> = Vec::new();
        let mut at = cursor;
        for _ in 0..MAX_SCANNED_PAGES {
            let page = file_of(query.subject, at, MAX_PAGE);
            for facts in page.records {
                // The person's own file has the records of linked ids, too.
                let is_own = facts.subject == query.subject
                    || (reader.is_subject && Self::is_same(&query.acting_as, &facts.subject));
                if !is_own || Self::basis(&reader, &facts, |_| true).is_none() {
                    continue;
                }
                if records.len() >= limit {
                    let next = records.last().map(|last| last.id);
                    return Ok(FilePage { records, next });
                }
                records.push(facts);
            }
            at = page.next;
            if at.is_none() {
                return Ok(FilePage { records, next: None });
            }
        }
        let next = records.last().map(|last| last.id).or(at);
        Ok(FilePage { records, next })
    }
}
