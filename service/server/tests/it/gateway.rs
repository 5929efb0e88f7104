//! An S3 server of one's own: versitygw over folders of this machine, with versions.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{ClientOptions, HttpClient, HttpConnector as _, HttpRequestBody, ReqwestConnector};
use packshot_server::S3Bucket;
use tempfile::TempDir;

const REGION: &str = "us-east-1";
const KEY: &str = "testkey";
const SECRET: &str = "testsecret";
pub(crate) const BUCKET: &str = "photos";

/// A running server. It ends with this value.
pub(crate) struct Gateway {
    folder: TempDir,
    port: u16,
    child: Child,
}

/// Where the program is: `PACKSHOT_TEST_S3`, or on the search path.
fn program() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("PACKSHOT_TEST_S3") {
        return Some(program.into());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join("versitygw")).find(|path| path.exists())
}

impl Gateway {
    /// Starts one, with an empty bucket; none where the program is not installed.
    pub(crate) async fn start() -> Option<Self> {
        let Some(program) = program() else {
            return crate::test_data::skipped("versitygw is not installed; `cargo xtask soak assets` installs it");
        };
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["data", "versions", "iam"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut gateway = Self { child: run(&program, folder.path(), port), folder, port };
        gateway.wait();
        gateway.ask("PUT", "", "").await;
        let versions = r#"<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>"#;
        gateway.ask("PUT", "?versioning=", versions).await;
        Some(gateway)
    }

    fn wait(&mut self) {
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "the S3 server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it, as a cut network does.
    pub(crate) fn stop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, at the same place.
    pub(crate) fn start_again(&mut self) {
        self.child = run(&program().expect("it was there"), self.folder.path(), self.port);
        self.wait();
    }

    /// As settings name it.
    pub(crate) fn settings(&self) -> S3Bucket {
        let text = str::to_owned;
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        S3Bucket { name: text(BUCKET), endpoint, region: text(REGION), access_key: text(KEY), secret_key: text(SECRET) }
    }

    /// Where objects lie.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join("data").join(BUCKET)
    }

    /// All that it keeps.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a signed request about the bucket, and returns the answer.
    pub(crate) async fn ask(&self, method: &str, query: &str, body: &str) -> String {
        rustls::crypto::ring::default_provider().install_default().ok();
        let options = ClientOptions::new().with_allow_http(true);
        let client: HttpClient = ReqwestConnector::default().connect(&options).expect("a client");
        let uri = format!("http://127.0.0.1:{}/{BUCKET}{query}", self.port);
        let body = HttpRequestBody::from(body.to_owned());
        let mut request = http::Request::builder().method(method).uri(uri).body(body).expect("a request");
        let credential = AwsCredential { key_id: KEY.to_owned(), secret_key: SECRET.to_owned(), token: None };
        AwsAuthorizer::new(&credential, "s3", REGION).try_authorize(&mut request, None).expect("it is signed");
        let response = client.execute(request).await.expect("an answer");
        let status = response.status();
        let text = response.into_body().bytes().await.expect("a body");
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(status.is_success(), "{method} {query}: {status} {text}");
        text
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn run(program: &Path, folder: &Path, port: u16) -> Child {
    let mut command = Command::new(program);
    command.args(["--port", &format!("127.0.0.1:{port}"), "--iam-dir"]).arg(folder.join("iam"));
    command.args(["posix", "--versioning-dir"]).arg(folder.join("versions")).arg(folder.join("data"));
    command.env("ROOT_ACCESS_KEY", KEY).env("ROOT_SECRET_KEY", SECRET);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the S3 server starts")
}
