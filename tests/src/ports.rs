//! The ports of one consortium.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    net::TcpListener,
};

/// Ports of a consortium: with base B, RPC B+i, peers B+10+i, metrics B+20+i, vaults B+30+i,
/// registrars B+35+i, custodians B+40+i, as `scripts/lib/consortium.sh` has them with `PORT_BASE` and the command line
/// with `--port-base`.
pub struct Ports {
    base: u16,
    /// Bound as long as the consortium lives, so that no other test takes the same range.
    _mark: TcpListener,
}

/// Lowest base.
const FIRST: u16 = 20_000;
/// Ports from one base to the next.
const STEP: u16 = 50;
/// Bases there are. The highest range ends below 32,768, from where Linux takes the ports of
/// outgoing connections: a vault that is restarted finds its port free.
const BASES: u64 = 255;
/// Ports of each kind: one for each province, and one for a guest.
const PLACES: u16 = 5;
/// Registrars and custodians: one for each province.
const REGISTRARS: u16 = 4;
/// Which port of the range is the mark.
const MARK: u16 = 49;

impl Ports {
    /// A range in which every port is free at this moment.
    pub fn free() -> Self {
        for _ in 0..200 {
            let number = u16::try_from(random() % BASES).expect("there are few bases");
            let base = FIRST + number * STEP;
            let Ok(mark) = TcpListener::bind(("127.0.0.1", base + MARK)) else { continue };
            let ports = Self { base, _mark: mark };
            if ports.all().all(is_free) {
                return ports;
            }
        }
        panic!("no range of free ports was found");
    }

    /// The base.
    pub fn base(&self) -> u16 {
        self.base
    }

    /// RPC of node `i`.
    pub fn rpc(&self, i: usize) -> u16 {
        self.at(0, i)
    }

    /// Where node `i` listens for peers.
    pub fn peer(&self, i: usize) -> u16 {
        self.at(10, i)
    }

    /// Metrics of node `i`.
    pub fn metrics(&self, i: usize) -> u16 {
        self.at(20, i)
    }

    /// Vault `i`.
    pub fn vault(&self, i: usize) -> u16 {
        self.at(30, i)
    }

    /// Registrar `i`.
    pub fn registrar(&self, i: usize) -> u16 {
        self.at(35, i)
    }

    /// Custodian `i`.
    pub fn custodian(&self, i: usize) -> u16 {
        self.at(40, i)
    }

    fn at(&self, above: u16, i: usize) -> u16 {
        self.base + above + u16::try_from(i).expect("a consortium is small")
    }

    fn all(&self) -> impl Iterator<Item = u16> {
        let base = self.base;
        let kinds = [0, 10, 20, 30].into_iter();
        let others = [35, 40].into_iter();
        let others = others.flat_map(move |above| (0..REGISTRARS).map(move |i| base + above + i));
        kinds.flat_map(move |above| (0..PLACES).map(move |i| base + above + i)).chain(others)
    }
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// A port that nothing listens on at this moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("a bound listener has an address").port()
}
