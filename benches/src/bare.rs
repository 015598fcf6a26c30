//! The least server that keeps bytes: axum, a file, a sync. What a vault is compared with.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::put,
    serve::ListenerExt as _,
};
use futures::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;

/// Bytes read from a file at once.
const BUFFER: usize = 64 * 1024;

/// A server that writes what it gets to files and reads it from there; for `vault` only.
#[derive(clap::Args)]
pub struct Options {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,

    /// Where the files go.
    #[arg(long)]
    folder: PathBuf,
}

/// Serves until it is killed.
pub async fn serve(options: &Options) -> anyhow::Result<()> {
    tokio::fs::create_dir_all(&options.folder).await?;
    let app = Router::new()
        .route("/{name}", put(store).get(give))
        .with_state(Arc::new(options.folder.clone()));
    let listener = tokio::net::TcpListener::bind(options.listen).await.context("listening")?;
    // Without this, replies in two writes wait for the other side's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await.context("serving")
}

type Folder = State<Arc<PathBuf>>;

fn path(folder: &std::path::Path, name: &str) -> Result<PathBuf, StatusCode> {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| folder.join(name)).ok_or(StatusCode::BAD_REQUEST)
}

async fn store(State(folder): Folder, Path(name): Path<String>, body: Body) -> Response {
    let path = match path(&folder, &name) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    match write(&path, body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Written whole, synced, then in its place.
async fn write(path: &std::path::Path, body: Body) -> anyhow::Result<()> {
    let temporary = path.with_extension("part");
    let mut file = tokio::fs::File::create(&temporary).await?;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        file.write_all(&part?).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    tokio::fs::rename(&temporary, path).await?;
    Ok(())
}

async fn give(State(folder): Folder, Path(name): Path<String>) -> Response {
    let path = match path(&folder, &name) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    let opened = async {
        let file = tokio::fs::File::open(&path).await?;
        let length = file.metadata().await?.len();
        std::io::Result::Ok((file, length))
    };
    match opened.await {
        Ok((file, length)) => {
            let body = Body::from_stream(ReaderStream::with_capacity(file, BUFFER));
            ([(header::CONTENT_LENGTH, length.to_string())], body).into_response()
        },
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
