//! The network transport.

use client::{Client, Error, Tcp, TransportError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_server_on_the_network_is_asked_under_its_own_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let n = socket.read(&mut request).await.unwrap();
        let body = r#"{"status":"ok","version":"0"}"#;
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request[..n].to_vec()).unwrap()
    });
    let client = Client::new(Tcp::new(&format!("http://{address}/")).unwrap(), None);
    assert_eq!(client.health().await.unwrap().status, "ok");
    let request = server.await.unwrap().to_lowercase();
    assert!(request.starts_with("get /api/health http/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("host: {address}\r\n")), "{request}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::new(Tcp::new(&format!("http://{free}")).unwrap(), None);
    let error = client.health().await.unwrap_err();
    assert!(matches!(error, Error::Transport(TransportError::Connection { .. })));
    assert!(error.to_string().contains(&free.to_string()), "{error}");
}

#[test]
fn only_a_bare_http_address_is_taken() {
    for bad in ["", "localhost", "https://a:1", "ftp://a", "http://a:1/path", "http://a:1?q", "/x"] {
        assert!(Tcp::new(bad).is_err(), "{bad}");
    }
    assert!(Tcp::new("http://localhost:8080").is_ok());
}
