//! Spans reach a collector, tell what happened, and tell nothing personal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// A collector: what it receives, one document for each batch.
fn collector() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, batches) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                while let Some(body) = body(&mut reader) {
                    let batch = serde_json::from_slice(&body).expect("JSON");
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                    reader.get_mut().write_all(answer).expect("it is answered");
                    if sender.send(batch).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, batches)
}

/// The body of the next request, unless the sender is gone.
fn body(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).ok()? > 0 {
        if line == "\r\n" {
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            return Some(body);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        line.clear();
    }
    None
}

fn get(address: &str, path: &str, more: &str) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}Connection: close\r\n\r\n").expect("it is sent");
    stream.read_to_string(&mut String::new()).expect("an answer");
}

/// The text of an attribute.
fn attribute<'s>(span: &'s Value, key: &str) -> Option<&'s Value> {
    let mut attributes = span["attributes"].as_array()?.iter();
    attributes.find(|attribute| attribute["key"] == key).map(|attribute| &attribute["value"])
}

#[test]
fn a_request_is_a_span_with_the_database_beneath_it() {
    let (url, batches) = collector();
    let data = tempfile::tempdir().expect("a folder");
    let mut service = Command::new(env!("CARGO_BIN_EXE_packshot-server"))
        .args(["--listen", "127.0.0.1:0", "--traces", &url, "--data"])
        .arg(data.path())
        .env_remove("DATABASE_URL")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut told = BufReader::new(service.stderr.take().expect("a pipe"));
    let mut first = String::new();
    told.read_line(&mut first).expect("a line");
    let log = std::thread::spawn(move || {
        let mut rest = String::new();
        told.read_to_string(&mut rest).map(|_| rest)
    });
    let address = first.trim().rsplit_once("http://").expect("an address").1.to_owned();
    let secret = "psa_c2VjcmV0LW9mLWFubmE";
    get(
        &address,
        "/v1/account",
        &format!("traceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\nAuthorization: Bearer {secret}\r\n"),
    );
    get(&address, "/v1/health?marker=anna%40example.org", "");
    Command::new("kill").args(["-TERM", &service.id().to_string()]).status().expect("a signal");
    assert!(service.wait().expect("it ends").success());
    let mut spans: Vec<Value> = Vec::new();
    while let Ok(batch) = batches.recv_timeout(Duration::from_millis(500)) {
        assert!(!batch.to_string().contains(secret) && !batch.to_string().contains("anna"), "{batch}");
        let resource = &batch["resourceSpans"][0];
        assert!(resource["resource"].to_string().contains("packshot"), "{resource}");
        spans.extend(resource["scopeSpans"][0]["spans"].as_array().expect("spans").iter().cloned());
    }
    let account = spans.iter().find(|span| span["name"] == "GET /v1/account").expect("the span of a request");
    assert_eq!(account["traceId"], TRACE, "it goes on with the client's trace");
    assert_eq!(account["parentSpanId"], "00f067aa0ba902b7");
    assert_eq!(attribute(account, "http.response.status_code").expect("a status")["intValue"], "401");
    assert_eq!(attribute(account, "http.route").expect("a route")["stringValue"], "/v1/account");
    let health = spans.iter().find(|span| span["name"] == "GET /v1/health").expect("the span of a request");
    assert_ne!(health["traceId"], TRACE);
    let beneath = |parent: &Value| {
        spans.iter().any(|span| span["name"] == "database" && span["parentSpanId"] == parent["spanId"])
    };
    assert!(beneath(health), "{spans:#?}");
    let log = log.join().expect("no panic").expect("text");
    assert!(log.contains("answered") && !log.contains("db.query"), "the log has no spans: {log}");
}
