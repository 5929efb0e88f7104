//! What servers do wrong.

use std::time::{Duration, Instant};

use packshot::Code;

use super::place::{Place, RANGES, data, sha256};
use super::server::{Sending, Server, refuse, send};

#[test]
fn a_stall_ends_and_keeps_the_part() {
    let server = Server::start(|request, stream| {
        if request.index > 0 {
            return send(stream, request, &data(), RANGES);
        }
        send(stream, request, &data(), Sending { cut: Some(50_000), ..RANGES })?;
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let mut place = Place::new(&server.url);
    place.options.stall_timeout = Duration::from_millis(300);
    place.assert_fails(Code::NetworkStalled);
    assert_eq!(place.part_len(), Some(50_000));
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests()[1].offset, Some(50_000));
}

#[test]
fn a_server_that_never_answers_is_a_stall() {
    let server = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let mut place = Place::new(&server.url);
    place.options.stall_timeout = Duration::from_millis(200);
    place.assert_fails(Code::NetworkStalled);
}

#[test]
fn a_length_that_is_too_long_is_a_cut() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(400_000), ..Sending::default() })
    });
    Place::new(&server.url).assert_fails(Code::NetworkFailed);
    let known = Place::with(&server.url, &format!("bytes = 300000\nsha256 = '{}'", sha256(&data())));
    let error = known.assert_fails(Code::DownloadCorrupt);
    assert!(error.to_string().contains("400000"), "{error}");
    assert_eq!(known.part_len(), None);
}

#[test]
fn a_length_that_is_too_short_is_not_the_file() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(200_000), ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(place.part_len(), None);
}

#[test]
fn a_body_without_end_is_stopped_at_the_known_size() {
    use std::io::Write as _;
    let server = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        loop {
            stream.write_all(&[0; 10_000])?;
        }
    });
    let place = Place::with(&server.url, &format!("bytes = 300000\nsha256 = '{}'", sha256(&data())));
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(place.part_len(), None);
}

#[test]
fn a_file_beyond_the_cap_is_refused_before_it_is_fetched() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(5 << 30), ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn wrong_bytes_never_get_the_name() {
    let server = Server::start(|request, stream| send(stream, request, &[9; 300_000], RANGES));
    let place = Place::new(&server.url);
    let error = place.assert_fails(Code::DownloadCorrupt);
    assert!(error.to_string().contains(&sha256(&[9; 300_000])), "{error}");
    assert_eq!(place.part_len(), None);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn wrong_bytes_in_pieces_are_fetched_twice_at_most() {
    let server =
        Server::start(|request, stream| send(stream, request, &[9; 300_000], Sending { cut: Some(150_000), ..RANGES }));
    let place = Place::new(&server.url);
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(place.part_len(), None);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn not_found_is_not_tried_again() {
    let server = Server::start(|_, stream| refuse(stream, "404 Not Found", ""));
    let error = Place::new(&server.url).assert_fails(Code::NetworkFailed);
    assert!(error.to_string().contains("404") && error.to_string().contains(&server.url), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = Server::start(|request, stream| match request.index {
        0 => refuse(stream, "503 Service Unavailable", ""),
        1 => refuse(stream, "429 Too Many Requests", "Retry-After: 1\r\n"),
        _ => send(stream, request, &data(), RANGES),
    });
    let place = Place::new(&server.url);
    let begin = Instant::now();
    place.pull().unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(1), "the server asked for a second");
    place.assert_whole();
}

#[test]
fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let server = Server::start(|_, stream| refuse(stream, "503 Service Unavailable", "Retry-After: 3600\r\n"));
    let error = Place::new(&server.url).assert_fails(Code::NetworkFailed);
    assert!(error.to_string().contains("3600"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn nobody_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Place::new(&format!("http://127.0.0.1:{port}/x")).assert_fails(Code::NetworkFailed);
}

#[test]
fn a_server_that_cannot_prove_its_name_is_not_believed() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    Place::new(&server.url.replace("http:", "https:")).assert_fails(Code::NetworkFailed);
}

#[test]
fn redirects_stay_encrypted() {
    let away = Server::start(|_, stream| refuse(stream, "302 Found", "Location: http://other.invalid/x\r\n"));
    let error = Place::new(&away.url).assert_fails(Code::NetworkFailed);
    assert!(format!("{error:?}").contains("not encrypted"), "{error:?}");
    assert_eq!(away.requests().len(), 1);

    let home = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let target = format!("Location: {}\r\n", home.url);
    let near = Server::start(move |_, stream| refuse(stream, "302 Found", &target));
    let place = Place::new(&near.url);
    place.pull().unwrap();
    place.assert_whole();

    let circle = Server::start(|_, stream| refuse(stream, "302 Found", "Location: /again\r\n"));
    Place::new(&circle.url).assert_fails(Code::NetworkFailed);
    assert!(circle.requests().len() < 15);
}
