//! Bodies of the calls.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
};
use frame_system::pallet_prelude::BlockNumberFor;
use kanglian_primitives::{
    CodeKey, Grantee, Hash32, Instant, PersonId, Terms, TermsTemplate,
    payloads::{self, RedemptionBody},
};
use kanglian_traits::{PersonInspect, TermsGiver};
use sp_core::ed25519;
use sp_runtime::traits::Zero;

use crate::{Code, Codes, Config, Error, Event, MAX_USES, OpenCodes, Pallet, Redemption};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_issue(
        person: PersonId,
        code: CodeKey,
        template: TermsTemplate,
        uses: u8,
        expires_at: Instant,
        sealed: Hash32,
    ) -> DispatchResult {
        let now = T::Clock::now();
        ensure!(!code.is_low_order(), Error::<T>::SmallOrderKey);
        ensure!(uses > 0, Error::<T>::NoUses);
        ensure!(u32::from(uses) <= MAX_USES, Error::<T>::TooManyUses);
        ensure!(expires_at > now, Error::<T>::AlreadyOver);
        ensure!(expires_at <= now.saturating_add(T::MaxLife::get()), Error::<T>::TooLong);
        T::Terms::check(&template, now)?;
        ensure!(!Codes::<T>::contains_key(code), Error::<T>::CodeTaken);
        OpenCodes::<T>::try_mutate(person, |open| open.try_push(code))
            .map_err(|_| Error::<T>::TooManyCodes)?;
        let issued = Code {
            person,
            template,
            uses,
            expires_at,
            sealed,
            cancelled: false,
            redeemed: Default::default(),
        };
        Codes::<T>::insert(code, issued);
        Self::deposit_event(Event::CodeIssued { person, code, template, uses, expires_at, sealed });
        Ok(())
    }

    pub(crate) fn do_cancel(person: PersonId, key: CodeKey) -> DispatchResult {
        let mut code = Codes::<T>::get(key).ok_or(Error::<T>::CodeNotFound)?;
        ensure!(code.person == person, Error::<T>::NotIssuer);
        ensure!(!code.cancelled, Error::<T>::Cancelled);
        ensure!(code.uses_left() > 0, Error::<T>::UsedUp);
        Self::close(&person, &key);
        if code.redeemed.is_empty() {
            // Nobody has anything to adopt: nothing need stay.
            Codes::<T>::remove(key);
        } else {
            code.cancelled = true;
            Codes::<T>::insert(key, code);
        }
        Self::deposit_event(Event::CodeCancelled { person, code: key });
        Ok(())
    }

    pub(crate) fn do_redeem(
        who: T::AccountId,
        key: CodeKey,
        grantee: Grantee<T::AccountId>,
        expires_at: Instant,
        signature: [u8; 64],
    ) -> DispatchResult {
        let now = T::Clock::now();
        ensure!(
            matches!(grantee, Grantee::Practitioner { .. } | Grantee::CareTeam { .. }),
            Error::<T>::GranteeNotEligible
        );
        ensure!(
            now < expires_at && expires_at <= now.saturating_add(T::MaxSignatureLife::get()),
            Error::<T>::SignatureOver
        );
        let mut code = Codes::<T>::get(key).ok_or(Error::<T>::CodeNotFound)?;
        ensure!(!code.cancelled, Error::<T>::Cancelled);
        ensure!(now < code.expires_at, Error::<T>::Expired);
        ensure!(code.uses_left() > 0, Error::<T>::UsedUp);
        ensure!(
            !code.redeemed.iter().any(|before| before.grantee == grantee),
            Error::<T>::AlreadyRedeemed
        );
        ensure!(T::Terms::acts_as(&who, &grantee, now), Error::<T>::NotActingAs);
        let person = code.person;
        ensure!(T::People::valid(&person, now).is_some(), Error::<T>::SubjectNotActive);
        let body = RedemptionBody {
            code: key,
            person,
            redeemer: who.clone(),
            grantee: grantee.clone(),
            expires_at,
        };
        let genuine = sp_io::crypto::ed25519_verify(
            &ed25519::Signature::from_raw(signature),
            &payloads::code(&Self::genesis_hash(), &body),
            &ed25519::Public::from_raw(key.0),
        );
        ensure!(genuine, Error::<T>::SignatureNotGenuine);
        let id = T::Terms::next_id(&person, &grantee);
        let terms = Terms::from_template(&code.template, id, code.sealed);
        T::Terms::give(person, grantee.clone(), terms)?;
        let redemption = Redemption { grantee: grantee.clone(), account: who.clone(), id, at: now };
        code.redeemed.try_push(redemption).map_err(|_| Error::<T>::UsedUp)?;
        let uses_left = code.uses_left();
        if uses_left == 0 {
            Self::close(&person, &key);
        }
        Codes::<T>::insert(key, code);
        let code = key;
        Self::deposit_event(Event::CodeRedeemed {
            person,
            code,
            grantee,
            account: who,
            id,
            uses_left,
        });
        Ok(())
    }

    pub(crate) fn do_adopt(
        who: T::AccountId,
        key: CodeKey,
        grantee: Grantee<T::AccountId>,
        bundle: Hash32,
    ) -> DispatchResult {
        let code = Codes::<T>::get(key).ok_or(Error::<T>::CodeNotFound)?;
        let redemption = code
            .redeemed
            .iter()
            .find(|redemption| redemption.grantee == grantee && redemption.account == who)
            .ok_or(Error::<T>::NotRedeemer)?;
        ensure!(T::Terms::acts_as(&who, &grantee, T::Clock::now()), Error::<T>::NotActingAs);
        T::Terms::replace_bundle(code.person, &grantee, redemption.id, code.sealed, bundle)?;
        let person = code.person;
        Self::deposit_event(Event::BundleAdopted { person, code: key, grantee, bundle });
        Ok(())
    }

    pub(crate) fn do_remove(key: CodeKey) -> DispatchResult {
        let code = Codes::<T>::get(key).ok_or(Error::<T>::CodeNotFound)?;
        let stays_until = code.expires_at.saturating_add(T::Grace::get());
        ensure!(T::Clock::now() >= stays_until, Error::<T>::NotOver);
        Self::close(&code.person, &key);
        Codes::<T>::remove(key);
        Self::deposit_event(Event::CodeRemoved { person: code.person, code: key });
        Ok(())
    }

    /// Takes a code out of the list of open ones; it may not be there.
    fn close(person: &PersonId, key: &CodeKey) {
        OpenCodes::<T>::mutate_exists(person, |open| {
            if let Some(codes) = open {
                codes.retain(|code| code != key);
                if codes.is_empty() {
                    *open = None;
                }
            }
        });
    }

    pub(crate) fn genesis_hash() -> Hash32 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).into()
    }
}
