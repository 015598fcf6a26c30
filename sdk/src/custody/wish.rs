//! With whom a person deals, and when it is time to deal anew.

use kanglian_primitives::{
    ComplaintReason, Custodian as Appointed, DealingView, Instant, PartAnswer, PersonId, RegionCode,
};

use super::{Custodian, USUAL_CUSTODIANS};
use crate::AccountId;

/// How long a custodian may take to answer before it is named as silent.
pub const PATIENCE: Instant = 24 * 60 * 60 * 1000;

/// Why a person should deal anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was dealt yet.
    Never,
    /// A custodian is gone, or has another key.
    Changed(RegionCode),
    /// A custodian complained.
    Bad(RegionCode, ComplaintReason),
    /// A custodian did not answer in time.
    Silent(RegionCode),
    /// A custodian that should have a share has none.
    Missing(RegionCode),
    /// Whoever opened an emergency had the dealing's payload.
    Used,
    /// The scope key was rotated since.
    Rotated,
}

impl Reason {
    /// Whether a client deals anew for it without asking: the rest says that a custodian should be
    /// looked at, and dealing to it again and again would not mend it.
    pub fn is_routine(&self) -> bool {
        !matches!(self, Self::Bad(..) | Self::Silent(_))
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Never => f.write_str("nothing was dealt yet"),
            Self::Changed(region) => {
                write!(f, "the custodian of region {region} is gone or has another key")
            },
            Self::Bad(region, ComplaintReason::BadShare) => {
                write!(f, "the custodian of region {region} says that its share is bad")
            },
            Self::Bad(region, ComplaintReason::Missing) => {
                write!(f, "the custodian of region {region} says that its share is at no vault")
            },
            Self::Silent(region) => write!(f, "the custodian of region {region} does not answer"),
            Self::Missing(region) => {
                write!(f, "the custodian of region {region} has no share yet")
            },
            Self::Used => f.write_str("an emergency used the dealing"),
            Self::Rotated => f.write_str("the emergency summary's scope key was rotated since"),
        }
    }
}

/// The threshold for a number of custodians: more than half of them.
pub fn default_threshold(custodians: usize) -> u8 {
    u8::try_from(custodians / 2 + 1).unwrap_or(u8::MAX)
}

/// With whom a person deals: at most [`USUAL_CUSTODIANS`], spread over persons by a hash of person
/// and region, so that another custodian changes the choice of few. Rising by region.
pub fn choose(person: &PersonId, custodians: &[Custodian]) -> Vec<Custodian> {
    let mut chosen = custodians.to_vec();
    chosen.sort_by_cached_key(|custodian| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&person.0).update(&custodian.region.0.to_le_bytes());
        *hasher.finalize().as_bytes()
    });
    chosen.truncate(USUAL_CUSTODIANS);
    chosen.sort_by_key(|custodian| custodian.region);
    chosen
}

/// Why a person should deal anew; nothing when all is well. `custodians` are those of active
/// regions.
pub fn reason_to_deal(
    person: &PersonId,
    view: Option<&DealingView>,
    custodians: &[(RegionCode, Appointed<AccountId>)],
    now: Instant,
) -> Vec<Reason> {
    let Some(DealingView { dealing, .. }) = view else { return vec![Reason::Never] };
    let mut reasons = Vec::new();
    let parts = dealing.terms.parts.iter().zip(&dealing.keys).zip(&dealing.answers);
    for ((part, key), answer) in parts {
        let region = part.region;
        let present = custodians.iter().find(|(known, _)| *known == region);
        if present.is_none_or(|(_, custodian)| custodian.key != *key) {
            reasons.push(Reason::Changed(region));
            continue;
        }
        match answer {
            PartAnswer::Acknowledged => {},
            PartAnswer::Bad(reason) => reasons.push(Reason::Bad(region, *reason)),
            PartAnswer::Waiting if now > dealing.dealt_at.saturating_add(PATIENCE) => {
                reasons.push(Reason::Silent(region));
            },
            PartAnswer::Waiting => {},
        }
    }
    let available: Vec<_> = custodians
        .iter()
        .map(|(region, custodian)| Custodian { region: *region, key: custodian.key })
        .collect();
    for custodian in choose(person, &available) {
        if dealing.terms.parts.len() < USUAL_CUSTODIANS
            && dealing.index_of(custodian.region).is_none()
        {
            reasons.push(Reason::Missing(custodian.region));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use kanglian_primitives::{Dealing, DealingPart, DealingTerms, EncryptionKey};

    use super::*;

    const PERSON: PersonId = PersonId([1; 32]);
    const DAY: Instant = PATIENCE;

    fn key(byte: u8) -> EncryptionKey {
        EncryptionKey::x25519([byte; 32])
    }

    fn appointed(regions: &[(u32, u8)]) -> Vec<(RegionCode, Appointed<AccountId>)> {
        let one = |(region, byte): &(u32, u8)| {
            let account = AccountId::from([*byte; 32]);
            (RegionCode(*region), Appointed { account, key: key(*byte), since: 0 })
        };
        regions.iter().map(one).collect()
    }

    fn view(regions: &[(u32, u8, PartAnswer)]) -> DealingView {
        let part = |(region, _, _): &(u32, u8, PartAnswer)| DealingPart {
            region: RegionCode(*region),
            share: [0; 32],
        };
        let terms = DealingTerms {
            threshold: 2,
            commitments: vec![[0; 32]; 2].try_into().unwrap(),
            parts: regions.iter().map(part).collect::<Vec<_>>().try_into().unwrap(),
            sealed: [0; 32],
        };
        let keys: Vec<_> = regions.iter().map(|(_, byte, _)| key(*byte)).collect();
        let answers: Vec<_> = regions.iter().map(|(_, _, answer)| *answer).collect();
        let dealing = Dealing {
            number: 1,
            dealt_at: DAY,
            terms,
            keys: keys.try_into().unwrap(),
            answers: answers.try_into().unwrap(),
        };
        DealingView { dealing, counting: 0, recoverable: false }
    }

    #[test]
    fn a_dealing_in_order_gives_no_reason() {
        use PartAnswer::{Acknowledged, Waiting};
        let custodians = appointed(&[(110_000, 1), (120_000, 2), (130_000, 3)]);
        let parts = [(110_000, 1, Acknowledged), (120_000, 2, Acknowledged), (130_000, 3, Waiting)];
        let view = view(&parts);
        assert_eq!(reason_to_deal(&PERSON, Some(&view), &custodians, 2 * DAY), []);
        assert_eq!(reason_to_deal(&PERSON, None, &custodians, 0), [Reason::Never]);
        let silent = [Reason::Silent(RegionCode(130_000))];
        assert_eq!(reason_to_deal(&PERSON, Some(&view), &custodians, 2 * DAY + 1), silent);
    }

    #[test]
    fn whoever_changed_complained_or_came_is_named() {
        use PartAnswer::{Acknowledged, Bad};
        let custodians = appointed(&[(110_000, 9), (120_000, 2), (140_000, 4)]);
        let bad = Bad(ComplaintReason::BadShare);
        let view = view(&[(110_000, 1, Acknowledged), (120_000, 2, bad), (130_000, 3, bad)]);
        let reasons = reason_to_deal(&PERSON, Some(&view), &custodians, 2 * DAY);
        assert_eq!(
            reasons,
            [
                Reason::Changed(RegionCode(110_000)),
                Reason::Bad(RegionCode(120_000), ComplaintReason::BadShare),
                Reason::Changed(RegionCode(130_000)),
                Reason::Missing(RegionCode(140_000)),
            ]
        );
        let words: Vec<_> = reasons.iter().map(Reason::to_string).collect();
        assert!(words[0].contains("110000") && words[1].contains("bad"), "{words:?}");
    }

    #[test]
    fn another_custodian_changes_the_choice_by_at_most_one() {
        let custodian = |at: u32| Custodian { region: RegionCode(at * 10_000), key: key(1) };
        let all: Vec<_> = (11..31).map(custodian).collect();
        let before = choose(&PERSON, &all);
        assert_eq!(before.len(), USUAL_CUSTODIANS);
        assert!(before.windows(2).all(|pair| pair[0].region < pair[1].region));
        let after = choose(&PERSON, &[&all[..], &[custodian(31)]].concat());
        assert!(after.iter().filter(|one| !before.contains(one)).count() <= 1);
        let others = (0..20u8).filter(|at| choose(&PersonId([*at; 32]), &all) != before);
        assert!(others.count() > 10, "persons choose differently");
        assert_eq!(choose(&PERSON, &all[..3]).len(), 3);
        assert_eq!([3, 4, 5, 16].map(default_threshold), [2, 3, 3, 9]);
    }
}
