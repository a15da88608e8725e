//! A web server for one folder on this machine: what `cargo xtask play` and the browser tests show.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tokio::runtime;
use tokio::sync::oneshot;

/// Ports tried, from the asked one on.
const PORTS: u16 = 20;

/// Serves a folder until it is dropped.
pub struct StaticServer {
    thread: Option<JoinHandle<()>>,
    stop: Option<oneshot::Sender<()>>,
    address: SocketAddr,
}

impl StaticServer {
    /// Serves `folder` on a port that the system picks.
    ///
    /// # Errors
    /// When the folder is missing or no port is free.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::on(folder, bind(0)?)
    }

    fn on(folder: &Path, listener: TcpListener) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("{} is missing: run `cargo xtask dist`.", folder.display()))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new().fallback(get(answer)).with_state(Arc::from(folder));
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                // Whichever ends first: connections that a browser keeps open must not keep the server.
                tokio::select! {
                    _ = axum::serve(listener, app) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { thread: Some(thread), stop: Some(stop), address })
    }

    /// The address of the folder, as in `http://127.0.0.1:8080`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves `folder` on the asked port or the next free one, and says where, until the person stops it.
///
/// # Errors
/// When the folder is missing or no port is free.
pub fn forever(folder: &Path, port: u16) -> Result<()> {
    let listener = first_free(port)?;
    let taken = listener.local_addr()?.port();
    if taken != port && port != 0 {
        println!("Port {port} is in use, so this takes {taken}.");
    }
    let mut server = StaticServer::on(folder, listener)?;
    println!("War Stories plays at {}/ (Ctrl+C stops it)", server.origin());
    if let Some(thread) = server.thread.take() {
        let _ = thread.join();
    }
    bail!("The web server has stopped by itself: start it again.");
}

fn first_free(port: u16) -> Result<TcpListener> {
    let mut ports = port..=port.saturating_add(PORTS - 1);
    ports.find_map(|port| bind(port).ok()).with_context(|| {
        format!("The {PORTS} ports from {port} on are all in use: choose others with `--port`.")
    })
}

fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

async fn answer(State(folder): State<Arc<Path>>, address: Uri) -> Response {
    let file = find(&folder, address.path());
    let Some((content, kind)) = file.and_then(|path| Some((fs::read(&path).ok()?, content_type(&path))))
    else {
        return (StatusCode::NOT_FOUND, "Not found").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, kind.as_str()),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}

/// The file that an address names: nothing above the folder, behind a link out of it, or hidden.
fn find(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
    let plain = |part| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    if !Path::new(path.as_ref()).components().all(plain) {
        return None;
    }
    let mut file = folder.join(path.as_ref());
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(folder) && file.is_file()).then_some(file)
}

fn content_type(path: &Path) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn folder() -> Result<tempfile::TempDir> {
        let outer = tempfile::tempdir()?;
        fs::write(outer.path().join("secret"), "secret")?;
        let dist = outer.path().join("dist");
        fs::create_dir_all(dist.join("sub"))?;
        fs::write(dist.join("index.html"), "<p>hello")?;
        fs::write(dist.join("sub/a b.js"), "1")?;
        fs::write(dist.join("app.wasm"), vec![0; 100_000])?;
        fs::write(dist.join(".stamp"), "hidden")?;
        Ok(outer)
    }

    fn get(server: &StaticServer, target: &str) -> Result<String> {
        let mut stream = TcpStream::connect(server.address)?;
        write!(stream, "GET {target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    #[test]
    fn serves_the_folder_with_the_right_types() -> Result<()> {
        let outer = folder()?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for (target, kind) in [
            ("/", "content-type: text/html; charset=utf-8"),
            ("/index.html?x", "content-type: text/html; charset=utf-8"),
            ("/sub/a%20b.js", "content-type: text/javascript; charset=utf-8"),
            ("/app.wasm", "content-type: application/wasm"),
            ("/app.wasm", "content-length: 100000"),
        ] {
            let answer = get(&server, target)?;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(kind), "{target}: {answer:.300}");
        }
        Ok(())
    }

    #[test]
    fn nothing_outside_the_folder_can_be_had() -> Result<()> {
        let outer = folder()?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.path().join("secret"), outer.path().join("dist/link"))?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for target in [
            "/../secret",
            "/%2e%2e/secret",
            "/sub/..%2f..%2fsecret",
            "//etc/passwd",
            "/.stamp",
            "/link",
            "/sub",
            "/%00",
        ] {
            let answer = get(&server, target)?;
            assert!(!answer.contains("200 OK") && !answer.contains("secret"), "{target}: {answer:.300}");
        }
        Ok(())
    }

    #[test]
    fn a_taken_port_gives_the_next() -> Result<()> {
        let taken = bind(0)?;
        let port = taken.local_addr()?.port();
        assert!(first_free(port)?.local_addr()?.port() > port);
        Ok(())
    }
}
