#!/bin/bash
# moto.sh find DIR    prints the path of a moto_server: the one on the PATH, or one in a virtual environment that it makes in DIR
#
# moto is an S3 server in Python (Apache-2.0) that is in no Debian package. Where it can be had neither way, it prints
# nothing, says why on standard error and ends with 1; the tests that need it are skipped then.
set -euo pipefail
[ $# = 2 ] && [ "$1" = find ] || { echo "usage: $0 find DIR" >&2; exit 2; }

# A shim may be there for a program that is not.
works() { timeout 60 "$1" --help >/dev/null 2>&1; }

if found=$(command -v moto_server) && works "$found"; then
  echo "$found"
  exit 0
fi
log=$2.log
if python3 -m venv "$2" >"$log" 2>&1 &&
  timeout 300 "$2/bin/pip" --disable-pip-version-check install --retries 0 --timeout 10 'moto[server]>=5.1' >>"$log" 2>&1 &&
  works "$2/bin/moto_server"; then
  echo "$2/bin/moto_server"
  exit 0
fi
echo "moto.sh: no moto_server on the PATH, and it could not be installed: $(tail -n 1 "$log")" >&2
exit 1
