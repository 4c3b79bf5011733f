#!/usr/bin/env bash
# Publishes from the image, in a real container, with act's artifact service; GitHub's own client lists and verifies it.
#
# act (build/act) starts a job whose steps are: the image, built and run as GitHub's runner does (tools/container.sh), and
# then @actions/artifact (build/artifact). `make artifact` brings both; an engine is found or started by container.sh.
set -euo pipefail

cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/home/.config/act" "$scratch/clone"
touch "$scratch/home/.config/act/actrc" # without it act asks a question
cp -R examples/orders/. "$scratch/clone"
rm -rf "$scratch/clone/connector-export"
cat >"$scratch/clone/workflow.yml" <<WORKFLOW
on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4 # act copies the folder, and asks nobody
      - run: |
          mkdir workspace && cp -R openapi.yaml schemas icon.png workspace
          env | grep -E '^(ACTIONS_|GITHUB_(SERVER_URL|REPOSITORY|RUN_ID|SHA)=)' >settings
          printf '%s\n' INPUT_DEFINITION=openapi.yaml INPUT_RECORD=none INPUT_ICON=icon.png >>settings
          HOME=$HOME NETWORK=host WORKSPACE=\$PWD/workspace ENV_FILE=\$PWD/settings \\
            ENTRYPOINT=$(sed -n 's/^  entrypoint: //p' action.yml) bash $root/tools/container.sh $root
      - run: $(command -v node) $root/tests/github/artifact_client.mjs $root/build/artifact 'connector-Contoso Orders' downloaded
      - run: diff -r downloaded workspace/connector-export/bundle && (cd downloaded && sha256sum --check SHA256SUMS)
WORKFLOW
printf 'GITHUB_RUN_ID=7\nGITHUB_SERVER_URL=https://github.com\n' >"$scratch/clone/job.env"
cd "$scratch/clone"
git init -q
git add .
git -c user.name=a -c user.email=a@b commit -q -m x
git remote add origin https://github.com/octo/orders
HOME=$scratch/home "$root/build/act/bin/act" push --workflows=workflow.yml --platform=ubuntu-latest=-self-hosted \
    --env-file=job.env --artifact-server-path="$scratch/store" --artifact-server-addr=127.0.0.1 \
    --artifact-server-port="${ARTIFACT_PORT:-34571}"
