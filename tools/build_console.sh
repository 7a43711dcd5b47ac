#!/bin/bash
# build_console.sh OUT: builds the web console (console/) and writes what dth embeds, OUT/console_pack.bin and OUT/console_pack.cc.
# build_console.sh --tools: installs what the console's checks need (console/README.md), and prints the directory of a node that runs them.
# Needs npm. What was built is kept by the content of console/ in ${XDG_CACHE_HOME:-~/.cache}/dth-console, the newest five.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
console=$root/console
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dth-console
[ $# = 1 ] || { echo "usage: build_console.sh OUT | --tools" >&2; exit 2; }

content() {
  cd "$console"
  {
    sha256sum "$root/tools/build_console.sh"
    find src public scripts index.html vite.config.ts package.json package-lock.json -type f \
      -not -path 'src/generated_style/*' -not -name '*_test.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sed "s#$root/##" | sha256sum | cut -c1-32
}

# Vite wants Node 20.19 or newer; Debian 12 has 18. There, a newer one and its npm come from their npm packages (console/node/).
node_directory() {
  if node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null &&
    [ -z "${DTH_CONSOLE_OWN_NODE:-}" ]; then
    dirname "$(command -v node)"
    return
  fi
  local packages=$console/node/node_modules
  if [ ! "$packages/.package-lock.json" -nt "$console/node/package-lock.json" ]; then
    npm ci --prefix "$console/node" --no-audit --no-fund --loglevel=error >&2
    touch "$packages/.package-lock.json"
  fi
  local node
  node=$(find "$packages" -path '*/node-linux-*/bin/node' -type f | head -n 1)
  if [ -z "$node" ]; then
    echo "build_console.sh: no Node.js that builds the console: the one here is older than 20.19, and npm has none for this processor. Install Node.js 22, or build with -DDTH_CONSOLE=OFF." >&2
    exit 1
  fi
  mkdir -p "$packages/.bin"
  ln -sf "$node" "$packages/.bin/node"
  echo "$packages/.bin"
}

# install KIND: "build" or "all". A tree with all of them serves for a build as well.
install() {
  local mark=$console/node_modules/.dth-installed wanted
  wanted=$(sha256sum "$console/package-lock.json" | cut -c1-32)
  if [ -f "$mark" ] && { [ "$(cat "$mark")" = "$wanted all" ] || [ "$(cat "$mark")" = "$wanted $1" ]; }; then return; fi
  local omit=()
  if [ "$1" = build ]; then omit=(--omit=dev); fi
  (cd "$console" && npm ci "${omit[@]}" --no-audit --no-fund --loglevel=error) >&2
  echo "$wanted $1" >"$mark"
}

# One at a time: two build trees share console/node_modules.
mkdir -p "$cache"
exec 9>"$cache/.lock.$(echo "$root" | sha256sum | cut -c1-16)"
flock 9

if [ "$1" = --tools ]; then
  bin=$(node_directory)
  PATH=$bin:$PATH install all
  echo "$bin"
  exit
fi

kept=$cache/$(content)
if [ ! -f "$kept/console_pack.cc" ]; then
  bin=$(node_directory)
  export PATH=$bin:$PATH
  install build
  work=$(mktemp -d "$cache/.work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  (cd "$console" && node scripts/theme_files.mjs && node node_modules/vite/bin/vite.js build --outDir "$work/dist" --emptyOutDir --logLevel warn) >&2
  node "$console/scripts/pack.mjs" "$work/dist" "$work/pack"
  rm -rf "$kept"
  mv "$work/pack" "$kept"
fi
touch "$kept"
find "$cache" -mindepth 1 -maxdepth 1 -type d -not -name '.*' -printf '%T@ %p\n' | sort -rn | tail -n +6 | cut -d' ' -f2- | xargs -r rm -rf
mkdir -p "$1"
cp "$kept/console_pack.bin" "$kept/console_pack.cc" "$1/"
