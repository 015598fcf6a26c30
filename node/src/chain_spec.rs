//! Chain specs: the runtime's presets, or a file.

use kanglian_runtime::{SS58_PREFIX, WASM_BINARY, genesis_config_presets as presets};
use sc_service::{ChainType, Properties};

/// Chain spec of Kanglian networks.
pub type ChainSpec = sc_service::GenericChainSpec;

fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "HMC".into());
    properties.insert("tokenDecimals".into(), 12.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties
}

fn from_preset(name: &str, id: &str, kind: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let wasm = WASM_BINARY
        .ok_or("this binary was built without the Wasm runtime; give a chain spec file instead")?;
    Ok(ChainSpec::builder(wasm, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(kind)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties())
        .build())
}

/// The chain spec for a `--chain` value: `dev`, `local`, `staging`, or the path of a file.
pub fn load(id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
    Ok(Box::new(match id {
        "dev" | "development" => from_preset(
            "Kanglian Development",
            "kanglian_dev",
            ChainType::Development,
            presets::DEVELOPMENT,
        )?,
        "" | "local" => from_preset(
            "Kanglian Local Consortium",
            "kanglian_local",
            ChainType::Local,
            presets::LOCAL,
        )?,
        "staging" => {
            from_preset("Kanglian Staging", "kanglian_staging", ChainType::Live, presets::STAGING)?
        },
        path => ChainSpec::from_json_file(path.into())?,
    }))
}
