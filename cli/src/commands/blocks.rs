//! Business blocks and their schemas, by name and number.

use clap::Args;
use kanglian_primitives::{BusinessBlockId, SchemaId};
use kanglian_sdk::chain::At;
use serde::Serialize;

use crate::{context::Context, names};

/// Which schemas.
#[derive(Debug, Args)]
pub struct BlocksArgs {
    /// One block only: its name or number
    #[arg(long, value_parser = names::block)]
    block: Option<BusinessBlockId>,
}

#[derive(Serialize)]
struct Row {
    block: BusinessBlockId,
    name: String,
    schema: SchemaId,
    content: String,
    level: u8,
    retention_years: u8,
    retired: bool,
}

/// Lists the schemas of every block, with the numbers that `--schema` takes.
pub async fn list(context: &Context, args: &BlocksArgs) -> anyhow::Result<()> {
    let schemas = context.chain().await?.schemas(At::Best).await?;
    let wanted =
        schemas.iter().filter(|(_, schema)| args.block.is_none_or(|id| id == schema.block));
    let rows: Vec<_> = wanted
        .map(|(id, schema)| Row {
            block: schema.block,
            name: names::show_block(schema.block),
            schema: *id,
            content: schema.name.to_string(),
            level: schema.level,
            retention_years: schema.retention_years,
            retired: schema.retired,
        })
        .collect();
    let columns = ["block", "name", "schema", "content", "data level", "years kept", "retired"];
    context.output.rows(&columns, &rows, |row| {
        vec![
            row.block.to_string(),
            row.name.clone(),
            row.schema.to_string(),
            row.content.clone(),
            row.level.to_string(),
            row.retention_years.to_string(),
            if row.retired { "yes" } else { "" }.to_owned(),
        ]
    });
    Ok(())
}
