//! Watching a run while it goes on.

use std::net::SocketAddr;

use axum::http::header;
use client::{Client, Tcp};
use futures::{SinkExt, StreamExt};
use kernel::RunId;
use serde_json::{Value, json};
use test_support::on_both_databases;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::app::App;
use crate::replay::events;
use crate::script::Script;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) async fn connect(address: SocketAddr, path: &str) -> Socket {
    connect_async(format!("ws://{address}{path}")).await.unwrap().0
}

/// All text messages up to the close, and its code.
pub(crate) async fn texts(mut socket: Socket) -> (Vec<String>, Option<CloseCode>) {
    let mut texts = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => texts.push(text.to_string()),
            Message::Close(frame) => return (texts, frame.map(|frame| frame.code)),
            _ => {}
        }
    }
    (texts, None)
}

fn stream(run: RunId) -> String {
    format!("/api/runs/{run}/stream")
}

on_both_databases! {
    async fn a_socket_shows_frames_as_they_come_and_closes_after_the_last(db: TestDb) {
        let app = App::new(db).await;
        let address = app.serve().await;
        let run = app.script(Script::Gated).await;
        let mut socket = connect(address, &stream(run)).await;
        // Opening, attempt and two of the script's: the run now waits, and so does the socket.
        for _ in 0..4 {
            assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
        }
        app.go.add_permits(1);
        let (rest, code) = texts(socket).await;
        let end = app.client.wait(run).await.unwrap().ledger.seq;
        assert_eq!((rest.len() as u64 + 4, code), (end, Some(CloseCode::Normal)));
        app.close().await;
    }

    async fn a_viewer_on_the_network_follows_to_the_end(db: TestDb) {
        let app = App::new(db).await;
        let client = Client::new(Tcp::new(&format!("http://{}", app.serve().await)).unwrap(), None);
        let run = app.script(Script::Gated).await;
        let mut frames = Box::pin(client.frames(run, 0));
        let mut seen = 0;
        while let Some(frame) = frames.next().await {
            seen = frame.unwrap().0;
            if seen == 4 {
                app.go.add_permits(1);
            }
        }
        assert_eq!(seen, client.run(run).await.unwrap().ledger.seq);
        app.close().await;
    }
}

#[tokio::test]
async fn a_socket_resumes_after_what_was_seen() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.ended(Script::Count(3)).await;
    let path = stream(run.item.run_id);
    let (whole, _) = texts(connect(address, &path).await).await;
    for after in 0..=whole.len() {
        let (rest, code) = texts(connect(address, &format!("{path}?after={after}")).await).await;
        assert_eq!((rest.as_slice(), code), (&whole[after..], Some(CloseCode::Normal)));
    }
    app.close().await;
}

/// What is said next, frame or answer.
async fn next(socket: &mut Socket) -> Value {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The next answer; the frames before it are those of before.
async fn answer(socket: &mut Socket) -> Value {
    loop {
        let said = next(socket).await;
        if said.get("type").is_some() {
            return said;
        }
    }
}

async fn say(socket: &mut Socket, text: &str) {
    socket.send(Message::text(text)).await.unwrap();
}

on_both_databases! {
    async fn a_viewer_goes_anywhere_at_any_time_without_a_duplicate_or_a_gap(db: TestDb) {
        let app = App::new(db).await;
        let address = app.serve().await;
        let run = app.script(Script::Gated).await;
        let mut socket = connect(address, &stream(run)).await;
        for _ in 0..4 {
            next(&mut socket).await;
        }
        for after in [2, 0, 4, 1, 3] {
            say(&mut socket, &format!(r#"{{"type":"resume","after":{after}}}"#)).await;
            assert_eq!(answer(&mut socket).await, json!({ "type": "resumed", "after": after }));
            for seq in after + 1..=4 {
                assert_eq!(next(&mut socket).await["event_id"], seq);
            }
        }
        say(&mut socket, r#"{"type":"resume","after":1}"#).await;
        answer(&mut socket).await;
        app.go.add_permits(1);
        let (rest, code) = texts(socket).await;
        let whole = events(app.get(&format!("/api/runs/{run}/replay/stream")).await.text());
        let expected: Vec<String> = whole.into_iter().skip(1).map(|(_, frame)| frame).collect();
        assert_eq!((rest, code), (expected, Some(CloseCode::Normal)));
        app.close().await;
    }
}

#[tokio::test]
async fn what_a_socket_does_not_understand_is_told_and_the_frames_go_on() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.script(Script::Gated).await;
    let mut socket = connect(address, &stream(run)).await;
    for _ in 0..4 {
        next(&mut socket).await;
    }
    for (text, code, field) in [
        ("hello", "MALFORMED_JSON", None),
        ("", "MALFORMED_JSON", None),
        ("[]", "VALIDATION_ERROR", Some("body")),
        ("{}", "VALIDATION_ERROR", Some("type")),
        (r#"{"type":"pause","after":1}"#, "VALIDATION_ERROR", Some("type")),
        (r#"{"type":"resume"}"#, "VALIDATION_ERROR", Some("after")),
        (r#"{"type":"resume","after":-1}"#, "VALIDATION_ERROR", Some("after")),
        (r#"{"type":"resume","after":1,"speed":2}"#, "VALIDATION_ERROR", Some("speed")),
        (r#"{"type":"resume","after":99}"#, "POSITION_BEYOND_END", None),
    ] {
        say(&mut socket, text).await;
        let said = next(&mut socket).await;
        assert_eq!((&said["type"], &said["code"]), (&"refused".into(), &code.into()), "{text}: {said}");
        assert_eq!(said["errors"][0]["field"].as_str(), field, "{text}: {said}");
        assert!(!said["detail"].as_str().unwrap().is_empty());
    }
    app.go.add_permits(1);
    let (rest, code) = texts(socket).await;
    assert_eq!(
        (rest.len() as u64 + 4, code),
        (app.client.wait(run).await.unwrap().ledger.seq, Some(CloseCode::Normal))
    );
    app.close().await;
}

#[tokio::test]
async fn a_socket_that_breaks_the_protocol_is_told_how() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.script(Script::Gated).await;
    let closed = async |messages: Vec<Message>| {
        let mut socket = connect(address, &stream(run)).await;
        for message in messages {
            socket.send(message).await.unwrap();
        }
        texts(socket).await.1
    };
    assert_eq!(closed(vec![Message::text("x".repeat(65 * 1024))]).await, Some(CloseCode::Size));
    assert_eq!(closed(vec![Message::binary("x")]).await, Some(CloseCode::Unsupported));
    assert_eq!(closed(vec![Message::text("nonsense"); 101]).await, Some(CloseCode::Policy));
    let utf8 = Frame::message(vec![0xff], OpCode::Data(Data::Text), true);
    assert_eq!(closed(vec![Message::Frame(utf8)]).await, Some(CloseCode::Invalid));
    app.go.add_permits(1);
    app.close().await;
}

#[tokio::test]
async fn a_part_is_played_over_a_socket_as_over_an_event_stream() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.ended(Script::Count(7)).await.item.run_id;
    let replay = format!("/api/runs/{run}/replay/stream");
    let whole = events(app.get(&replay).await.text());
    let time =
        serde_json::from_str::<Value>(&whole[4].1).unwrap()["server_timestamp"].as_str().unwrap().to_owned();
    for (query, expected) in [
        ("from=3&to=5".to_owned(), &whole[2..5]),
        ("from=2&to=6&speed=1000x&max_gap_ms=1".to_owned(), &whole[1..6]),
        ("to=2&speed=original".to_owned(), &whole[..2]),
        ("after=6".to_owned(), &whole[6..]),
    ] {
        assert_eq!(events(app.get(&format!("{replay}?{query}")).await.text()), expected, "{query}");
        let (frames, code) = texts(connect(address, &format!("{}?{query}", stream(run))).await).await;
        let expected: Vec<String> = expected.iter().map(|(_, frame)| frame.clone()).collect();
        assert_eq!((frames, code), (expected, Some(CloseCode::Normal)), "{query}");
    }
    let from = events(app.get(&format!("{replay}?from={time}")).await.text());
    assert!(whole.ends_with(&from) && from.contains(&whole[4]), "{from:?}");
    let to = events(app.get(&format!("{replay}?to={time}")).await.text());
    assert!(whole.starts_with(&to) && to.contains(&whole[4]), "{to:?}");
    for nothing in ["from=2099-01-01T00:00:00Z", "to=2000-01-01T00:00:00Z", "after=3&to=2"] {
        assert_eq!(app.get(&format!("{replay}?{nothing}")).await.status, 204, "{nothing}");
    }
    for (query, field) in [
        ("speed=0x", "speed"),
        ("speed=fast", "speed"),
        ("from=5&to=4", "to"),
        ("from=05.01.2026", "from"),
        ("from=0", "from"),
        ("from=1&after=1", "from"),
        ("max_gap_ms=5", "max_gap_ms"),
        ("speed=2x&max_gap_ms=0", "max_gap_ms"),
    ] {
        for path in [&replay, &stream(run)] {
            let (status, _, fields) = app.get(&format!("{path}?{query}")).await.problem();
            assert_eq!((status, fields), (422, vec![field.to_owned()]), "{path}?{query}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn a_refused_socket_is_refused_as_http() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.ended(Script::Count(1)).await.item.run_id;
    let unknown = "019b8d2d-0000-7000-8000-000000000001".parse().unwrap();
    let cases = [
        (stream(unknown), None, 404),
        (format!("{}?after=99", stream(run)), None, 400),
        (stream(run), Some("http://evil.example"), 403),
        ("/api/demo/stream".to_owned(), Some("http://evil.example"), 403),
    ];
    for (path, origin, expected) in cases {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        }
        match connect_async(request).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), expected, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
    assert_eq!(app.get(&stream(run)).await.problem().1, "WEBSOCKET_EXPECTED");
    app.close().await;
}

#[tokio::test]
async fn a_stopping_server_sends_its_viewers_away() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.script(Script::Gated).await;
    let mut socket = connect(address, &stream(run)).await;
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    app.closing.cancel();
    assert_eq!(texts(socket).await.1, Some(CloseCode::Away));
    let stream = app.get(&format!("/api/runs/{run}/replay/stream")).await;
    assert_eq!(stream.status, 200);
    app.go.add_permits(1);
    app.close().await;
}

#[tokio::test]
async fn a_viewer_that_leaves_does_not_stop_the_run() {
    let app = App::new(test_support::sqlite().await).await;
    let address = app.serve().await;
    let run = app.script(Script::Gated).await;
    let mut socket = connect(address, &stream(run)).await;
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    socket.close(None).await.unwrap();
    socket.flush().await.ok();
    app.go.add_permits(1);
    let ended = app.client.wait(run).await.unwrap();
    assert_eq!(ended.item.status, wire::runs::Status::Succeeded);
    app.close().await;
}
