//! A FHIR R4 server for programs on the reader's own machine: records are fetched from the vault under
//! the reader's signature, opened with the reader's keys, and never leave loopback unsealed.
//!
//! Each search and each opened record leaves a line in the person's access log, as with any client.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use clap::Args;
use kanglian_primitives::{PersonId, RecordFacts, RecordStatus};
use kanglian_sdk::{
    chain::{At, Client, types::Schemas},
    fhir::{
        bundle::{Opened, full_url, to_bundle},
        document::{record_of, resource_type_of, to_document},
        rest::{self, MEDIA_TYPE, Resource, Search, SearchError},
    },
    vault::Ask,
};
use serde_json::value::RawValue;

use crate::{
    context::Context,
    fault::{Class, class_of},
    loopback::{self, Token},
    opening::{self, Keys},
    vault::Vault,
};

/// Largest record that is opened in memory.
const LARGEST: u64 = 64 << 20;

/// Where the gateway listens.
#[derive(Debug, Args)]
pub struct GatewayArgs {
    /// Address on loopback
    #[arg(long, default_value = "127.0.0.1:8710")]
    listen: SocketAddr,
    /// File with the token that programs show; made when there is none
    #[arg(long)]
    token_file: PathBuf,
    /// File to write the address to
    #[arg(long)]
    address_file: Option<PathBuf>,
}

struct Gateway {
    chain: Client,
    vault: Vault,
    ask: Ask,
    keys: Keys,
    token: Token,
    base: String,
}

/// Serves until ended.
pub async fn run(
    context: &Context,
    chain: &Client,
    vault: Vault,
    ask: Ask,
    keys: Keys,
    args: &GatewayArgs,
) -> anyhow::Result<()> {
    loopback::check_address(args.listen, false)?;
    let token = Token::in_file(&args.token_file)?;
    let (listener, bound) = loopback::bind(args.listen, args.address_file.as_deref()).await?;
    let base = format!("http://{bound}/fhir");
    context.output.note(format!("FHIR R4 at {base}, token in {}", args.token_file.display()));
    let gateway = Gateway { chain: chain.clone(), vault, ask, keys, token, base };
    let router = Router::new()
        .route("/fhir/metadata", get(metadata))
        .route("/fhir/Patient/{id}/$everything", get(everything))
        .route("/fhir/{kind}", get(search))
        .route("/fhir/{kind}/{id}", get(read))
        .with_state(Arc::new(gateway));
    axum::serve(listener, router).with_graceful_shutdown(loopback::ended()).await?;
    Ok(())
}

/// What went wrong, with its HTTP status.
struct Trouble(StatusCode, String);

impl Trouble {
    fn not_found() -> Self {
        Self(StatusCode::NOT_FOUND, "no such record, or none that may be read".to_owned())
    }
}

impl From<SearchError> for Trouble {
    fn from(error: SearchError) -> Self {
        let status = match error {
            SearchError::Format(_) => StatusCode::NOT_ACCEPTABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self(status, error.to_string())
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        let status = match class_of(&error) {
            Class::Usage => StatusCode::BAD_REQUEST,
            Class::Refused => StatusCode::FORBIDDEN,
            Class::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Class::Verification => StatusCode::BAD_GATEWAY,
            Class::Failure => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, format!("{error:#}"))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let outcome = rest::outcome("error", rest::issue_type(self.0.as_u16()), &self.1);
        (self.0, [(header::CONTENT_TYPE, MEDIA_TYPE)], outcome.to_string()).into_response()
    }
}

fn reply(text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl Gateway {
    fn admit(&self, headers: &HeaderMap, query: Option<&str>) -> Result<(), Trouble> {
        if !self.token.is_shown(headers) {
            let text = "show the token as Bearer".to_owned();
            return Err(Trouble(StatusCode::UNAUTHORIZED, text));
        }
        Ok(rest::check_format(query.unwrap_or_default(), text_of(headers, "accept"))?)
    }

    fn check_patient(&self, patient: &str) -> Result<(), Trouble> {
        let id: Option<PersonId> = patient.parse().or_else(|_| format!("0x{patient}").parse()).ok();
        match id == Some(self.ask.subject) {
            true => Ok(()),
            false => Err(Trouble(
                StatusCode::FORBIDDEN,
                format!("this gateway reads {} and nobody else", self.ask.subject),
            )),
        }
    }

    /// Current records that may be read, newest first, with their schemas' names.
    async fn list(&self) -> anyhow::Result<Vec<(RecordFacts, Option<String>)>> {
        let (file, schemas) =
            futures::join!(self.vault.whole_file(&self.ask), self.chain.schemas(At::Best));
        let (mut records, schemas) = (file?.records, schemas?);
        records.retain(|facts| facts.status == RecordStatus::Active);
        records.sort_by_key(|facts| std::cmp::Reverse((facts.shared_at, facts.id)));
        let named = |facts: RecordFacts| {
            let name = name_of(&schemas, &facts);
            (facts, name)
        };
        Ok(records.into_iter().map(named).collect())
    }

    /// A record's content.
    async fn open(&self, facts: &RecordFacts) -> anyhow::Result<Vec<u8>> {
        if facts.size > LARGEST {
            anyhow::bail!("{} has {} bytes: fetch it with `reader fetch`", facts.id, facts.size);
        }
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("content");
        let bar = indicatif::ProgressBar::hidden();
        opening::fetch_and_open(&self.chain, &self.vault, &self.ask, facts, &self.keys, &out, &bar)
            .await?;
        Ok(std::fs::read(&out)?)
    }

    /// A record's content as a resource; none when it is no JSON.
    async fn resource(&self, facts: &RecordFacts) -> anyhow::Result<Option<Box<RawValue>>> {
        let bytes = self.open(facts).await?;
        Ok(String::from_utf8(bytes).ok().and_then(|text| RawValue::from_string(text).ok()))
    }
}

fn name_of(schemas: &Schemas, facts: &RecordFacts) -> Option<String> {
    schemas.get(&facts.schema).map(|schema| schema.name.to_lossy())
}

fn kind_of(name: Option<&str>) -> Option<&'static str> {
    name.and_then(|name| match name {
        kanglian_sdk::fhir::SUMMARY_SCHEMA => Some("Bundle"),
        name => resource_type_of(name),
    })
}

async fn metadata(
    State(gateway): State<Arc<Gateway>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    gateway.admit(&headers, query.as_deref())?;
    let schemas = gateway.chain.schemas(At::Best).await.map_err(anyhow::Error::new)?;
    let mut kinds: Vec<_> = schemas
        .values()
        .filter_map(|schema| kind_of(Some(&schema.name.to_lossy())))
        .chain(["Binary", "DocumentReference"])
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let parameters = [("patient", "reference"), ("type", "token"), ("date", "date")];
    let offered: Vec<_> = kinds
        .iter()
        .map(|kind| Resource {
            kind,
            reads: true,
            parameters: if *kind == "Binary" { &[] } else { &parameters },
        })
        .collect();
    let statement = rest::capabilities(
        "A reader's gateway: records opened on this machine",
        &gateway.base,
        "A token as Bearer; loopback only",
        &offered,
    );
    Ok(reply(statement.to_string()))
}

async fn search(
    State(gateway): State<Arc<Gateway>>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    gateway.admit(&headers, query.as_deref())?;
    let known = ["patient", "subject", "type", "date"];
    let text = query.as_deref().unwrap_or_default();
    let search = Search::parse(text, text_of(&headers, "prefer"), &known)?;
    gateway.check_patient(search.patient()?)?;
    let kind = kanglian_sdk::fhir::resource_type(&kind)
        .ok_or_else(|| Trouble(StatusCode::NOT_FOUND, format!("{kind} is no type of FHIR R4")))?;
    let from = search.cursor.as_deref().map_or(Ok(0), str::parse::<usize>);
    let from =
        from.map_err(|_| Trouble(StatusCode::BAD_REQUEST, "_cursor: no place".to_owned()))?;
    let mut found = gateway.list().await?;
    found.retain(|(facts, name)| {
        let document = to_document(facts, name.as_deref());
        let of_type = kind == "DocumentReference" || kind_of(name.as_deref()) == Some(kind);
        let meant = search.types.is_empty()
            || search.types.iter().any(|token| token.is_among(&document["type"]));
        of_type && meant && search.covers(facts.shared_at)
    });
    let count = usize::try_from(search.count).unwrap_or(usize::MAX);
    let until = from.saturating_add(count);
    let next = (until < found.len()).then(|| until.to_string());
    let mut matches = Vec::new();
    for (facts, name) in found.iter().skip(from).take(count) {
        let resource = match kind {
            "DocumentReference" => {
                let document = to_document(facts, name.as_deref());
                Some(serde_json::value::to_raw_value(&document).map_err(anyhow::Error::new)?)
            },
            _ => gateway.resource(facts).await?,
        };
        matches.extend(resource.map(|resource| (full_url(facts), resource)));
    }
    let base = format!("{}/{kind}", gateway.base);
    let text = search.searchset_of(&base, &matches, next.as_deref());
    Ok(reply(text.map_err(anyhow::Error::new)?))
}

async fn read(
    State(gateway): State<Arc<Gateway>>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if kind == "Binary" {
        // Content of any kind, as it is.
        gateway.admit(&headers, Some("_format=json"))?;
    } else {
        gateway.admit(&headers, query.as_deref())?;
    }
    let record = record_of(&id).ok_or_else(Trouble::not_found)?;
    let list = gateway.list().await?;
    let (facts, name) =
        list.into_iter().find(|(facts, _)| facts.id == record).ok_or_else(Trouble::not_found)?;
    match kind.as_str() {
        "DocumentReference" => Ok(reply(to_document(&facts, name.as_deref()).to_string())),
        "Binary" => {
            let bytes = gateway.open(&facts).await?;
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            Ok((headers, bytes).into_response())
        },
        kind if kind_of(name.as_deref()) == Some(kind) => {
            let resource = gateway.resource(&facts).await?.ok_or_else(Trouble::not_found)?;
            Ok(reply(resource.get().to_owned()))
        },
        _ => Err(Trouble::not_found()),
    }
}

/// All that may be read: facts and content.
async fn everything(
    State(gateway): State<Arc<Gateway>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    gateway.admit(&headers, query.as_deref())?;
    gateway.check_patient(&id)?;
    let mut opened = Vec::new();
    for (facts, schema) in gateway.list().await? {
        let content = match kind_of(schema.as_deref()) {
            Some(_) if facts.size <= LARGEST => gateway.resource(&facts).await?,
            _ => None,
        };
        opened.push(Opened { facts, schema, content });
    }
    Ok(reply(to_bundle(&opened).map_err(anyhow::Error::new)?))
}
