//! Storage by name: prefix and hashers come from the live metadata.

use codec::{Decode, DecodeAll};
use kanglian_primitives::Hash32;
use subxt::Metadata;
use subxt::ext::frame_decode::storage::{
    StorageInfo, StorageTypeInfo, encode_storage_key_with_info,
};
use subxt::ext::scale_encode::{EncodeAsType, Error as EncodeError};
use subxt::ext::scale_type_resolver::TypeResolver;
use subxt::utils::H256;

use super::{At, ChainError, Client};

/// Keys asked for in one request.
const PAGE: u32 = 512;

/// SCALE bytes of one part of a storage key.
struct RawKey<'a>(&'a [u8]);

impl EncodeAsType for RawKey<'_> {
    fn encode_as_type_to<R: TypeResolver>(
        &self,
        _type_id: R::TypeId,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(self.0);
        Ok(())
    }
}

/// The address of a storage entry under one version of the metadata.
struct Entry<'a> {
    pallet: &'a str,
    name: &'a str,
    metadata: &'a Metadata,
    info: StorageInfo<'a, u32>,
}

impl<'a> Entry<'a> {
    fn new(metadata: &'a Metadata, pallet: &'a str, name: &'a str) -> Result<Self, ChainError> {
        let info =
            metadata.storage_info(pallet, name).map_err(|error| ChainError::UnknownStorage {
                pallet: pallet.to_owned(),
                entry: name.to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self { pallet, name, metadata, info })
    }

    fn key(&self, parts: &[Vec<u8>]) -> Result<Vec<u8>, ChainError> {
        if parts.len() > self.info.keys.len() {
            return Err(self.error(format!(
                "{} key parts were given, it has {}",
                parts.len(),
                self.info.keys.len()
            )));
        }
        let parts: Vec<RawKey> = parts.iter().map(|part| RawKey(part)).collect();
        encode_storage_key_with_info(
            self.pallet,
            self.name,
            parts,
            &self.info,
            self.metadata.types(),
        )
        .map_err(|error| self.error(error.to_string()))
    }

    /// Skips the hash of a key part and reads the part, which the hasher must keep.
    fn read_part<K: Decode>(&self, at: usize, input: &mut &[u8]) -> Result<K, ChainError> {
        let part = self.info.keys.get(at).filter(|part| part.hasher.ends_with_key());
        let part = part.ok_or_else(|| self.error(format!("part {at} of the key is not kept")))?;
        let broken = |error: codec::Error| {
            ChainError::decode(format!("a key of {}.{}", self.pallet, self.name), error)
        };
        *input = input
            .get(part.hasher.len_excluding_key()..)
            .ok_or_else(|| broken("the key is too short".into()))?;
        K::decode(input).map_err(broken)
    }

    fn error(&self, reason: String) -> ChainError {
        ChainError::UnknownStorage {
            pallet: self.pallet.to_owned(),
            entry: self.name.to_owned(),
            reason,
        }
    }
}

impl Client {
    /// Reads a storage value, or the default the pallet gave it; none when neither exists. `keys`
    /// are the SCALE bytes of the parts of a map's key.
    pub async fn fetch<T: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        keys: &[Vec<u8>],
        at: At,
    ) -> Result<Option<T>, ChainError> {
        let bytes = self.fetch_bytes(pallet, entry, keys, at).await?;
        bytes
            .map(|bytes| {
                T::decode_all(&mut bytes.as_slice())
                    .map_err(|error| ChainError::decode(format!("{pallet}.{entry}"), error))
            })
            .transpose()
    }

    /// Reads the SCALE bytes of a storage value, or of its default.
    pub async fn fetch_bytes(
        &self,
        pallet: &str,
        entry: &str,
        keys: &[Vec<u8>],
        at: At,
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let (key, default) = {
            let metadata = self.metadata().await?;
            let entry = Entry::new(&metadata, pallet, entry)?;
            if keys.len() != entry.info.keys.len() {
                return Err(entry.error(format!(
                    "{} key parts were given, it has {}",
                    keys.len(),
                    entry.info.keys.len()
                )));
            }
            (entry.key(keys)?, entry.info.default_value.as_ref().map(|bytes| bytes.to_vec()))
        };
        let hash = self.resolve(at).await?;
        let key = key.as_slice();
        let value =
            self.request("state_getStorage", |c| async move {
                c.methods.state_get_storage(key, hash).await
            })
            .await?;
        Ok(value.or(default))
    }

    /// Reads all values of a map below a prefix of its key, with the one part of the key that the
    /// prefix leaves open.
    pub async fn entries<K: Decode, T: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        prefix: &[Vec<u8>],
        at: At,
    ) -> Result<Vec<(K, T)>, ChainError> {
        self.read_map(pallet, entry, prefix, at, |entry, rest| entry.read_part(prefix.len(), rest))
            .await
    }

    /// Reads all values of a map below a prefix of its key, with the two parts of the key that the
    /// prefix leaves open.
    pub async fn entries_by_pair<A: Decode, B: Decode, T: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        prefix: &[Vec<u8>],
        at: At,
    ) -> Result<Vec<((A, B), T)>, ChainError> {
        self.read_map(pallet, entry, prefix, at, |entry, rest| {
            let first = entry.read_part(prefix.len(), rest)?;
            Ok((first, entry.read_part(prefix.len() + 1, rest)?))
        })
        .await
    }

    async fn read_map<K, T: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        prefix: &[Vec<u8>],
        at: At,
        read_key: impl Fn(&Entry<'_>, &mut &[u8]) -> Result<K, ChainError>,
    ) -> Result<Vec<(K, T)>, ChainError> {
        let metadata = self.metadata().await?;
        let address = Entry::new(&metadata, pallet, entry)?;
        let start = address.key(prefix)?;
        let hash = match self.resolve(at).await? {
            Some(hash) => hash,
            None => H256(self.best_hash().await?),
        };
        let mut out = Vec::new();
        for (key, value) in self.pairs(&start, hash).await? {
            let mut rest = key.get(start.len()..).unwrap_or_default();
            let key = read_key(&address, &mut rest)?;
            let value = T::decode_all(&mut value.as_slice())
                .map_err(|error| ChainError::decode(format!("{pallet}.{entry}"), error))?;
            out.push((key, value));
        }
        Ok(out)
    }

    async fn pairs(
        &self,
        prefix: &[u8],
        hash: H256,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, ChainError> {
        let mut out = Vec::new();
        let mut last: Option<Vec<u8>> = None;
        loop {
            let start = last.as_deref();
            let keys = self
                .request("state_getKeysPaged", |c| async move {
                    c.methods.state_get_keys_paged(prefix, PAGE, start, Some(hash)).await
                })
                .await?;
            let Some(newest) = keys.last().cloned() else { return Ok(out) };
            let complete = keys.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            let wanted = &keys;
            let sets = self
                .request("state_queryStorageAt", |c| async move {
                    let keys = wanted.iter().map(Vec::as_slice);
                    c.methods.state_query_storage_at(keys, Some(hash)).await
                })
                .await?;
            for set in sets {
                for (key, value) in set.changes {
                    if let Some(value) = value {
                        out.push((key.0, value.0));
                    }
                }
            }
            if complete {
                return Ok(out);
            }
            last = Some(newest);
        }
    }

    /// The storage key of an entry, for proofs and for tools.
    pub async fn storage_key(
        &self,
        pallet: &str,
        entry: &str,
        keys: &[Vec<u8>],
    ) -> Result<Vec<u8>, ChainError> {
        let metadata = self.metadata().await?;
        Entry::new(&metadata, pallet, entry)?.key(keys)
    }

    /// Whether a block with this hash is known to the node.
    pub async fn has_block(&self, hash: Hash32) -> Result<bool, ChainError> {
        let header = self
            .request("chain_getHeader", |c| async move {
                c.methods.chain_get_header(Some(H256(hash))).await
            })
            .await?;
        Ok(header.is_some())
    }
}
