#!/usr/bin/env bash
# Builds a container action's Dockerfile and runs the image with the command lines of GitHub's runner.
#
#   container.sh ACTION_DIR [-- ARG...]      (ARGs go to the image's entry point)
#
# Environment:
#   ENGINE=running|docker|podman
#                          running: the docker engine that runs already; the base image is pulled as usual
#                          docker:  for a Debian 12 machine (root) that reaches package registries but no image registry:
#                                   Debian's docker.io, its dockerd started here and stopped at the end, and a stand-in
#                                   for the base image made of Debian's packages
#                          podman:  the same without a daemon
#                          default: running where an engine answers, else docker
#   WORKSPACE=DIR          what /github/workspace is (default: a copy of ACTION_DIR); the action writes to it
#   EVENT=FILE             event.json (default: a tiny push event)
#   ENTRYPOINT=PATH        action.yml's runs.entrypoint
#   ENV_FILE=FILE          more settings, one NAME=VALUE a line (INPUT_*, GITHUB_*, ...)
#   RUNS=N                 how often to run it after the build (default 1)
#   LIMIT=SECONDS          the longest a run may take (default 600)
#   NETWORK=host|bridge    the run's network (default bridge as on GitHub; host lets the action reach 127.0.0.1)
#   CACHE=DIR              default ~/.cache/action-container: root file systems and docker's data
set -euo pipefail

ACTION_DIR=$(cd "${1:?usage: container.sh ACTION_DIR [-- ARG...]}" && pwd); shift
[ "${1:-}" != -- ] || shift
ENGINE=${ENGINE:-$(if docker info >/dev/null 2>&1; then echo running; else echo docker; fi)} NETWORK=${NETWORK:-bridge} CACHE=${CACHE:-$HOME/.cache/action-container}
IMAGE=local/action:ci
CA=/etc/ssl/certs/ca-certificates.crt
W=$(mktemp -d -t action-run.XXXXXX); mkdir -p "$CACHE"
[ "$ENGINE" = running ] || { exec 9>"$CACHE/lock"; flock 9; }
t0=$(date +%s.%N)
say() { printf '[%6.1fs] %s\n' "$(echo "$(date +%s.%N) $t0" | awk '{print $1-$2}')" "$*" >&2; }

# ---- 1. packages -----------------------------------------------------------------------------------
case $ENGINE in
  running) want="" ;;
  docker) want="docker.io iptables mmdebstrap" ;;
  podman) want="podman buildah runc netavark iptables fuse-overlayfs mmdebstrap" ;;  # runc: crun refuses this cgroup layout
  *) echo "ENGINE=$ENGINE?" >&2; exit 2 ;;
esac
missing=$(for p in $want; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"; done)
if [ -n "$missing" ]; then
  say "apt-get install: ${missing//$'\n'/ }"
  apt-get -qq update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >"$W/apt.log" 2>&1 || { cat "$W/apt.log"; exit 1; }
fi

# ---- 2. the stand-in for python:X.Y-slim-bookworm ----------------------------------------------------
# The first FROM that names python: says which X.Y. A digest cannot be had here, so it is cut off in a copy.
mkdir "$W/src"
tar -C "$ACTION_DIR" --exclude=./.venv --exclude=./.git -cf - . | tar -C "$W/src" -xf -
[ "$ENGINE" = running ] || sed -i -E '/^(FROM|ARG)/s/@sha256:[0-9a-f]{64}//' "$W/src/Dockerfile"
BASE=$(sed -nE 's/^(FROM +(--platform=[^ ]+ +)?|ARG +[A-Z_]+=)"?(docker\.io\/(library\/)?)?(python:[^ "]+).*/\5/p' "$W/src/Dockerfile" | head -1)
: "${BASE:?no FROM python:... in the Dockerfile}"
PYV=$(sed -nE 's/^python:([0-9]+\.[0-9]+).*/\1/p' <<<"$BASE"); PYV=${PYV:-3.11}
if [ "$ENGINE" != running ]; then
  # CPython X.Y of the machine (pyenv) goes to /usr/local as in the official image; without one, Debian's python3.
  PY=$(find "${PYENV_ROOT:-$HOME/.pyenv}/versions" -maxdepth 1 -name "$PYV.*" 2>/dev/null | sort -V | tail -1 || true)
  key=$( { echo "v1 $PYV $PY"; cat $CA /etc/pip.conf 2>/dev/null; } | sha256sum | cut -c1-12)
  TAR=$CACHE/base-$PYV-$key.tar
  if [ ! -s "$TAR" ]; then
    say "making the base $BASE (python from ${PY:-Debian})"
    MIRROR=$(apt-get indextargets --format "\$(REPO_URI)" 2>/dev/null | head -1)   # the mirror that apt itself uses
    fast=/dev/shm; [ -w $fast ] || fast=$W               # in memory it takes half as long: dpkg syncs a lot
    S=$(mktemp -d "$fast"/action-base.XXXXXX); R=$S/rootfs; trap 'rm -rf "$S" "$W"' EXIT
    inc=ca-certificates,netbase,tzdata,libbz2-1.0,libffi8,libsqlite3-0,libssl3,zlib1g,liblzma5,libncursesw6,libreadline8,libuuid1,libexpat1
    [ -n "$PY" ] || inc=$inc,python3,python3-pip,python3-venv
    TMPDIR=$S mmdebstrap --quiet --variant=minbase --format=directory --include=$inc --aptopt='Acquire::Languages "none"' \
      --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$R" "$MIRROR"
    if [ -n "$PY" ]; then
      l=lib/python$PYV
      tar -C "$PY" --exclude="$l/test" --exclude="$l/config-*" --exclude="$l/site-packages/*" --exclude=__pycache__ \
        --exclude="$l/idlelib" --exclude="$l/tkinter" --exclude="$l/turtledemo" --exclude='*_tkinter*' -cf - lib include \
        | tar -C "$R/usr/local" --no-same-owner -xf -
      cp "$PY/bin/python$PYV" "$R/usr/local/bin/"
      ln -s "python$PYV" "$R/usr/local/bin/python3"; ln -s python3 "$R/usr/local/bin/python"
      chroot "$R" ldconfig
      chroot "$R" /usr/local/bin/python -m ensurepip --default-pip >/dev/null 2>&1
    else
      rm -f "$R"/usr/lib/python3*/EXTERNALLY-MANAGED
      ln -s /usr/bin/python3 "$R/usr/local/bin/python"; ln -s /usr/bin/pip3 "$R/usr/local/bin/pip"
    fi
    cp $CA "$R$CA"                                    # what this machine trusts,
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$R/etc/"   # and how its pip is set: 'RUN pip install' needs both
    rm -rf "$R"/var/cache/apt/archives/*.deb "$R"/var/lib/apt/lists/* "$R"/var/log/*.log
    tar -C "$R" --numeric-owner -cf "$TAR.tmp" . && mv "$TAR.tmp" "$TAR"; rm -rf "$S"
  fi
fi

# ---- 3. the engine ---------------------------------------------------------------------------------
pids=()
# shellcheck disable=SC2329  # the trap calls it
cleanup() {
  rc=$?; set +e
  for p in ${pids[@]+"${pids[@]}"}; do kill "$p" 2>/dev/null; wait "$p" 2>/dev/null; done
  umount "$W"/exec/netns/* 2>/dev/null
  if [ -f "$W/iptables.before" ]; then iptables-restore <"$W/iptables.before" 2>/dev/null; ip link del docker0 2>/dev/null; fi
  rm -rf "$W"; exit "$rc"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
SOCK=$W/engine.sock
up() { for _ in $(seq 100); do curl -fs --unix-socket "$SOCK" http://d/_ping >/dev/null 2>&1 && return; sleep .2; done; cat "$W/engine.log" >&2; return 1; }
if [ "$ENGINE" = running ]; then
  D=docker
elif [ "$ENGINE" = docker ]; then
  iptables-save >"$W/iptables.before" 2>/dev/null
  dockerd --storage-driver=overlay2 --data-root "$CACHE/docker" --exec-root "$W/exec" --pidfile "$W/docker.pid" \
    -H "unix://$SOCK" >"$W/engine.log" 2>&1 9>&- & pids+=($!)
  up; export DOCKER_HOST=unix://$SOCK DOCKER_BUILDKIT=1
  D=/usr/bin/docker                                  # docker.io's own CLI: it has BuildKit built in; a newer one needs buildx
else
  cat >"$W/containers.conf" <<'E'
[containers]
# this machine's root lacks CAP_SYS_RESOURCE, so podman's default limits cannot be set;
# soft = hard because podman 4.3's API swaps the two
default_ulimits = ["nofile=8192:8192", "nproc=8192:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 1
E
  export CONTAINERS_CONF=$W/containers.conf
  D=podman
fi
say "engine: $($D --version)"
if [ "$ENGINE" != running ] && [ "$($D image inspect -f '{{index .Config.Labels "ci.base"}}' "$BASE" 2>/dev/null || true)" != "$key" ]; then
  $D import --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'ENV LANG=C.UTF-8' \
    --change 'CMD ["python3"]' --change "LABEL ci.base=$key" "$TAR" "docker.io/library/$BASE" >/dev/null
  say "imported docker.io/library/$BASE"
fi

# ---- 4. build: the runner's own command line ---------------------------------------------------------
say "docker build"
$D build -t $IMAGE -f "$W/src/Dockerfile" "$W/src" >"$W/build.log" 2>&1 || { cat "$W/build.log"; exit 1; }
say "built: $($D image inspect -f '{{.Size}}' $IMAGE) bytes"

# ---- 5. run: the runner's own options (ContainerActionHandler + DockerCommandManager.DockerRun) ---------
T=$W/_temp; mkdir -p "$T"/_github_home "$T"/_github_workflow "$T"/_runner_file_commands
F=$T/_runner_file_commands; for f in output env path state step_summary; do : >"$F/set_$f"; done
if [ -n "${EVENT:-}" ]; then cp "$EVENT" "$T/_github_workflow/event.json"; else echo '{"ref":"refs/heads/main"}' >"$T/_github_workflow/event.json"; fi
if [ -z "${WORKSPACE:-}" ]; then WORKSPACE=$W/workspace; cp -R "$W/src" "$WORKSPACE"; fi
[ "$(id -u)" != 0 ] || chown -R 1001:1001 "$WORKSPACE" "$T"   # the runner's user is 1001, the action's is root
e=(--label ci); while IFS= read -r l; do [ -z "$l" ] || e+=(-e "$l"); done < <(cat "${ENV_FILE:-/dev/null}")
for kv in HOME=/github/home GITHUB_ACTIONS=true CI=true GITHUB_WORKSPACE=/github/workspace GITHUB_EVENT_PATH=/github/workflow/event.json \
  GITHUB_OUTPUT=/github/file_commands/set_output GITHUB_ENV=/github/file_commands/set_env GITHUB_PATH=/github/file_commands/set_path \
  GITHUB_STATE=/github/file_commands/set_state GITHUB_STEP_SUMMARY=/github/file_commands/set_step_summary \
  GITHUB_EVENT_NAME=push GITHUB_REPOSITORY=acme/widgets GITHUB_SHA=0123456789012345678901234567890123456789 GITHUB_REF=refs/heads/main \
  GITHUB_SERVER_URL=https://github.com GITHUB_API_URL=https://api.github.com GITHUB_RUN_ID=1 RUNNER_OS=Linux RUNNER_ARCH=X64 \
  RUNNER_TEMP=/github/runner_temp; do e=(-e "$kv" "${e[@]}"); done             # ENV_FILE's come last and win
rc=0
limited=(); ! command -v timeout >/dev/null || limited=(timeout -k 10 "${LIMIT:-600}")   # macOS has none
for _ in $(seq "${RUNS:-1}"); do
  for f in output step_summary; do : >"$F/set_$f"; done
  say "docker run"
  ${limited[@]+"${limited[@]}"} $D run --name "action_$$" --workdir /github/workspace --rm "${e[@]}" --network "$NETWORK" ${ENTRYPOINT:+--entrypoint "$ENTRYPOINT"} \
    -v "$T":/github/runner_temp -v "$T/_github_home":/github/home -v "$T/_github_workflow":/github/workflow \
    -v "$F":/github/file_commands -v "$WORKSPACE":/github/workspace $IMAGE "$@" || rc=$?
  say "exit $rc; file commands:"
  for f in output env path state step_summary; do [ ! -s "$F/set_$f" ] || sed "s/^/  $f| /" "$F/set_$f"; done
done
exit $rc
