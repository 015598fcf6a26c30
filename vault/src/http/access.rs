//! From a reader's statement to the chain's decision and the line in the log.

use axum::http::HeaderMap;
use kanglian_primitives::{
    AccessQuery, Author, Basis, Decision, FilePage, Grantee, Instant, InstitutionId, PersonId,
    Purpose, RecordId, Refusal, Terms, payloads, payloads::LogEntry,
};
use kanglian_sdk::{
    vault::verify,
    wire::{AccountId, HEADER_ACCESS, MAX_STATEMENT, Scheme, SignedAccess, SignedLogReceipt},
};

use super::caller::{Caller, scale_header};
use crate::{app::App, chain::Side, error::ApiError};

/// How far a reader's clock may be ahead, in milliseconds.
const CLOCK_AHEAD: Instant = 60_000;
/// How many levels of terms lie between a grant and what was last given on from it.
const MAX_DELEGATION: u8 = 2;

/// How many questions look for a record that an institution wrote.
const MAX_LOOKS: u32 = 4;

/// The reader's statement, verified, with the present that decisions use.
pub struct Access {
    signed: SignedAccess,
    now: Instant,
}

impl Access {
    /// Reads and verifies the statement in a request's header.
    pub fn verified(app: &App, caller: &Caller, headers: &HeaderMap) -> Result<Self, ApiError> {
        let signed: SignedAccess = scale_header(headers, HEADER_ACCESS)?;
        let now = app.fresh_now()?;
        let statement = &signed.statement;
        if statement.region != app.identity.region() {
            return Err(ApiError::forbidden(
                "wrong_region",
                "the statement is for another region's vault",
            ));
        }
        if statement.account != caller.account {
            return Err(ApiError::forbidden(
                "wrong_account",
                "the statement is of another account than the one signed in",
            ));
        }
        let length = statement.expires_at.checked_sub(statement.issued_at);
        if !length.is_some_and(|length| length > 0 && length <= MAX_STATEMENT) {
            return Err(ApiError::forbidden(
                "statement_validity",
                "a statement counts for at most an hour",
            ));
        }
        if statement.issued_at > now.saturating_add(CLOCK_AHEAD) || now >= statement.expires_at {
            return Err(ApiError::forbidden(
                "statement_expired",
                "the statement has expired, or its clock is ahead",
            ));
        }
        let message = payloads::access(app.identity.genesis(), statement);
        let holds = Scheme::from_number(signed.scheme)
            .is_some_and(|scheme| verify(scheme, &statement.account, &message, &signed.signature));
        if !holds {
            return Err(ApiError::forbidden(
                "statement_signature",
                "the signature is not the account's; ed25519 and sr25519 are taken",
            ));
        }
        app.quota.may_be_refused(&statement.account, now)?;
        if app.log.is_broken() {
            return Err(ApiError::unavailable(
                "log_broken",
                "the vault's access log contradicts the chain; nothing may be read until its \
                 operator has restored it",
            ));
        }
        Ok(Self { signed, now })
    }

    /// Whose records.
    pub fn subject(&self) -> PersonId {
        self.signed.statement.subject
    }

    /// As what the reader acts.
    pub fn acting_as(&self) -> Grantee<AccountId> {
        self.signed.statement.acting_as
    }

    /// The present that decisions use.
    pub fn now(&self) -> Instant {
        self.now
    }

    fn query(&self) -> AccessQuery<AccountId> {
        let statement = &self.signed.statement;
        AccessQuery {
            account: statement.account,
            acting_as: statement.acting_as,
            subject: statement.subject,
            purpose: statement.purpose,
        }
    }

    /// Whether the record may be read: only when the best and the finalised state both say so.
    pub async fn decide(
        &self,
        app: &App,
        record: RecordId,
    ) -> Result<Result<Basis, Refusal>, ApiError> {
        let began = std::time::Instant::now();
        let decided =
            app.fresh_in_time(app.chain.decide_twice(self.query(), record, self.now)).await;
        let elapsed = began.elapsed();
        let decided = decided.map(|(best, finalised)| match (best, finalised) {
            (Decision::Allowed(basis), Decision::Allowed(_)) => Ok(basis),
            (Decision::Refused(refusal), _) | (_, Decision::Refused(refusal)) => Err(refusal),
        });
        let result = match &decided {
            Ok(Ok(_)) => "allowed",
            Ok(Err(_)) => "refused",
            Err(_) => "failed",
        };
        metrics::histogram!("kanglian_vault_consent_check_seconds", "result" => result)
            .record(elapsed.as_secs_f64());
        decided
    }

    /// A page of the subject's file: records that both states let the reader see. Several questions
    /// are asked: to be awaited by [`App::fresh_in_time`].
    pub async fn file(
        &self,
        app: &App,
        cursor: Option<RecordId>,
        limit: u32,
    ) -> Result<Result<(FilePage, Basis), Refusal>, ApiError> {
        let query = self.query();
        let (best, finalised) = futures::try_join!(
            app.chain.readable(Side::Best, query, cursor, limit, self.now),
            app.chain.readable(Side::Finalised, query, cursor, limit, self.now),
        )?;
        let (mut page, finalised) = match (best, finalised) {
            (Ok(best), Ok(finalised)) => (best, finalised),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
        };
        // Pages hold at most 256 records.
        page.records.retain(|record| finalised.records.iter().any(|known| known.id == record.id));
        let basis = self.basis_of_listing(app, &page).await?;
        Ok(basis.map(|basis| (page, basis)).ok_or(Refusal::NoConsent))
    }

    /// On what ground a page is listed, if on any: the chain names one for single records only,
    /// and answers an institution that treats even when it wrote nothing.
    async fn basis_of_listing(
        &self,
        app: &App,
        page: &FilePage,
    ) -> Result<Option<Basis>, ApiError> {
        let statement = &self.signed.statement;
        if statement.acting_as == Grantee::Person(statement.subject) {
            return Ok(Some(Basis::Subject));
        }
        let subject = statement.subject;
        let all = app.chain.terms_of(Side::Best, subject).await?;
        for (grantee, held) in &all {
            if *grantee == statement.acting_as
                && held.purposes.contains(statement.purpose)
                && is_rooted(app, Side::Best, &all, held, self.now).await?
            {
                return Ok(Some(Basis::Terms(held.id)));
            }
        }
        let id = match statement.acting_as {
            Grantee::Institution(id) => id,
            Grantee::Practitioner { account, institution } => {
                return self.basis_in_emergency(app, account, institution).await;
            },
            _ => return Ok(None),
        };
        let author = Author::Institution(id);
        let wrote = match page.records.is_empty() {
            false => page.records.iter().any(|record| record.author == author),
            true => self.has_written(app).await?,
        };
        Ok(wrote.then_some(Basis::Author))
    }

    /// The emergency that a practitioner has open about the subject, by both states.
    async fn basis_in_emergency(
        &self,
        app: &App,
        practitioner: AccountId,
        institution: InstitutionId,
    ) -> Result<Option<Basis>, ApiError> {
        let statement = &self.signed.statement;
        let purpose = statement.purpose;
        if !matches!(purpose, Purpose::EmergencyTreatment | Purpose::BreakTheGlass) {
            return Ok(None);
        }
        let open = |at| {
            app.chain.open_emergency(at, statement.subject, practitioner, institution, self.now)
        };
        let (best, finalised) = futures::try_join!(open(Side::Best), open(Side::Finalised))?;
        Ok(best.filter(|id| finalised == Some(*id)).map(Basis::Emergency))
    }

    /// Whether a reader without terms sees any record, on whatever page: then it wrote that one.
    async fn has_written(&self, app: &App) -> Result<bool, ApiError> {
        let mut cursor = None;
        for _ in 0..MAX_LOOKS {
            let looked = app.chain.readable(Side::Finalised, self.query(), cursor, 1, self.now);
            let Ok(page) = looked.await? else { return Ok(false) };
            if !page.records.is_empty() || page.next.is_none() {
                return Ok(!page.records.is_empty());
            }
            cursor = page.next;
        }
        Ok(false)
    }

    /// Writes the line; it is on disk when this returns. A refused read has no basis.
    pub async fn log(
        &self,
        app: &App,
        record: Option<RecordId>,
        basis: Option<Basis>,
    ) -> Result<SignedLogReceipt, ApiError> {
        let at = self.now;
        let entry = LogEntry {
            at,
            statement: self.signed.statement,
            scheme: self.signed.scheme,
            signature: self.signed.signature.clone(),
            record,
            basis,
        };
        if basis.is_none() {
            app.quota.note_refusal(&self.signed.statement.account, self.now);
            metrics::counter!("kanglian_vault_refused_reads_total").increment(1);
        }
        let line = app.log.append(entry).await?;
        Ok(app.identity.log_receipt(line.index, line.leaf, at))
    }
}

/// Whether the account is the person's controller.
pub async fn is_person(
    app: &App,
    at: Side,
    account: AccountId,
    person: PersonId,
    now: Instant,
) -> Result<bool, ApiError> {
    let query = AccessQuery {
        account,
        acting_as: Grantee::Person(person),
        subject: person,
        purpose: Purpose::PatientRequest,
    };
    Ok(app.chain.readable(at, query, None, 1, now).await?.is_ok())
}

/// An account that wants something of a person's that is not a record.
#[derive(Clone, Copy)]
pub struct Asker {
    /// Which account.
    pub account: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// The present.
    pub now: Instant,
}

impl Asker {
    /// Whether it is the person's controller, or acts as a grantee of the person whose terms are
    /// wanted ones: these very terms must be such as a read could stand on, whatever else the
    /// grantee holds.
    pub async fn is_person_or_holds(
        self,
        app: &App,
        at: Side,
        wanted: impl Fn(&Terms<AccountId>) -> bool,
    ) -> Result<bool, ApiError> {
        let Self { account, person, now } = self;
        if is_person(app, at, account, person, now).await? {
            return Ok(true);
        }
        let all = app.chain.terms_of(at, person).await?;
        for (grantee, terms) in &all {
            if !wanted(terms) || holders_above(&all, terms, now).is_none() {
                continue;
            }
            let Some(purpose) = terms.purposes.iter().next() else { continue };
            let query = AccessQuery { account, acting_as: *grantee, subject: person, purpose };
            if app.chain.readable(at, query, None, 1, now).await?.is_ok()
                && is_rooted(app, at, &all, terms, now).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether terms and all they came from are in force and held by somebody in standing, as the
/// runtime looks at it when it decides: who received them from an institution that is suspended
/// has nothing.
async fn is_rooted(
    app: &App,
    at: Side,
    all: &[(Grantee<AccountId>, Terms<AccountId>)],
    terms: &Terms<AccountId>,
    now: Instant,
) -> Result<bool, ApiError> {
    let Some(holders) = holders_above(all, terms, now) else { return Ok(false) };
    for holder in holders {
        if !app.chain.in_standing(at, holder, now).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who holds what the terms came from, if these and all above them are there and in force: a child
/// ends with its parent.
fn holders_above(
    all: &[(Grantee<AccountId>, Terms<AccountId>)],
    terms: &Terms<AccountId>,
    now: Instant,
) -> Option<Vec<Grantee<AccountId>>> {
    let mut holders = Vec::new();
    let mut at = Some(terms);
    for _ in 0..=MAX_DELEGATION {
        let terms = at.filter(|terms| terms.from <= now && now < terms.until)?;
        let Some(parent) = terms.parent else { return Some(holders) };
        holders.push(parent.grantee);
        at = all
            .iter()
            .find(|(grantee, above)| *grantee == parent.grantee && above.id == parent.id)
            .map(|(_, above)| above);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::{
        BusinessBlockSet, InstitutionId, ParentTerms, PurposeSet, TermsId, blocks,
    };

    fn is_living(
        all: &[(Grantee<AccountId>, Terms<AccountId>)],
        terms: &Terms<AccountId>,
        now: Instant,
    ) -> bool {
        holders_above(all, terms, now).is_some()
    }

    fn holder(number: u32) -> Grantee<AccountId> {
        Grantee::Institution(InstitutionId::from_parts(320_100, number))
    }

    /// Terms from 10 to 20, below those of another holder.
    fn terms(id: u64, parent: Option<(u32, u64)>) -> Terms<AccountId> {
        Terms {
            id: TermsId(id),
            blocks: BusinessBlockSet::of(blocks::MEDICAL),
            purposes: PurposeSet::of(Purpose::Treatment),
            from: 10,
            until: 20,
            records_from: 0,
            records_until: u64::MAX,
            may_delegate: 0,
            parent: parent
                .map(|(number, id)| ParentTerms { grantee: holder(number), id: TermsId(id) }),
            bundle: [0; 32],
        }
    }

    #[test]
    fn terms_live_from_their_first_instant_to_their_last() {
        let all = [(holder(1), terms(1, None))];
        for (now, lives) in [(9, false), (10, true), (19, true), (20, false)] {
            assert_eq!(is_living(&all, &all[0].1, now), lives, "{now}");
        }
    }

    #[test]
    fn a_child_lives_as_long_as_all_above_it() {
        let whole = [
            (holder(1), terms(1, None)),
            (holder(2), terms(1, Some((1, 1)))),
            (holder(3), terms(1, Some((2, 1)))),
        ];
        assert!(is_living(&whole, &whole[2].1, 15));
        assert_eq!(holders_above(&whole, &whole[2].1, 15).unwrap(), [holder(2), holder(1)]);
        // Revoked above, at either level.
        assert!(!is_living(&whole[1..], &whole[2].1, 15));
        assert!(!is_living(&[whole[0], whole[2]], &whole[2].1, 15));
        // Over above, or not begun.
        let mut over = whole;
        over[0].1.until = 15;
        assert!(!is_living(&over, &over[2].1, 15));
        over[0].1.until = 20;
        over[1].1.from = 16;
        assert!(!is_living(&over, &over[2].1, 15));
        // The parent's identifier under another holder is another's terms.
        let mut other = whole;
        other[1].0 = holder(9);
        assert!(!is_living(&other, &other[2].1, 15));
    }

    #[test]
    fn chains_that_are_too_long_or_closed_do_not_live() {
        let long = [
            (holder(1), terms(1, None)),
            (holder(2), terms(1, Some((1, 1)))),
            (holder(3), terms(1, Some((2, 1)))),
            (holder(4), terms(1, Some((3, 1)))),
        ];
        assert!(!is_living(&long, &long[3].1, 15));
        let closed = [(holder(1), terms(1, Some((2, 1)))), (holder(2), terms(1, Some((1, 1))))];
        assert!(!is_living(&closed, &closed[0].1, 15));
    }
}
