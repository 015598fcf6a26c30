//! JSON-RPC over HTTP, as far as tests need it.

use serde_json::{Value, json};

/// One node's RPC.
#[derive(Clone)]
pub struct Rpc {
    url: String,
    client: reqwest::Client,
}

impl Rpc {
    /// The RPC on a port of this machine.
    pub fn new(port: u16) -> Self {
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(5))
            .build()
            .expect("an HTTP client builds");
        Self { url: format!("http://127.0.0.1:{port}"), client }
    }

    /// Calls a method; none when the node does not answer or answers with an error.
    pub async fn call(&self, method: &str, params: Value) -> Option<Value> {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let body = serde_json::to_vec(&request).expect("JSON encodes");
        let answer = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .ok()?;
        let answer: Value = serde_json::from_slice(&answer.bytes().await.ok()?).ok()?;
        answer.get("result").filter(|result| !result.is_null()).cloned()
    }

    async fn height_of(&self, hash: Value) -> Option<u64> {
        let header = self.call("chain_getHeader", json!([hash])).await?;
        let number = header.get("number")?.as_str()?.to_owned();
        u64::from_str_radix(number.trim_start_matches("0x"), 16).ok()
    }

    /// Height of the finalised block.
    pub async fn finalised(&self) -> Option<u64> {
        let hash = self.call("chain_getFinalizedHead", json!([])).await?;
        self.height_of(hash).await
    }

    /// Height of the best block.
    pub async fn best(&self) -> Option<u64> {
        let hash = self.call("chain_getBlockHash", json!([])).await?;
        self.height_of(hash).await
    }

    /// Hash of the block at a height.
    pub async fn hash_at(&self, height: u64) -> Option<String> {
        let hash = self.call("chain_getBlockHash", json!([height])).await?;
        hash.as_str().map(str::to_owned)
    }
}
