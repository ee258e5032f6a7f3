//! Watching a run while it goes on.

use std::net::SocketAddr;

use axum::http::header;
use client::{Client, Tcp};
use futures::{SinkExt, StreamExt};
use kernel::RunId;
use test_support::on_both_databases;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::app::App;
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
