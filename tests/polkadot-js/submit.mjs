// Stock @polkadot/api, without types of ours: reads metadata, signs and submits extrinsics of our
// pallets, and sees a refusal decoded. Usage: node submit.mjs ws://127.0.0.1:9944

import assert from 'node:assert/strict';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';

await cryptoWaitReady();
const url = process.argv[2] ?? 'ws://127.0.0.1:9944';
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const jiangsu = keyring.addFromUri('//Jiangsu');
const council = ['//Jiangsu', '//Zhejiang', '//Shanghai'].map((uri) => keyring.addFromUri(uri));
const stranger = keyring.addFromUri('//Stranger');

// Every call is documented in the metadata.
for (const pallet of ['regions', 'institutions', 'realName', 'businessBlocks', 'records', 'consents', 'healthCoin', 'mandates', 'authorities']) {
  assert.ok(api.tx[pallet], `pallet ${pallet} has calls`);
  for (const [name, call] of Object.entries(api.tx[pallet])) {
    assert.ok(call.meta.docs.length > 0, `${pallet}.${name} has docs`);
  }
}
assert.equal(api.registry.chainSS58, 42);
assert.equal(api.registry.chainTokens[0], 'HMC');
assert.equal(api.registry.chainDecimals[0], 12);

/** Signs, submits and waits for finality; gives the events, throws the decoded refusal. */
function submit(call, signer, options = {}) {
  return new Promise((resolve, reject) => {
    call
      .signAndSend(signer, options, ({ status, events, dispatchError }) => {
        if (!status.isFinalized) return;
        if (dispatchError?.isModule) {
          const { section, name } = api.registry.findMetaError(dispatchError.asModule);
          reject(new Error(`${section}.${name}`));
        } else if (dispatchError) {
          reject(new Error(dispatchError.toString()));
        } else {
          resolve(events.map(({ event }) => `${event.section}.${event.method}`));
        }
      })
      .catch(reject);
  });
}

// A pan-centre nominates a hospital: a free call of a registered account.
const hospital = keyring.addFromUri(`//Hospital-${Date.now()}`);
const profile = {
  id: { code: new TextEncoder().encode('91350100M000100Y43'), site: 0 },
  kind: 'A1',
  name: '镇江市妇幼保健院',
  controller: hospital.address,
  encryptionKey: { suite: 'X25519ChaCha20Poly1305', key: `0x${'42'.repeat(32)}` },
  blocks: 1,
  validUntil: Date.now() + 86_400_000,
};
const nominated = await submit(api.tx.institutions.nominate(profile), jiangsu);
assert.ok(nominated.includes('institutions.Nominated'), nominated.join());

// The council votes it in.
const permit = api.tx.institutions.permit([profile.id]);
await submit(api.tx.council.propose(3, permit, permit.encodedLength), council[0]);
const hash = permit.method.hash;
const { index } = (await api.query.council.voting(hash)).unwrap();
await Promise.all(council.map((member) => submit(api.tx.council.vote(hash, index, true), member)));
const closed = await submit(
  api.tx.council.close(hash, index, { refTime: 50_000_000_000n, proofSize: 1_000_000n }, permit.encodedLength),
  council[0],
);
assert.ok(closed.includes('institutions.Permitted'), closed.join());

// What a pan-centre may do, a stranger may not: without coins the call does not even enter the pool.
await assert.rejects(submit(api.tx.institutions.suspend(profile.id), stranger), /Inability to pay|1010/);
// And a member's transfer to somebody unknown is filtered.
await assert.rejects(submit(api.tx.balances.transferKeepAlive(stranger.address, 10n ** 12n), jiangsu), /CallFiltered/);

console.log('polkadot.js: metadata read, extrinsics signed, submitted and finalised');
await api.disconnect();
