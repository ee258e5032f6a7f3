# shellcheck shell=bash
# Runs `assay serve` beside a script. Needs say.sh.

server_pid=''

# start_server ASSAY ADDRESS DATA LOG : returns when the server is ready; sets `server_pid`. The caller's EXIT trap must
# call stop_server.
start_server() {
  # A process group of its own: Ctrl-C then reaches this script alone, which asks the server to stop exactly once.
  set -m
  "$1" serve --bind "$2" --data "$3" </dev/null >"$4" 2>&1 &
  server_pid=$!
  set +m
  wait_until_ready "http://$2/ready" "$server_pid" || {
    local status=0
    wait "$server_pid" || status=$?
    server_pid=''
    tail -n 20 "$4" >&2
    return "$status"
  }
}

# Lets work end and the database close; the status is the server's.
stop_server() {
  [[ -n $server_pid ]] || return 0
  local pid=$server_pid
  server_pid=''
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid"
}

# wait_until_ready URL PID : fails when the process ends first, or after a minute.
wait_until_ready() {
  node -e '
    const [url, pid] = process.argv.slice(1);
    const end = Date.now() + 60_000;
    const look = async () => {
      const answer = await fetch(url).catch(() => null);
      if (answer?.ok) process.exit(0);
      try { process.kill(Number(pid), 0); } catch { process.exit(1); }
      if (Date.now() > end) process.exit(1);
      setTimeout(look, 50);
    };
    look();' "$1" "$2"
}
