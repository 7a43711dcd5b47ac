#!/bin/bash
# postgres.sh start|stop|restart|standby|promote|kill DIR [PORT]: a PostgreSQL server of Debian's postgresql-15 on 127.0.0.1:PORT, with the user and the database dth, for
# tests. Its data is in DIR. As root it runs as the user dthtest, who is made. It does not wait for the disk unless FSYNC=on. With PASSWORD=…
# it asks for one.
# restart kills it first, as a crash does. With MAX_CONNECTIONS=n it lets so many in.
# standby DIR PORT PRIMARY_PORT: a standby of the server there, which waits for it with each commit (synchronous_standby_names).
# kill DIR: all of it at once, by SIGKILL. promote DIR: the standby becomes a primary.
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
  exec runuser -u "$user" -- env FSYNC="${FSYNC:-off}" PASSWORD="${PASSWORD:-}" MAX_CONNECTIONS="${MAX_CONNECTIONS:-}" DTH_POSTGRES_BIN="$binaries" bash -s "$@" <"$0"
fi
cd "$directory"
start() {
  "$binaries/pg_ctl" -D data -w -s -l server.log start -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory \
    -c fsync=${FSYNC:-off} -c shared_buffers=32MB -c max_connections=${MAX_CONNECTIONS:-100}"
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
standby)
  primary=${4:?port of the primary}
  rm -rf data
  "$binaries/pg_basebackup" -h 127.0.0.1 -p "$primary" -U dth -D data -R -c fast --no-sync >backup.log 2>&1
  start
  "$binaries/psql" -X -q -h 127.0.0.1 -p "$primary" -U dth dth -c "alter system set synchronous_standby_names = '*'" -c "select pg_reload_conf()" >/dev/null
  for _ in $(seq 300); do
    waits=$("$binaries/psql" -X -q -A -t -h 127.0.0.1 -p "$primary" -U dth dth -c "select count(*) from pg_stat_replication where sync_state = 'sync'")
    if [ "$waits" = 1 ]; then exit 0; fi
    sleep 0.1
  done
  echo "postgres.sh: the primary does not wait for the standby" >&2
  exit 1
  ;;
promote) "$binaries/pg_ctl" -D data -w -s promote ;;
kill)
  postmaster=$(head -1 data/postmaster.pid)
  kill -9 "$postmaster" $(ps -o pid= --ppid "$postmaster")
  ;;
stop) "$binaries/pg_ctl" -D data -m immediate -s stop 2>/dev/null || true ;;
*)
  echo "usage: postgres.sh start|stop|restart|standby|promote|kill DIR [PORT]" >&2
  exit 2
  ;;
esac
