//! A web server for the files of one folder, at an address of this machine, for tests that fetch a model.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

/// Serves until the process ends.
pub(super) struct Server(SocketAddr);

impl Server {
    pub(super) fn start(folder: PathBuf) -> Result<Self, String> {
        let listen = || {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) =
            listen().map_err(|cause: std::io::Error| format!("cannot serve the test files: {cause}"))?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A client that went away is no concern of the server's.
                thread::spawn(move || answer(stream, &folder).ok());
            }
        });
        Ok(Self(address))
    }

    pub(super) fn address(&self) -> String {
        self.0.to_string()
    }
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?).lines();
    let first = request.next().transpose()?.unwrap_or_default();
    for line in request {
        if line?.is_empty() {
            break;
        }
    }
    let name = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let (status, body) = match fs::read(folder.join(name)) {
        Ok(body) if !name.contains("..") => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
