#!/bin/bash
# install_packages.sh GROUP...: installs what is missing of those groups of tools/packages.txt. Needs root only then.
# The group "oracle" is also the npm packages of tests/graphql, tests/api and tests/schedules, and "browser" those of tests/console, of the versions in their
# package-lock.json.
set -euo pipefail
list=$(dirname "$0")/packages.txt
wanted=$(for group in "$@"; do awk -v group="$group" '$1 == group {print $2}' "$list"; done | sort -u)
[ -n "$wanted" ] || { echo "install_packages.sh: no packages in: $*" >&2; exit 1; }
# A package may also be there under another's name: a newer nodejs brings npm.
installed=$(dpkg-query -W -f '${Status}|${Package}, ${Provides}\n' | sed -n 's/^install ok installed|//p' | tr ', ' '\n\n')
missing=$(for package in $wanted; do
  grep -qx "$package" <<<"$installed" || echo "$package"
done)
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "install_packages.sh: these packages are missing, and only root may install them:" $missing >&2
    exit 1
  fi
  echo "Installing:" $missing
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  # shellcheck disable=SC2086
  apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null
fi

# npm_packages DIRECTORY...: installs what their lock files name, unless it is there.
npm_packages() {
  for tests in "$@"; do
    tests=$(dirname "$0")/../$tests
    [ "$tests/node_modules/.package-lock.json" -nt "$tests/package-lock.json" ] && continue
    echo "Installing: the npm packages of tests/$(basename "$tests")"
    npm ci --prefix "$tests" --no-audit --no-fund --loglevel=error >/dev/null
  done
}
if [[ " $* " = *" oracle "* ]]; then npm_packages tests/graphql tests/api tests/schedules; fi
if [[ " $* " = *" browser "* ]]; then npm_packages tests/console; fi
