//! What must hold of the storage after every block.

use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{Codes, Config, MAX_USES, OpenCodes, Pallet};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut open_codes = 0usize;
        for (key, code) in Codes::<T>::iter() {
            ensure!((1..=MAX_USES).contains(&u32::from(code.uses)), "a code has uses");
            ensure!(code.redeemed.len() <= usize::from(code.uses), "no more uses than allowed");
            ensure!(!code.cancelled || !code.redeemed.is_empty(), "an unused one is not kept");
            let mut rest = code.redeemed.iter();
            while let Some(one) = rest.next() {
                ensure!(
                    rest.clone().all(|other| other.grantee != one.grantee),
                    "a grantee redeems once"
                );
            }
            let listed = OpenCodes::<T>::get(code.person).contains(&key);
            ensure!(listed == code.is_open(), "open codes are listed, others are not");
            open_codes = open_codes.saturating_add(usize::from(listed));
        }
        let mut listed = 0usize;
        for (_, codes) in OpenCodes::<T>::iter() {
            ensure!(!codes.is_empty(), "a list has codes");
            listed = listed.saturating_add(codes.len());
        }
        ensure!(listed == open_codes, "every listed code is there, once");
        Ok(())
    }
}
