//! The built-in transport, against a server on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::client::{Client, ErrorKind};

use super::script::balance;

/// A server that reads each request and writes `answers`, one for each connection; nothing for an empty one.
fn server(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&seen);
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            list.lock().unwrap().push(request(&mut stream));
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, seen)
}

fn request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

fn client(url: &str) -> Client {
    Client::builder().base_url(url).api_key("psk_secret").attempt_timeout(Duration::from_millis(500)).build().unwrap()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

#[test]
fn a_cut_and_a_lost_answer_are_repeated_over_real_connections() {
    let whole = answer("200 OK", "request-id: r3\r\n", &balance().to_string());
    let half = whole[..whole.len() - 10].to_owned();
    let (url, seen) = server(vec![String::new(), half, whole]);
    run(async {
        let answer = client(&url).credits().balance().with_response().await.unwrap();
        assert_eq!((answer.data.available.as_millis(), answer.request_id()), (7500, Some("r3")));
    });
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].starts_with("GET /v1/credits HTTP/1.1\r\n") && seen[0].contains("Bearer psk_secret"),
        "{}",
        seen[0]
    );
}

#[test]
fn no_redirect_is_followed() {
    let (elsewhere, never) = server(vec![answer("200 OK", "", "{}")]);
    for status in ["301 Moved Permanently", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let (url, _) = server(vec![answer(status, &format!("location: {elsewhere}/v1/holds\r\n"), "")]);
        let error = run(async { client(&url).holds().void("hld_1").await.unwrap_err() });
        assert_eq!(error.kind(), ErrorKind::Answer, "{error:?}");
    }
    assert!(never.lock().unwrap().is_empty(), "the key went nowhere else");
}

#[test]
fn nobody_there_is_told_as_such() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client =
        Client::builder().base_url(format!("http://127.0.0.1:{port}")).api_key("k").retries(1).build().unwrap();
    let error = run(async { client.holds().void("hld_1").await.unwrap_err() });
    assert_eq!((error.kind(), error.code(), error.is_uncertain()), (ErrorKind::Connect, "connect_failed", false));
    assert!(format!("{error:?}").contains("because: "), "{error:?}");
}
