#!/usr/bin/env bash
# Builds the image and runs it twice on examples/orders, as GitHub's runner does; the second run finds nothing changed.
set -euo pipefail

cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R examples/orders "$scratch/workspace"
rm -rf "$scratch/workspace/connector-export"
cat >"$scratch/inputs" <<INPUTS
INPUT_DEFINITION=openapi.yaml
INPUT_MODE=manual
INPUT_RECORD=file:connector-export/record.json
INPUT_BRAND-COLOR=#742774
INPUTS
RUNS=2 WORKSPACE=$scratch/workspace ENV_FILE=$scratch/inputs \
    ENTRYPOINT=$(sed -n 's/^  entrypoint: //p' action.yml) bash tools/container.sh .
