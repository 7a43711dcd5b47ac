#!/bin/bash
# other_s3.sh find NAME DIR        makes the server ready to run; installs it into DIR where it is not on the PATH, and says why not on
#                                  standard error, with status 1, where its tool chain is absent or a download fails
# other_s3.sh run NAME DIR DATA PORT    becomes the server, on 127.0.0.1:PORT, which keeps what it has to keep in DATA
#
# S3 servers of other people's making, as they come out of the package managers of their languages. NAME: moto (Python), gofakes3 and
# versitygw (Go), s3s (Rust), s3mock and s3proxy (Java). The user is TESTACCESSKEY with testsecretkey; moto and gofakes3 let anybody in.
set -euo pipefail
here=$(dirname "$0")
usage() { echo "usage: $0 find NAME DIR | run NAME DIR DATA PORT" >&2; exit 2; }

maven_repository=${MAVEN_REPO:-$HOME/.m2/repository}
s3mock=com/adobe/testing/s3mock/5.0.0/s3mock-5.0.0-exec.jar
s3proxy=org/gaul/s3proxy/3.0.0/s3proxy-3.0.0-jar-with-dependencies.jar
install_seconds=${DTH_TEST_INSTALL_SECONDS:-900}

# The program of this name: on the PATH, or where `find` put it.
program() {
  if command -v "$1"; then return; fi
  [ -x "$2/bin/$1" ] && echo "$2/bin/$1"
}

tool() { command -v "$1" >/dev/null || { echo "there is no $1 on this machine" >&2; return 1; }; }

# install LOG COMMAND...: the last words of a failure, on standard error.
install() {
  local log=$1
  shift
  timeout "$install_seconds" "$@" </dev/null >"$log" 2>&1 || { echo "$1 failed: $(grep -v '^[[:space:]]*$' "$log" | tail -n 1)" >&2; return 1; }
}

install_go() {
  tool go && install "$2/$1.log" env GOBIN="$2/bin" go install "$3"
}

install_jar() {
  tool java || return 1
  [ -e "$maven_repository/$2" ] && return 0
  tool mvn && install "$1.log" mvn -q -B dependency:get -Dtransitive=false -Dartifact="$3"
}

find_server() {
  local name=$1 dir=$2
  mkdir -p "$dir/bin"
  dir=$(cd "$dir" && pwd)
  case $name in
    moto) "$here/moto.sh" find "$dir/moto" >"$dir/moto.path" ;;
    gofakes3) program gofakes3 "$dir" >/dev/null || install_go gofakes3 "$dir" github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0 ;;
    versitygw) program versitygw "$dir" >/dev/null || install_go versitygw "$dir" github.com/versity/versitygw/cmd/versitygw@v1.8.0 ;;
    s3s)
      program s3s-fs "$dir" >/dev/null ||
        { tool cargo && install "$dir/s3s.log" cargo install s3s-fs --version 0.14.1 --features binary --locked --root "$dir"; } ;;
    s3mock) install_jar "$dir/s3mock" "$s3mock" com.adobe.testing:s3mock:5.0.0:jar:exec ;;
    s3proxy) install_jar "$dir/s3proxy" "$s3proxy" org.gaul:s3proxy:3.0.0:jar:jar-with-dependencies ;;
    *) usage ;;
  esac
}

run_server() {
  local name=$1 dir=$2 data=$3 port=$4
  local key=TESTACCESSKEY secret=testsecretkey
  mkdir -p "$data/objects"
  data=$(cd "$data" && pwd)
  case $name in
    moto) exec "$(cat "$dir/moto.path")" -H 127.0.0.1 -p "$port" ;;
    gofakes3) exec "$(program gofakes3 "$dir")" -host "127.0.0.1:$port" -backend memory ;;
    versitygw)
      exec "$(program versitygw "$dir")" --access $key --secret $secret --port "127.0.0.1:$port" --region us-east-1 posix "$data/objects" ;;
    s3s)
      exec "$(program s3s-fs "$dir")" --access-key $key --secret-key $secret --host 127.0.0.1 --port "$port" "$data/objects" ;;
    s3mock)
      exec java -Xmx512m -Dserver.address=127.0.0.1 -Dserver.port=$((port + 1)) -Dcom.adobe.testing.s3mock.http-port="$port" \
        -Dhttp.port="$port" -jar "$maven_repository/$s3mock" --com.adobe.testing.s3mock.store.root="$data/objects" ;;
    s3proxy)
      cat >"$data/s3proxy.conf" <<END
s3proxy.authorization=aws-v4
s3proxy.endpoint=http://127.0.0.1:$port
s3proxy.identity=$key
s3proxy.credential=$secret
s3proxy.v4-max-non-chunked-request-size=134217728
jclouds.provider=transient-nio2
jclouds.identity=none
jclouds.credential=none
END
      exec java -Xmx512m -jar "$maven_repository/$s3proxy" --properties "$data/s3proxy.conf" ;;
    *) usage ;;
  esac
}

case ${1:-} in
  find) [ $# = 3 ] || usage; find_server "$2" "$3" ;;
  run) [ $# = 5 ] || usage; run_server "$2" "$3" "$4" "$5" ;;
  *) usage ;;
esac
