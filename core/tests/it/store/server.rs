//! An HTTP server on this machine that can misbehave.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request, as far as a download cares.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// How many came before it.
    pub index: usize,
    pub path: String,
    pub offset: Option<usize>,
    pub if_range: Option<String>,
}

pub(crate) struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request with `answer`, one connection each, until the test ends.
    pub(crate) fn start(
        answer: impl Fn(&Request, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/model.onnx", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&requests), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let Some(request) = read(&stream, &log) else { return };
                    // A client that hangs up is part of the game.
                    let _ = answer(&request, &mut stream);
                });
            }
        });
        Self { url, requests }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream, log: &Mutex<Vec<Request>>) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut request = Request { index: 0, path: first.split(' ').nth(1)?.to_owned(), offset: None, if_range: None };
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "range" => request.offset = value.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok(),
            "if-range" => request.if_range = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut log = log.lock().unwrap();
    request.index = log.len();
    log.push(request.clone());
    Some(request)
}

/// Sends `status` with `headers` (each ending in CR LF) and nothing else.
pub(crate) fn refuse(stream: &mut TcpStream, status: &str, headers: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

/// How a file is sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sending {
    /// Whether ranges are answered with ranges.
    pub ranges: bool,
    pub etag: Option<&'static str>,
    /// End the connection after so many bytes.
    pub cut: Option<usize>,
    /// Wait so long after each 1000 bytes.
    pub trickle: Option<Duration>,
    /// Say that the file has so many bytes.
    pub announce: Option<usize>,
}

/// Sends `data`, or the range of it that `request` asks for.
pub(crate) fn send(stream: &mut TcpStream, request: &Request, data: &[u8], how: Sending) -> std::io::Result<()> {
    let whole = request.if_range.as_deref().is_some_and(|version| Some(version) != how.etag);
    let offset = request.offset.filter(|_| how.ranges && !whole);
    let total = how.announce.unwrap_or(data.len());
    if offset.is_some_and(|offset| offset >= total) {
        return refuse(stream, "416 Range Not Satisfiable", "");
    }
    match offset {
        Some(offset) => {
            write!(stream, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {offset}-{}/{total}\r\n", total - 1)?;
        }
        None => write!(stream, "HTTP/1.1 200 OK\r\n")?,
    }
    let start = offset.unwrap_or(0);
    if let Some(etag) = how.etag {
        write!(stream, "ETag: {etag}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\nConnection: close\r\n\r\n", total - start)?;
    let rest = &data[start..];
    let rest = &rest[..how.cut.map_or(rest.len(), |cut| cut.min(rest.len()))];
    let Some(pause) = how.trickle else { return stream.write_all(rest) };
    for piece in rest.chunks(1000) {
        stream.write_all(piece)?;
        std::thread::sleep(pause);
    }
    Ok(())
}
