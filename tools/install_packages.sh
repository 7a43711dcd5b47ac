#!/bin/bash
# install_packages.sh GROUP...: installs what is missing of those groups of tools/packages.txt. Needs root only then.
set -euo pipefail
list=$(dirname "$0")/packages.txt
wanted=$(for group in "$@"; do awk -v group="$group" '$1 == group {print $2}' "$list"; done | sort -u)
[ -n "$wanted" ] || { echo "install_packages.sh: no packages in: $*" >&2; exit 1; }
missing=$(for package in $wanted; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
done)
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
  echo "install_packages.sh: these packages are missing, and only root may install them:" $missing >&2
  exit 1
fi
echo "Installing:" $missing
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -qq
# shellcheck disable=SC2086
apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null
