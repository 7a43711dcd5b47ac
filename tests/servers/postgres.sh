#!/bin/bash
# postgres.sh start|stop|restart DIR [PORT]: a PostgreSQL server of Debian's postgresql-15 on 127.0.0.1:PORT, with the user and the database dth, for
# tests. Its data is in DIR. As root it runs as the user dthtest, who is made. It does not wait for the disk unless FSYNC=on. With PASSWORD=…
# it asks for one.
# restart kills it first, as a crash does.
set -euo pipefail
command=$1 directory=${2:?directory} port=${3:-31950}
binaries=${DTH_POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
export LC_ALL=C.UTF-8
[ -x "$binaries/postgres" ] || { echo "postgres.sh: there is no PostgreSQL server in $binaries: install postgresql-15" >&2; exit 1; }
if [ "$(id -u)" = 0 ]; then
  user=dthtest
  id "$user" >/dev/null 2>&1 || useradd --create-home "$user"
  mkdir -p "$directory"
  chown "$user" "$directory"
  # Where the script lies need not be readable to that user.
  exec runuser -u "$user" -- env FSYNC="${FSYNC:-off}" PASSWORD="${PASSWORD:-}" DTH_POSTGRES_BIN="$binaries" bash -s "$@" <"$0"
fi
cd "$directory"
start() {
  "$binaries/pg_ctl" -D data -w -s -l server.log start -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory \
    -c fsync=${FSYNC:-off} -c shared_buffers=32MB -c max_connections=100"
}
case $command in
start)
  rm -rf data
  how=trust
  if [ -n "${PASSWORD:-}" ]; then how=scram-sha-256; fi
  "$binaries/initdb" -D data -U dth -A "$how" --pwfile=<(echo "${PASSWORD:-none}") --no-sync --no-locale -E UTF8 >initdb.log 2>&1
  start
  export PGPASSWORD=${PASSWORD:-}
  "$binaries/createdb" -h 127.0.0.1 -p "$port" -U dth dth
  ;;
restart)
  "$binaries/pg_ctl" -D data -m immediate -s stop || true
  start
  ;;
stop) "$binaries/pg_ctl" -D data -m immediate -s stop 2>/dev/null || true ;;
*)
  echo "usage: postgres.sh start|stop|restart DIR [PORT]" >&2
  exit 2
  ;;
esac
