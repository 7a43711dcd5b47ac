#!/bin/bash
# checks.sh tools|types|lint|unit|drift: the checks of console/ that need no hub. Exit code 77: it cannot be run here.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v npm >/dev/null || { echo "skipped: npm is missing; tools/install_packages.sh console installs it"; exit 77; }
PATH=$("$root/tools/build_console.sh" --tools):$PATH
export PATH
cd "$root/console"
case "$1" in
  tools) node --version ;;
  types) node scripts/theme_files.mjs && node node_modules/typescript/bin/tsc --noEmit ;;
  lint)
    node node_modules/oxlint/bin/oxlint --deny-warnings src scripts
    cd "$root/tests/console" && node "$root/console/node_modules/oxlint/bin/oxlint" --deny-warnings . ;;
  unit) node node_modules/vitest/vitest.mjs run ;;
  drift)
    # The committed types are those of the schema and the documents.
    before=$(cat src/services/generated/*.ts | sha256sum)
    trap 'rm -rf "$work"' EXIT
    work=$(mktemp -d)
    cp -r src/services/generated "$work"
    node node_modules/@graphql-codegen/cli/cjs/bin.js --config codegen.ts --silent || { cp "$work"/generated/* src/services/generated/; exit 1; }
    after=$(cat src/services/generated/*.ts | sha256sum)
    if [ "$before" != "$after" ]; then
      diff -ru "$work/generated" src/services/generated | head -60 || true
      cp "$work"/generated/* src/services/generated/
      echo "console/src/services/generated differs from the schema: run npm run codegen in console/"
      exit 1
    fi ;;
  *) echo "usage: checks.sh tools|types|lint|unit|drift" >&2; exit 2 ;;
esac
