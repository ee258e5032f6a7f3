//! A PostgreSQL server that can go away: a proxy in front of the one that all tests share.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::TestDb;

/// What the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Up,
    /// Refuses connections, as a server does that is not running.
    Down,
    /// Takes connections and bytes and never answers, as a server does whose network is cut.
    Silent,
}

/// Passes everything on to the database of a test until told otherwise.
#[derive(Debug)]
pub struct Proxy {
    /// The address of the database behind the proxy.
    pub url: String,
    mode: watch::Sender<Mode>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Stands in front of a PostgreSQL database.
    pub async fn before(db: &TestDb) -> Self {
        let mut url: Url = db.url.parse().expect("the address of a test database is one");
        let server = format!("{}:{}", url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let own = listener.local_addr().expect("a listener has an address");
        url.set_ip_host(own.ip()).expect("the address has a host");
        url.set_port(Some(own.port())).expect("the address has a port");
        let (mode, watched) = watch::channel(Mode::Up);
        let task = tokio::spawn(listen(listener, own, server, watched));
        Self { url: url.into(), mode, task }
    }

    /// Cuts every connection and refuses new ones.
    pub fn stop(&self) {
        self.mode.send_replace(Mode::Down);
    }

    /// Leaves every question unanswered.
    pub fn silence(&self) {
        self.mode.send_replace(Mode::Silent);
    }

    /// Answers again; connections that were silenced are cut.
    pub fn start(&self) {
        self.mode.send_replace(Mode::Up);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, own: SocketAddr, server: String, mut mode: watch::Receiver<Mode>) {
    let mut listener = Some(listener);
    loop {
        if *mode.borrow_and_update() == Mode::Down {
            listener = None;
            if mode.changed().await.is_err() {
                return;
            }
            continue;
        }
        if listener.is_none() {
            listener = Some(TcpListener::bind(own).await.expect("the port is still ours"));
        }
        let Some(open) = &listener else { continue };
        tokio::select! {
            changed = mode.changed() => if changed.is_err() { return },
            accepted = open.accept() => if let Ok((socket, _)) = accepted {
                tokio::spawn(pass(socket, server.clone(), mode.clone()));
            },
        }
    }
}

async fn pass(mut client: TcpStream, server: String, mut mode: watch::Receiver<Mode>) {
    if *mode.borrow_and_update() == Mode::Up {
        let Ok(mut server) = TcpStream::connect(server).await else { return };
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => return,
            _ = mode.changed() => {}
        }
    }
    // Both sockets close when this ends.
    let _ = mode.wait_for(|mode| *mode != Mode::Silent).await;
}
