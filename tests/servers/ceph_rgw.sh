#!/bin/bash
# ceph_rgw.sh start DIR PORT    a one-node Ceph cluster (monitor, OSD, RADOS Gateway) that keeps its files in DIR
# ceph_rgw.sh stop  DIR         stops it, by process id; DIR stays for a look at its logs
#
# Listens on 127.0.0.1 only: S3 on PORT, S3 over TLS on PORT+3 (certificate DIR/tls.pem, for localhost and 127.0.0.1),
# Ceph's own traffic on PORT+1, PORT+2 and PORT+10 to PORT+60. The storage classes are STANDARD and STANDARD_IA. `start`
# returns when S3 answers and the users exist; when something fails it stops what it started and shows the ends of the logs.
#
# Environment, with defaults:
#   RGW_ACCESS_KEY_ID=TESTACCESSKEY        RGW_SECRET_ACCESS_KEY=testsecretkey       a user who may create buckets
#   RGW_OTHER_ACCESS_KEY_ID=OTHERACCESSKEY RGW_OTHER_SECRET_ACCESS_KEY=othersecretkey
#                                          a user without rights: may create no bucket and owns nothing
#   RGW_STORE=memstore                     or bluestore, which survives kill -9 and a restart
#   RGW_STORE_BYTES=8589934592             how much the store may hold
set -euo pipefail

usage() { echo "usage: $0 start DIR PORT | stop DIR" >&2; exit 2; }
[ $# -ge 2 ] || usage
command=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)
conf=$directory/ceph.conf
daemons="rgw osd mon"  # in the order of stopping

# Is the daemon of this directory alive? Its command line names our ceph.conf, so a reused process id is not mistaken.
alive() {
  local pid_file=$directory/$1.pid
  [ -s "$pid_file" ] && { tr '\0' '\n' <"/proc/$(cat "$pid_file")/cmdline"; } 2>/dev/null | grep -qxF "$conf"
}

stop_all() {
  local daemon pid
  for daemon in $daemons; do
    if alive "$daemon"; then
      pid=$(cat "$directory/$daemon.pid")
      # A memstore OSD writes everything to disk when asked politely, which nobody will read.
      if [ "$daemon" = osd ] && grep -q 'osd_objectstore = memstore' "$conf"; then kill -9 "$pid" 2>/dev/null || true; fi
      kill "$pid" 2>/dev/null || true
      for _ in $(seq 100); do alive "$daemon" || break; sleep 0.05; done
      if alive "$daemon"; then kill -9 "$pid" 2>/dev/null || true; fi
    fi
    rm -f "$directory/$daemon.pid"
  done
}

fail() {
  trap - EXIT INT TERM
  echo "ceph_rgw.sh: could not start a cluster in $directory on port $port: $1" >&2
  for log in "$directory"/log/*; do
    if [ -s "$log" ]; then echo "--- the end of $log" >&2; tail -n 15 "$log" >&2; fi
  done
  stop_all
  exit 1
}

run_daemon() {  # run_daemon NAME COMMAND...: starts it in a session of its own, so that it outlives this shell
  local name=$1
  shift
  setsid "$@" </dev/null >"$directory/log/$name.out" 2>&1 &
  echo $! >"$directory/$name.pid"
}

write_conf() {
  cat >"$conf" <<CONF
[global]
fsid = $fsid
mon_host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_port_min = $((port + 10))
ms_bind_port_max = $((port + 60))
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
run_dir = $directory/run
pid_file =
admin_socket = $directory/run/\$name.asok
log_file = $directory/log/\$name.log
log_to_stderr = false
err_to_stderr = false
crash_dir = $directory/log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000
osd_crush_chooseleaf_type = 0
[mon]
mon_data = $directory/mon
mon_cluster_log_file = $directory/log/cluster.log
mon_osd_prime_pg_temp = false
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
mon_data_avail_crit = 1
mon_data_avail_warn = 2
[osd]
osd_data = $directory/osd
osd_journal = $directory/osd/journal
osd_objectstore = $store
memstore_device_bytes = $store_bytes
bluestore_block_size = $store_bytes
bluestore_block_db_create = false
bluestore_fsck_on_mount = false
osd_memory_target = 939524096
osd_op_num_shards = 2
osd_op_num_threads_per_shard = 1
osd_class_load_list = *
osd_class_default_list = *
osd_scrub_begin_hour = 0
osd_scrub_end_hour = 0
[client]
rgw_data = $directory/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1 ssl_endpoint=127.0.0.1:$((port + 3)) ssl_certificate=$directory/tls.pem ssl_private_key=$directory/tls.key
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
rgw_dns_name = localhost
rgw_enable_usage_log = false
rgw_sts_key = abcdefghijklmnop
rgw_s3_auth_use_sts = true
rgw_thread_pool_size = 64
rgw_lc_debug_interval = -1
rgw_gc_obj_min_wait = 1
rgw_gc_processor_period = 2
rgw_gc_processor_max_time = 2
CONF
}

create_user() {  # create_user NAME ACCESS_KEY SECRET_KEY OPTIONS...
  local name=$1 access=$2 secret=$3
  shift 3
  radosgw-admin -c "$conf" user create --uid="$name" --display-name="$name" --access-key="$access" \
    --secret-key="$secret" "$@" >/dev/null 2>"$directory/log/admin.err" || fail "user $name was not created"
}

# add_storage_class NAME: besides STANDARD, in the same pool. The gateway reads this at its start, and must not run yet.
add_storage_class() {
  local placement="--placement-id=default-placement --storage-class=$1"
  # shellcheck disable=SC2086
  { radosgw-admin -c "$conf" zonegroup placement add --rgw-zonegroup=default $placement &&
    radosgw-admin -c "$conf" zone placement add --rgw-zone=default $placement --data-pool=default.rgw.buckets.data
  } >/dev/null 2>"$directory/log/admin.err" || fail "the storage class $1 was not added"
}

start() {
  port=$1
  store=${RGW_STORE:-memstore}
  store_bytes=${RGW_STORE_BYTES:-8589934592}
  fsid=$(cat /proc/sys/kernel/random/uuid)
  local program osd_uuid tries
  for program in ceph-mon ceph-osd radosgw radosgw-admin ceph monmaptool openssl curl; do
    command -v $program >/dev/null || { echo "ceph_rgw.sh: $program is not installed (tools/packages.txt, group servers)" >&2; exit 1; }
  done
  for program in $daemons; do
    if alive "$program"; then echo "ceph_rgw.sh: a cluster already runs in $directory; stop it first" >&2; exit 1; fi
  done
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "ceph_rgw.sh: something already listens on 127.0.0.1:$port; choose another port" >&2
    exit 1
  fi
  rm -rf "$directory"/{mon,osd,rgw,log,run,ceph.conf,monmap}
  mkdir -p "$directory"/{mon,osd,rgw,log,run}
  trap 'fail "a command failed"' EXIT
  trap 'fail "it was interrupted"' INT TERM
  write_conf
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$directory/tls.key" -out "$directory/tls.pem" \
    2>"$directory/log/openssl.err"
  rm -f "$directory/log/openssl.err"

  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" \
    --set-min-mon-release 16 "$directory/monmap" >"$directory/log/monmap.out" 2>&1
  ceph-mon --mkfs -i a -c "$conf" --monmap "$directory/monmap" >"$directory/log/mon.mkfs" 2>&1
  run_daemon mon ceph-mon -f -i a -c "$conf"
  osd_uuid=$(cat /proc/sys/kernel/random/uuid)
  for tries in $(seq 13); do
    if timeout 5 ceph -c "$conf" osd new "$osd_uuid" >/dev/null 2>"$directory/log/osd_new.err"; then break; fi
    alive mon || fail "the monitor ended"
    [ "$tries" -le 12 ] || fail "the monitor did not answer within a minute"
  done
  ceph-osd -i 0 -c "$conf" --mkfs --osd-uuid "$osd_uuid" >"$directory/log/osd.mkfs" 2>&1
  run_daemon osd ceph-osd -f -i 0 -c "$conf"
  # The first one to ask makes the gateway's pools, which a busy monitor may refuse for a while.
  for tries in $(seq 30); do
    if radosgw-admin -c "$conf" user list >/dev/null 2>"$directory/log/admin.err"; then break; fi
    [ "$tries" -lt 30 ] || fail "the gateway's pools could not be made"
    sleep 1
  done
  create_user test "${RGW_ACCESS_KEY_ID:-TESTACCESSKEY}" "${RGW_SECRET_ACCESS_KEY:-testsecretkey}" \
    --caps='roles=*;user-policy=*;oidc-provider=*'
  create_user other "${RGW_OTHER_ACCESS_KEY_ID:-OTHERACCESSKEY}" "${RGW_OTHER_SECRET_ACCESS_KEY:-othersecretkey}" \
    --max-buckets=-1
  add_storage_class STANDARD_IA
  run_daemon rgw radosgw -f -n client.rgw.a -c "$conf"
  for tries in $(seq 601); do
    if curl -s -o /dev/null --max-time 5 "http://127.0.0.1:$port/"; then break; fi
    for program in $daemons; do alive "$program" || fail "the daemon $program ended"; done
    [ "$tries" -le 600 ] || fail "S3 did not answer within a minute"
    sleep 0.1
  done
  trap - EXIT INT TERM
  echo "S3 at http://127.0.0.1:$port and https://127.0.0.1:$((port + 3)) (certificate $directory/tls.pem)"
}

case $command in
  start) [ $# = 3 ] || usage; start "$3" ;;
  stop) stop_all ;;
  *) usage ;;
esac
