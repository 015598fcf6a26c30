//! Connections: limits of time and number, and an orderly end.
//!
//! Requests and answers are small, so a connection carries one of each and has a bounded life. That
//! alone ends whoever sends a byte a second or takes none of the answer.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

use crate::settings::Connections;

/// Largest head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// Most headers.
const MAX_HEADERS: usize = 64;
/// Wait after a failed accept, for instance when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until told to stop; then lets running requests end, for a bounded time.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Connections,
    stop: CancellationToken,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.most));
    let addresses = Addresses::default();
    loop {
        let accept = async {
            let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            listener.accept().await.map(|(stream, remote)| (stream, remote, place))
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept => accepted,
        };
        let (stream, remote, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            },
        };
        let Some(share) = addresses.take(remote.ip(), limits.per_address) else {
            metrics::counter!("kanglian_registrar_connections_refused_total").increment(1);
            continue;
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .keep_alive(false)
            .header_read_timeout(limits.header)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            match tokio::time::timeout(limits.whole, connection).await {
                Ok(Ok(())) => {},
                Ok(Err(error)) => tracing::debug!(%error, "a connection ended"),
                Err(_) => tracing::debug!("a connection took too long"),
            }
            drop((place, share));
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still running when the registrar stopped");
    }
}

/// Connections by address; of IPv6 a subscriber's whole network counts as one.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection's place; given back when dropped.
struct Place(IpAddr, Addresses);

impl Addresses {
    fn take(&self, remote: IpAddr, most: usize) -> Option<Place> {
        let address = match remote.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
            },
        };
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if most > 0 && *count >= most {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Place(address, self.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.0) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gives_them_back() {
        let addresses = Addresses::default();
        let one = "2001:db8:1:2::1".parse().unwrap();
        let same = "2001:db8:1:2:ffff::9".parse().unwrap();
        let other = "2001:db8:1:3::1".parse().unwrap();
        let first = addresses.take(one, 2);
        let second = addresses.take(same, 2);
        assert!(first.is_some() && second.is_some());
        assert!(addresses.take(one, 2).is_none());
        assert!(addresses.take(other, 2).is_some());
        assert!(addresses.take(one, 0).is_some(), "no limit");
        drop(second);
        assert!(addresses.take(same, 2).is_some());
        drop(first);
        assert!(addresses.0.lock().unwrap().is_empty());
    }
}
