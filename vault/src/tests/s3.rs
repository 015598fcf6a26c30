//! Sealed bytes in a bucket: the real client against a small server that speaks as much of S3 as
//! a vault needs.

use std::{collections::BTreeMap, sync::Mutex};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::*;
use crate::config::S3;

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Bytes>,
    uploads: BTreeMap<String, BTreeMap<u32, Bytes>>,
    refuses_parts: bool,
    parts: usize,
}

type Shared = Arc<Mutex<Bucket>>;

const TAG: (header::HeaderName, &str) = (header::ETAG, "\"tag\"");
const MODIFIED: (header::HeaderName, &str) =
    (header::LAST_MODIFIED, "Thu, 01 Jan 2026 00:00:00 GMT");

async fn answer(State(bucket): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let key = head.uri.path().trim_start_matches("/bucket").trim_start_matches('/').to_owned();
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let signed = head.headers.contains_key(header::AUTHORIZATION);
    assert!(signed, "every request is signed");
    let mut bucket = bucket.lock().unwrap();
    match (head.method, query.get("uploadId")) {
        (Method::POST, None) if query.contains_key("uploads") => {
            let id = format!("upload-{}", bucket.uploads.len() + bucket.parts);
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId>\
                 </InitiateMultipartUploadResult>"
            )
            .into_response()
        },
        (Method::PUT, Some(id)) => {
            if bucket.refuses_parts {
                return StatusCode::FORBIDDEN.into_response();
            }
            bucket.parts += 1;
            let part = query["partNumber"].parse().unwrap();
            bucket.uploads.get_mut(id).unwrap().insert(part, body);
            [TAG].into_response()
        },
        (Method::POST, Some(id)) => {
            let parts = bucket.uploads.remove(id).unwrap();
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            bucket.objects.insert(key, whole.into());
            "<CompleteMultipartUploadResult><ETag>\"tag\"</ETag></CompleteMultipartUploadResult>"
                .into_response()
        },
        (Method::DELETE, Some(id)) => {
            bucket.uploads.remove(id);
            StatusCode::NO_CONTENT.into_response()
        },
        (Method::DELETE, None) => {
            bucket.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        },
        (Method::GET, None) if query.contains_key("list-type") => {
            let rows: String = bucket
                .objects
                .iter()
                .map(|(key, bytes)| {
                    format!(
                        "<Contents><Key>{key}</Key><Size>{}</Size>\
                         <LastModified>2026-01-01T00:00:00Z</LastModified></Contents>",
                        bytes.len()
                    )
                })
                .collect();
            format!("<ListBucketResult>{rows}</ListBucketResult>").into_response()
        },
        (Method::GET, None) => {
            let Some(bytes) = bucket.objects.get(&key).cloned() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            let range = head.headers.get(header::RANGE).map(|range| {
                let (from, to) = range.to_str().unwrap()["bytes=".len()..].split_once('-').unwrap();
                (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap())
            });
            match range {
                None => ([TAG, MODIFIED], Body::from(bytes)).into_response(),
                Some((from, to)) => {
                    let told = format!("bytes {from}-{to}/{}", bytes.len());
                    let part = bytes.slice(from..=to.min(bytes.len() - 1));
                    let told = [(header::CONTENT_RANGE, told)];
                    (StatusCode::PARTIAL_CONTENT, [TAG, MODIFIED], told, part).into_response()
                },
            }
        },
        _ => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

/// A vault whose bytes lie in a bucket.
async fn vault_with_bucket() -> (Network, Shared) {
    let bucket = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = axum::Router::new().fallback(answer).with_state(bucket.clone());
    tokio::spawn(async move { axum::serve(listener, server).await.unwrap() });
    let storage = Storage::S3(S3 {
        bucket: "bucket".to_owned(),
        region: "local".to_owned(),
        endpoint: Some(endpoint),
        access_key_id: Some("key".to_owned()),
        secret_access_key: Some("secret".to_owned()),
        allow_http: true,
    });
    let network = Network::start_with(&[JIANGSU], |s| s.storage = storage.clone()).await;
    (network, bucket)
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_go_to_a_bucket_in_parts_and_come_back_verified() {
    let (network, bucket) = vault_with_bucket().await;
    let vault = &network.vaults[0];
    let client = vault.client(patient());
    for (length, parts) in [(1_000, 1), (20 << 20, 3)] {
        bucket.lock().unwrap().parts = 0;
        let bytes = sealed(length, 1);
        let record = network.shared(&bytes).await.claim.record;
        assert_eq!(bucket.lock().unwrap().parts, parts);
        assert!(!vault.object_file(&record).exists(), "the bytes lie in the bucket only");
        assert_eq!(read(&client, &Ask::own(PATIENT), &record).await.unwrap(), bytes);
    }
    assert_eq!(vault.spooled(), 0);
    assert_eq!(crate::fsck::check(&vault.app.store, None).await.unwrap().checked, 2);
    assert_eq!(bucket.lock().unwrap().uploads.len(), 0, "no upload stays open");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_changed_in_the_bucket_are_never_served() {
    let (network, bucket) = vault_with_bucket().await;
    let vault = &network.vaults[0];
    let record = network.shared(&sealed(200_000, 2)).await.claim.record;
    for object in bucket.lock().unwrap().objects.values_mut() {
        let mut bytes = object.to_vec();
        bytes[10] ^= 1;
        *object = bytes.into();
    }
    let client = vault.client(patient());
    assert_eq!(code(read(&client, &Ask::own(PATIENT), &record).await), "damaged");
    bucket.lock().unwrap().objects.clear();
    assert_eq!(code(read(&client, &Ask::own(PATIENT), &record).await), "damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_the_bucket_refuses_leaves_nothing_and_can_be_repeated() {
    let (network, bucket) = vault_with_bucket().await;
    let vault = &network.vaults[0];
    let bytes = sealed(30 << 20, 3);
    let client = vault.client(hospital());
    bucket.lock().unwrap().refuses_parts = true;
    let refused = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes.clone()).await;
    assert_eq!(code(refused), "internal");
    {
        let bucket = bucket.lock().unwrap();
        assert_eq!((bucket.uploads.len(), bucket.objects.len()), (0, 0));
    }
    assert_eq!((vault.spooled(), vault.app.store.index.count().unwrap()), (0, 0));
    bucket.lock().unwrap().refuses_parts = false;
    network.shared(&bytes).await;
    // What nobody wants any more goes from the bucket too.
    let record = upload_of(&bytes, PATIENT).claim.record;
    vault.app.store.blobs.remove(record).await.unwrap();
    assert!(bucket.lock().unwrap().objects.is_empty());
}
