//! Institutions with people they write about, and the shares they send.

use anyhow::{Context as _, ensure};
use futures::future::try_join_all;
use kanglian_primitives::{HMC, Height, RecordId};
use kanglian_sdk::chain::{At, Call, Client, calls, types::Schedule};
use rand::Rng as _;

use crate::{
    load::{Load, Loaded},
    report::progress,
    world::{Institution, Person, World},
};

/// The event of a share.
pub const SHARED: (&str, &str) = ("Records", "Shared");
/// Shares of one institution within its quota of 5,000 calls an hour.
const SHARES_EACH: usize = 4_500;
/// Most institutions in one motion of the council.
const MOST_INSTITUTIONS: usize = 64;
/// Fewest institutions, so that shares come from several accounts.
const FEWEST_INSTITUTIONS: usize = 16;
/// People of each institution.
const PEOPLE_EACH: usize = 4;
/// Sealed bytes that each share claims.
const SIZE: u64 = 10_240;
/// Blocks of an era during the measurement.
const ERA: Height = 15;

/// An institution with the people it writes about.
struct Practice {
    institution: Institution,
    people: Vec<Person>,
}

/// Practices on one chain.
pub struct Practices<'a> {
    world: &'a World,
    each: Vec<Practice>,
}

impl<'a> Practices<'a> {
    /// Founds as many as it takes for so many shares within an hour.
    pub async fn found(world: &'a World, shares: usize) -> anyhow::Result<Self> {
        let count = shares.div_ceil(SHARES_EACH).max(FEWEST_INSTITUTIONS);
        ensure!(
            count <= MOST_INSTITUTIONS,
            "{shares} shares are more than {MOST_INSTITUTIONS} institutions' quotas allow in an \
             hour"
        );
        progress(format_args!("{count} institutions, {} people", count * PEOPLE_EACH));
        let institutions = world.admit(count).await?;
        let enrolled = institutions.into_iter().map(|institution| async move {
            let people = world.enrol(&institution, PEOPLE_EACH).await?;
            anyhow::Ok(Practice { institution, people })
        });
        Ok(Self { world, each: try_join_all(enrolled).await? })
    }

    /// Lets the pot pay for every share: a large emission, high caps, and a new era soon.
    pub async fn raise_schedule(&self) -> anyhow::Result<()> {
        let chain = &self.world.chain;
        let present = chain.schedule(At::Best).await?.context("there is no reward schedule")?;
        let plenty = 1_000_000_000 * HMC;
        let call = calls::health_coin::set_schedule(&Schedule {
            era_length: ERA,
            emission: plenty,
            cap_person: plenty,
            cap_author: plenty,
            ..present
        });
        self.world.pass(&call).await.context("raising the reward schedule")?;
        progress("waiting for an era with enough coin");
        let height = chain.best().await?.number;
        wait_for_height(chain, height + ERA + 1).await
    }

    /// Signed shares of new records, single ones or batches of so many readings.
    pub async fn shares(
        &self,
        loaded: &Loaded,
        count: usize,
        readings: Option<u32>,
    ) -> anyhow::Result<Load> {
        let from: Vec<_> = self.each.iter().map(|practice| &practice.institution.account).collect();
        let height = self.world.chain.best().await?.number;
        let call = |index: usize| -> Call {
            let Practice { institution, people } = &self.each[index % self.each.len()];
            let person = &people[index / self.each.len() % people.len()];
            let mut record = [0u8; 32];
            rand::rng().fill_bytes(&mut record);
            let claim = self.world.claim(institution, person, RecordId(record), SIZE);
            let share = self.world.share(&claim, height);
            match readings {
                Some(readings) => calls::records::share_batch(&share, readings),
                None => calls::records::share(&share),
            }
        };
        loaded.sign(&from, count, call).await
    }
}

async fn wait_for_height(chain: &Client, height: Height) -> anyhow::Result<()> {
    while chain.best().await?.number < height {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    Ok(())
}
