# shellcheck shell=bash
# A PostgreSQL server for one script: own directory, own port, gone when the script ends. Needs say.sh and tools.sh.

postgres_dir=''

# start_postgres fast|durable : sets `postgres_url`. `fast` gives up what only matters after a power cut; measuring
# needs `durable`. The caller's EXIT trap must call stop_postgres.
start_postgres() {
  find_postgres
  postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/assay-postgres.XXXXXX")
  # The server refuses to run as root.
  postgres_as=()
  if [[ $(id -u) == 0 ]]; then
    local user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    chown "$user" "$postgres_dir"
    postgres_as=(runuser -u "$user" --)
  fi
  as_postgres initdb --pgdata="$postgres_dir/data" --username=assay --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$postgres_dir/initdb.log" 2>&1 || stop "initdb failed" "$(tail -n 5 "$postgres_dir/initdb.log")"
  printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" "max_connections = 300" \
    >>"$postgres_dir/data/postgresql.conf"
  if [[ $1 == fast ]]; then
    printf '%s\n' 'fsync = off' 'synchronous_commit = off' 'full_page_writes = off' 'max_wal_size = 4GB' \
      >>"$postgres_dir/data/postgresql.conf"
  fi
  start_on_a_free_port
}

stop_postgres() {
  [[ -n $postgres_dir ]] || return 0
  if [[ -d $postgres_dir/data ]]; then
    as_postgres pg_ctl --pgdata="$postgres_dir/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
  fi
  rm -rf "$postgres_dir"
  postgres_dir=''
}

# Another program may take a port between the look and the start, so a failed start is tried elsewhere.
start_on_a_free_port() {
  local port
  for _ in 1 2 3 4 5; do
    port=$(free_port)
    if as_postgres pg_ctl --pgdata="$postgres_dir/data" --options="-p $port" --log="$postgres_dir/server.log" \
      --wait --timeout=60 --silent start >/dev/null; then
      # shellcheck disable=SC2034 # read by the script that sources this file
      postgres_url=postgres://assay@127.0.0.1:$port
      return 0
    fi
  done
  stop "the temporary PostgreSQL does not start" "$(tail -n 5 "$postgres_dir/server.log" 2>/dev/null)"
}

# A port of 127.0.0.1 on which nobody listens now.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s' "$port"
}

as_postgres() {
  local program=$1
  shift
  # From the root directory, because the unprivileged user may not enter the one we are in.
  (cd / && "${postgres_as[@]}" "$postgres_bin/$program" "$@")
}

# Sets `postgres_bin`, the directory of initdb and pg_ctl: the newest there is.
find_postgres() {
  look_for_postgres && return 0
  if can_install; then
    # Debian would otherwise make a cluster of its own and start it as a service.
    if [[ ! -e /etc/postgresql-common/createcluster.conf ]]; then
      mkdir -p /etc/postgresql-common
      printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
    fi
    apt_install postgresql
  fi
  look_for_postgres || stop "no PostgreSQL server programs (initdb, pg_ctl)" \
    "On Debian or Ubuntu: sudo apt-get install postgresql" \
    "Elsewhere: put initdb and pg_ctl of PostgreSQL 14 or newer on the PATH."
}

look_for_postgres() {
  local candidate
  for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    [[ -x $candidate/initdb ]] && postgres_bin=$candidate && return 0
  done
  have initdb && have pg_ctl && postgres_bin=$(dirname "$(command -v initdb)")
}
