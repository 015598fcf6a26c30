//! Provinces, institutions, people, business blocks.

/// Provinces.
pub mod regions {
    use super::super::*;
    const PALLET: &str = "Regions";

    /// Registers a province. Council, two thirds.
    pub fn register(
        code: RegionCode,
        name: &str,
        pan_centre: &AccountId,
        custodian_key: EncryptionKey,
        vault_key: VaultKey,
        vault_url: &str,
    ) -> Call {
        let args =
            (code, Text::from(name), pan_centre, custodian_key, vault_key, Text::from(vault_url));
        Call::new(PALLET, "register", args)
    }

    /// Names another vault key and address. The province's pan-centre.
    pub fn update_vault(vault_key: VaultKey, vault_url: &str) -> Call {
        Call::new(PALLET, "update_vault", (vault_key, Text::from(vault_url)))
    }

    /// Suspends a province. Council, majority.
    pub fn suspend(code: RegionCode) -> Call {
        Call::new(PALLET, "suspend", (code,))
    }

    /// Ends a province's suspension. Council, two thirds.
    pub fn resume(code: RegionCode) -> Call {
        Call::new(PALLET, "resume", (code,))
    }

    /// Gives a province another pan-centre account. Council, two thirds.
    pub fn replace_pan_centre(code: RegionCode, account: &AccountId) -> Call {
        Call::new(PALLET, "replace_pan_centre", (code, account))
    }
}

/// Institutions, practitioners, care teams.
pub mod institutions {
    use super::super::*;
    const PALLET: &str = "Institutions";

    /// Nominates an institution. Pan-centre.
    pub fn nominate(profile: &Profile) -> Call {
        Call::new(PALLET, "nominate", (profile,))
    }

    /// Nominates several institutions, all or none. Pan-centre.
    pub fn nominate_batch(profiles: &[Profile]) -> Call {
        Call::new(PALLET, "nominate_batch", (profiles,))
    }

    /// Withdraws a nomination. The pan-centre of its region.
    pub fn withdraw(id: InstitutionId) -> Call {
        Call::new(PALLET, "withdraw", (id,))
    }

    /// Permits institutions, all or none; also lifts suspensions. Council, majority.
    pub fn permit(ids: &[InstitutionId]) -> Call {
        Call::new(PALLET, "permit", (ids,))
    }

    /// Ends an institution for good. Council, majority.
    pub fn revoke(id: InstitutionId) -> Call {
        Call::new(PALLET, "revoke", (id,))
    }

    /// Suspends an institution at once. The pan-centre of its region.
    pub fn suspend(id: InstitutionId) -> Call {
        Call::new(PALLET, "suspend", (id,))
    }

    /// Extends an institution's permission. Council, majority.
    pub fn renew(id: InstitutionId, valid_until: Instant) -> Call {
        Call::new(PALLET, "renew", (id, valid_until))
    }

    /// Gives an institution another account. Council, majority.
    pub fn replace_controller(id: InstitutionId, account: &AccountId) -> Call {
        Call::new(PALLET, "replace_controller", (id, account))
    }

    /// Publishes the institution's encryption key. The institution.
    pub fn set_encryption_key(key: EncryptionKey) -> Call {
        Call::new(PALLET, "set_encryption_key", (key,))
    }

    /// Registers a practitioner. The institution.
    pub fn add_practitioner(
        account: &AccountId,
        role: Role,
        encryption_key: EncryptionKey,
        valid_until: Instant,
    ) -> Call {
        Call::new(PALLET, "add_practitioner", (account, role, encryption_key, valid_until))
    }

    /// Ends a practitioner's work here. The institution.
    pub fn remove_practitioner(account: &AccountId) -> Call {
        Call::new(PALLET, "remove_practitioner", (account,))
    }

    /// Suspends a practitioner. The pan-centre of the institution's region.
    pub fn suspend_practitioner(id: InstitutionId, account: &AccountId) -> Call {
        Call::new(PALLET, "suspend_practitioner", (id, account))
    }

    /// Lifts a practitioner's suspension. Council, majority.
    pub fn lift_practitioner(id: InstitutionId, account: &AccountId) -> Call {
        Call::new(PALLET, "lift_practitioner", (id, account))
    }

    /// Founds a care team. The institution.
    pub fn create_team(team: TeamId, name: &str, encryption_key: EncryptionKey) -> Call {
        Call::new(PALLET, "create_team", (team, Text::from(name), encryption_key))
    }

    /// Adds a practitioner to a team. The institution.
    pub fn add_team_member(team: TeamId, account: &AccountId) -> Call {
        Call::new(PALLET, "add_team_member", (team, account))
    }

    /// Takes a member out of a team. The institution.
    pub fn remove_team_member(team: TeamId, account: &AccountId) -> Call {
        Call::new(PALLET, "remove_team_member", (team, account))
    }

    /// Dissolves a team. The institution.
    pub fn dissolve_team(team: TeamId) -> Call {
        Call::new(PALLET, "dissolve_team", (team,))
    }

    /// Removes a practitioner's entry at a revoked institution. Anybody.
    pub fn clear_practitioner(id: InstitutionId, account: &AccountId) -> Call {
        Call::new(PALLET, "clear_practitioner", (id, account))
    }
}

/// Business blocks and schemas.
pub mod business_blocks {
    use super::super::*;
    const PALLET: &str = "BusinessBlocks";

    /// Adds a business block. Council, majority.
    pub fn add(
        id: BusinessBlockId,
        name_zh: &str,
        name_en: &str,
        public: bool,
        restricted: bool,
        reward_weight: u32,
    ) -> Call {
        let args =
            (id, Text::from(name_zh), Text::from(name_en), public, restricted, reward_weight);
        Call::new(PALLET, "add", args)
    }

    /// Retires a business block. Council, majority.
    pub fn retire(id: BusinessBlockId) -> Call {
        Call::new(PALLET, "retire", (id,))
    }

    /// Adds a schema. Council, majority.
    pub fn add_schema(
        schema: SchemaId,
        block: BusinessBlockId,
        name: &str,
        level: u8,
        retention_years: u8,
    ) -> Call {
        Call::new(PALLET, "add_schema", (schema, block, Text::from(name), level, retention_years))
    }

    /// Retires a schema. Council, majority.
    pub fn retire_schema(schema: SchemaId) -> Call {
        Call::new(PALLET, "retire_schema", (schema,))
    }

    /// Changes a block's reward weight. Council, majority.
    pub fn set_reward_weight(id: BusinessBlockId, weight: u32) -> Call {
        Call::new(PALLET, "set_reward_weight", (id, weight))
    }
}

/// Real names.
pub mod real_name {
    use super::super::*;
    const PALLET: &str = "RealName";

    /// Attests a person; `signature` is the controller's over
    /// [`kanglian_primitives::payloads::attest`]. An institution.
    pub fn attest(person: PersonId, attestation: &Attestation, signature: &MultiSignature) -> Call {
        Call::new(PALLET, "attest", (person, attestation, signature))
    }

    /// Extends an identity. An institution in the person's home region.
    pub fn renew(person: PersonId, valid_until: Instant) -> Call {
        Call::new(PALLET, "renew", (person, valid_until))
    }

    /// Hands the identity to another account, which signed
    /// [`kanglian_primitives::payloads::rotate`]. The person.
    pub fn rotate_controller(new: &AccountId, signature: &MultiSignature) -> Call {
        Call::new(PALLET, "rotate_controller", (new, signature))
    }

    /// Publishes another data key. The person.
    pub fn rotate_data_key(key: EncryptionKey) -> Call {
        Call::new(PALLET, "rotate_data_key", (key,))
    }

    /// Moves to another home region. The person.
    pub fn move_region(region: RegionCode) -> Call {
        Call::new(PALLET, "move_region", (region,))
    }

    /// Declares an institution's attestations from an instant on void. Council, majority.
    pub fn invalidate_attester(institution: InstitutionId, from: Instant) -> Call {
        Call::new(PALLET, "invalidate_attester", (institution, from))
    }

    /// Vouches again for a person whose attestation is void or expired. An institution.
    pub fn re_attest(person: PersonId) -> Call {
        Call::new(PALLET, "re_attest", (person,))
    }

    /// Suspends an identity. The pan-centre of the home region.
    pub fn suspend(person: PersonId) -> Call {
        Call::new(PALLET, "suspend", (person,))
    }

    /// Ends the suspension of an identity. Council, majority.
    pub fn lift(person: PersonId) -> Call {
        Call::new(PALLET, "lift", (person,))
    }

    /// Closes an identity that expired long ago. Anybody.
    pub fn remove_expired(person: PersonId) -> Call {
        Call::new(PALLET, "remove_expired", (person,))
    }

    /// Makes an id another name of a second one; the signatures are over
    /// [`kanglian_primitives::payloads::link`]. An institution.
    pub fn link(
        alias: PersonId,
        canonical: PersonId,
        canonical_signature: &MultiSignature,
        alias_signature: Option<&MultiSignature>,
    ) -> Call {
        Call::new(PALLET, "link", (alias, canonical, canonical_signature, alias_signature))
    }

    /// Approves a link in place of the alias's account. The pan-centre of the alias's home region.
    pub fn approve_link(alias: PersonId) -> Call {
        Call::new(PALLET, "approve_link", (alias,))
    }

    /// Objects to a link of the own id. The account that speaks for it.
    pub fn refuse_link() -> Call {
        Call::new(PALLET, "refuse_link", ())
    }

    /// Ends a wrong alias, or a request for a link. The pan-centre of a home region concerned.
    pub fn undo_alias(alias: PersonId) -> Call {
        Call::new(PALLET, "undo_alias", (alias,))
    }

    /// Adds the id of the present generation of registrars; the person signed
    /// [`kanglian_primitives::payloads::migrate`]. An institution.
    pub fn migrate(old: PersonId, new: PersonId, signature: &MultiSignature) -> Call {
        Call::new(PALLET, "migrate", (old, new, signature))
    }
}

/// Registrars of person ids.
pub mod registrars {
    use super::super::*;
    const PALLET: &str = "Registrars";

    /// Puts a set in force. Council, two thirds.
    pub fn set_registrars(set: &ChainRegistrars) -> Call {
        Call::new(PALLET, "set_registrars", (set,))
    }

    /// Declares the present group key known to others. Council, two thirds.
    pub fn declare_compromised(generation: u32, from: Height) -> Call {
        Call::new(PALLET, "declare_compromised", (generation, from))
    }

    /// Says where a registrar answers. The registrar's account.
    pub fn update_url(url: &str) -> Call {
        Call::new(PALLET, "update_url", (Text::from(url),))
    }

    /// Anchors the head of a registrar's log. The registrar's account.
    pub fn anchor_evaluation_log(size: u64, root: Hash32, proof: &[Hash32]) -> Call {
        Call::new(PALLET, "anchor_evaluation_log", (size, root, proof))
    }
}
