#!/bin/bash
# on_postgres.sh PROGRAM: the simulation with its state on the server of DTH_TEST_POSTGRES; DTH_POSTGRES_SEEDS seeds of each kind (2).
set -euo pipefail
[ -n "${DTH_TEST_POSTGRES:-}" ] || { echo "there is no server to test with: see tests/servers/postgres.sh"; exit 77; }
export DTH_SIMULATION_POSTGRES=${DTH_POSTGRES_SEEDS:-2}
exec "$1" --gtest_brief=1
