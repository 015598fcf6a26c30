//! Short names that people write for business blocks, purposes and grantees.

use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, Grantee, InstitutionId, PersonId, Purpose, PurposeSet,
    TeamId, blocks,
};
use subxt::utils::AccountId32;

use crate::fault::Fault;

const BLOCKS: [(&str, BusinessBlockId); 8] = [
    ("medical", blocks::MEDICAL),
    ("restricted", blocks::RESTRICTED_MEDICAL),
    ("elderly-care", blocks::ELDERLY_CARE),
    ("health", blocks::HEALTH),
    ("health-education", blocks::HEALTH_EDUCATION),
    ("public-knowledge", blocks::PUBLIC_KNOWLEDGE),
    ("personal", blocks::PERSONAL),
    ("emergency", blocks::EMERGENCY_SUMMARY),
];

/// Reads a business block: a name of the genesis blocks, or a number.
pub fn block(text: &str) -> Result<BusinessBlockId, Fault> {
    let named = BLOCKS.iter().find(|(name, _)| *name == text).map(|(_, block)| *block);
    let number = || text.parse().ok().map(BusinessBlockId).filter(|block| block.is_valid());
    named.or_else(number).ok_or_else(|| {
        let known: Vec<_> = BLOCKS.iter().map(|(name, _)| *name).collect();
        Fault::usage(format!(
            "`{text}` is no business block: write a number 0 to 63 or one of {}",
            known.join(", ")
        ))
    })
}

/// Reads business blocks with `,` or `;` between them.
pub fn blocks(text: &str) -> Result<BusinessBlockSet, Fault> {
    text.split([',', ';']).map(|name| block(name.trim())).collect()
}

/// The name of a block.
pub fn show_block(block: BusinessBlockId) -> String {
    let named = BLOCKS.iter().find(|(_, known)| *known == block);
    named.map_or_else(|| block.to_string(), |(name, _)| (*name).to_owned())
}

/// The names of blocks.
pub fn show_blocks(blocks: BusinessBlockSet) -> String {
    let names: Vec<_> = blocks.iter().map(show_block).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Reads purposes with `,` or `;` between them.
pub fn purposes(text: &str) -> Result<PurposeSet, Fault> {
    let read = |code: &str| {
        code.trim().parse::<Purpose>().map_err(|error| Fault::usage(format!("`{code}`: {error}")))
    };
    text.split([',', ';']).map(read).collect()
}

/// The codes of purposes.
pub fn show_purposes(purposes: PurposeSet) -> String {
    let codes: Vec<_> = purposes.iter().map(Purpose::code).collect();
    codes.join(", ")
}

/// Reads a grantee: `institution:CODE`, `practitioner:ADDRESS@CODE`, `team:NUMBER@CODE` or
/// `person:0x…`.
pub fn grantee(text: &str) -> Result<Grantee<AccountId32>, Fault> {
    let wrong = |why: String| {
        Fault::usage(format!(
            "`{text}` is no grantee ({why}): write institution:CODE, practitioner:ADDRESS@CODE, \
             team:NUMBER@CODE or person:0x…"
        ))
    };
    let institution =
        |code: &str| code.parse::<InstitutionId>().map_err(|error| wrong(error.to_string()));
    let at = |rest: &'_ str| {
        let (first, code) =
            rest.split_once('@').ok_or_else(|| wrong("no @ before the institution".to_owned()))?;
        Ok::<_, Fault>((first.to_owned(), institution(code)?))
    };
    match text.split_once(':') {
        Some(("institution", code)) => Ok(Grantee::Institution(institution(code)?)),
        Some(("practitioner", rest)) => {
            let (address, institution) = at(rest)?;
            let account = address.parse().map_err(|_| wrong("no SS58 address".to_owned()))?;
            Ok(Grantee::Practitioner { account, institution })
        },
        Some(("team", rest)) => {
            let (number, institution) = at(rest)?;
            let team = number.parse().map_err(|_| wrong("no team number".to_owned()))?;
            Ok(Grantee::CareTeam { institution, team: TeamId(team) })
        },
        Some(("person", id)) => {
            let id = id.parse::<PersonId>().map_err(|error| wrong(error.to_string()))?;
            Ok(Grantee::Person(id))
        },
        _ => Err(wrong("unknown kind".to_owned())),
    }
}

/// A grantee as [`grantee`] reads it.
pub fn show_grantee(grantee: &Grantee<AccountId32>) -> String {
    match grantee {
        Grantee::Institution(id) => format!("institution:{id}"),
        Grantee::Practitioner { account, institution } => {
            format!("practitioner:{account}@{institution}")
        },
        Grantee::CareTeam { institution, team } => format!("team:{team}@{institution}"),
        Grantee::Person(id) => format!("person:{id}"),
    }
}

/// The institution that stands behind a grantee.
pub fn institution_of(grantee: &Grantee<AccountId32>) -> Option<InstitutionId> {
    match grantee {
        Grantee::Institution(institution)
        | Grantee::Practitioner { institution, .. }
        | Grantee::CareTeam { institution, .. } => Some(*institution),
        Grantee::Person(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_by_name_and_by_number() {
        let set = blocks("medical, 3;emergency").unwrap();
        assert_eq!(set, BusinessBlockSet(0b1000_1001));
        assert_eq!(show_blocks(set), "medical, health, emergency");
        assert_eq!(show_block(BusinessBlockId(40)), "40");
        for text in ["", "64", "-1", "Medical", "medical,"] {
            assert!(blocks(text).is_err(), "{text}");
        }
    }

    #[test]
    fn purposes_are_hl7_codes() {
        let set = purposes("TREAT,CAREMGT").unwrap();
        assert_eq!(show_purposes(set), "TREAT, CAREMGT");
        assert!(purposes("treat").is_err());
    }

    #[test]
    fn grantees_have_one_text_form() {
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let person = PersonId([7; 32]);
        for text in [
            "institution:91350100M000100Y43".to_owned(),
            format!("practitioner:{address}@91350100M000100Y43-3"),
            "team:12@91350100M000100Y43".to_owned(),
            format!("person:{person}"),
        ] {
            assert_eq!(show_grantee(&grantee(&text).unwrap()), text);
        }
        for text in [
            "",
            "institution",
            "institution:1",
            "practitioner:91350100M000100Y43",
            "person:0x",
            "team:x@91350100M000100Y43",
            "doctor:1",
            "practitioner:5G@91350100M000100Y43",
        ] {
            assert!(grantee(text).is_err(), "{text}");
        }
    }
}
