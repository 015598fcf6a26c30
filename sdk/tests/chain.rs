//! Connections to nodes that are not there.

use kanglian_sdk::chain::{ChainError, Client, json_rpc};

/// Addresses at which nobody listens.
fn nowhere() -> Vec<String> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("ws://{host}:{port}")).to_vec()
}

#[tokio::test]
async fn a_node_that_is_not_there_is_named_as_it_was_given() {
    for given in nowhere() {
        for result in
            [Client::connect(&given).await.map(|_| ()), json_rpc(&given).await.map(|_| ())]
        {
            let named =
                matches!(&result, Err(ChainError::Unreachable { url, .. }) if *url == given);
            assert!(named, "{given}: {result:?}");
        }
    }
}

#[tokio::test]
async fn addresses_of_another_kind_are_refused() {
    for given in ["http://127.0.0.1:9944", "127.0.0.1:9944", "ws://", ""] {
        for result in [Client::connect(given).await.map(|_| ()), json_rpc(given).await.map(|_| ())]
        {
            assert!(matches!(result, Err(ChainError::BadUrl { .. })), "{given}: {result:?}");
        }
    }
}
