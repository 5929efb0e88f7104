//! What a bucket has beside its objects: earlier versions, marks of deletions, and uploads that never ended. The protocol is
//! that of S3; `object_store` signs, and does the rest.

use std::time::Duration;

use bytes::Bytes;
use object_store::RetryConfig;
use object_store::aws::{AmazonS3, AmazonS3Builder, AwsAuthorizer, AwsCredentialProvider};
use object_store::client::{ClientOptions, HttpClient, HttpConnector as _, HttpRequestBody, ReqwestConnector};
use packshot_api::service::Time;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::settings::S3Bucket;

/// How often a request is sent again, and for how long: who waits for it can try again, too.
const RETRIES: usize = 3;
const RETRYING: Duration = Duration::from_secs(10);
/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct BucketAdmin {
    name: String,
    /// `https://server/bucket`.
    url: String,
    region: String,
    client: HttpClient,
    credentials: AwsCredentialProvider,
}

/// The bucket of the settings.
pub(super) fn open(bucket: &S3Bucket) -> Result<(AmazonS3, BucketAdmin)> {
    // The provider may be set already, by another part of the process.
    rustls::crypto::ring::default_provider().install_default().ok();
    let endpoint = bucket.endpoint.trim_end_matches('/');
    let options = ClientOptions::new().with_timeout(PATIENCE).with_allow_http(endpoint.starts_with("http://"));
    let wrong = |cause: &dyn std::fmt::Display| Error::Setting(format!("the bucket {}: {cause}", bucket.name));
    let store = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_endpoint(endpoint)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(&bucket.secret_key)
        .with_client_options(options.clone())
        .with_retry(RetryConfig { max_retries: RETRIES, retry_timeout: RETRYING, ..RetryConfig::default() })
        .build()
        .map_err(|cause| wrong(&cause))?;
    let admin = BucketAdmin {
        name: bucket.name.clone(),
        url: format!("{endpoint}/{}", bucket.name),
        region: bucket.region.clone(),
        client: ReqwestConnector::default().connect(&options).map_err(|cause| wrong(&cause))?,
        credentials: store.credentials().clone(),
    };
    Ok((store, admin))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Versions {
    #[serde(default, rename = "Version")]
    versions: Vec<Version>,
    #[serde(default, rename = "DeleteMarker")]
    markers: Vec<Version>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    key: String,
    version_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Uploads {
    #[serde(default, rename = "Upload")]
    uploads: Vec<Upload>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
    initiated: String,
}

impl BucketAdmin {
    /// Removes every version of everything under a prefix, and the parts of its uploads.
    pub(super) async fn remove_all(&self, prefix: &str) -> Result<()> {
        self.end_uploads(prefix, None).await?;
        loop {
            // The first page again and again: what it lists is removed.
            let found = self.versions(prefix).await?;
            if found.is_empty() {
                return Ok(());
            }
            for version in found {
                self.ask("DELETE", &version.key, &[("versionId", &version.version_id)]).await?;
            }
        }
    }

    /// Whether no version, mark or upload is left.
    pub(super) async fn is_gone(&self, prefix: &str) -> Result<bool> {
        Ok(self.versions(prefix).await?.is_empty() && self.uploads(prefix).await?.is_empty())
    }

    /// Ends uploads that began before a time, or all of them.
    pub(super) async fn end_uploads(&self, prefix: &str, before: Option<Time>) -> Result<()> {
        for upload in self.uploads(prefix).await? {
            let began =
                upload.initiated.parse::<jiff::Timestamp>().map_err(|cause| Error::Objects(cause.to_string()))?;
            if before.is_none_or(|before| began.as_microsecond() < before.as_micros()) {
                self.ask("DELETE", &upload.key, &[("uploadId", &upload.upload_id)]).await?;
            }
        }
        Ok(())
    }

    /// The first page of versions and marks of deletions.
    async fn versions(&self, prefix: &str) -> Result<Vec<Version>> {
        let text = self.ask("GET", "", &[("prefix", prefix), ("versions", "")]).await?;
        let Versions { mut versions, markers } = read(&text)?;
        versions.extend(markers);
        Ok(versions)
    }

    async fn uploads(&self, prefix: &str) -> Result<Vec<Upload>> {
        let text = self.ask("GET", "", &[("prefix", prefix), ("uploads", "")]).await?;
        Ok(read::<Uploads>(&text)?.uploads)
    }

    /// Sends a request. What is missing already is no fault.
    async fn ask(&self, method: &str, key: &str, query: &[(&str, &str)]) -> Result<Bytes> {
        let failed = |cause: &dyn std::fmt::Display| Error::Objects(format!("{self}: {cause}"));
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let slash = if key.is_empty() { "" } else { "/" };
        let url = format!("{}{slash}{}?{}", self.url, key, query.join("&"));
        let mut request = http::Request::builder()
            .method(method)
            .uri(url)
            .body(HttpRequestBody::empty())
            .map_err(|cause| failed(&cause))?;
        let credential = self.credentials.get_credential().await?;
        AwsAuthorizer::new(&credential, "s3", &self.region).try_authorize(&mut request, None)?;
        let response = self.client.execute(request).await.map_err(|cause| failed(&cause))?;
        let status = response.status();
        let body = response.into_body().bytes().await.map_err(|cause| failed(&cause))?;
        if status.is_success() || status == http::StatusCode::NOT_FOUND && method == "DELETE" {
            return Ok(body);
        }
        Err(failed(&format!("{method} {status}")))
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T> {
    quick_xml::de::from_reader(text).map_err(|cause| Error::Objects(format!("an answer that is not of S3: {cause}")))
}

/// As signatures want it: all but letters, digits and `-._~` in hexadecimal.
fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

impl std::fmt::Display for BucketAdmin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the bucket {}", self.name)
    }
}
