#!/bin/bash
# Builds both images and runs what is in them, on a machine without a container engine or image registry: the base
# images are made with mmdebstrap from the machine's own Debian archive, the builds run in a chroot by buildah.
# Needs root, mmdebstrap and buildah; leaves nothing behind. Takes some minutes and 5 GB in the folder of TMPDIR.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(dirname "$here")
fail() { printf 'check-images: %s\n  remedy: %s\n' "$1" "$2" >&2; exit 1; }
say() { printf 'check-images: %s\n' "$*"; }

((EUID == 0)) || fail "building in a chroot needs root" "run it as root (sudo $0)."
for tool in mmdebstrap buildah; do
    command -v "$tool" >/dev/null || fail "$tool is missing" "apt-get install mmdebstrap buildah"
done
certificates=/etc/ssl/certs/ca-certificates.crt
mirror=$("$here/fetch.sh" --print-mirror)

work=$(mktemp -d "${TMPDIR:-/var/tmp}/check-images.XXXXXX")
# A storage of its own: nothing of the machine's images is seen or changed.
export CONTAINERS_STORAGE_CONF=$work/storage.conf BUILDAH_ISOLATION=chroot TMPDIR=$work/tmp
mkdir "$TMPDIR"
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/graph"\nrunroot = "%s/run"\n' "$work" "$work" >"$work/storage.conf"
tidy() {
    local status=$?
    buildah rm --all >/dev/null 2>&1 || true
    buildah rmi --all --force >/dev/null 2>&1 || true
    rm -rf "$work"
    exit "$status"
}
trap tidy EXIT
trap 'exit 130' INT TERM HUP

# base SUITE NAME: an image like the one of that name in a registry. The archive may be a mirror that is behind.
base() {
    say "making a base image of $1"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        ${KEYRING:+--keyring="$KEYRING"} "$1" "$work/$2.tar" "$mirror" 2>"$work/mmdebstrap.log" ||
        fail "mmdebstrap could not make $1 from $mirror: $(grep -m 1 '^E:' "$work/mmdebstrap.log" || tail -n 1 "$work/mmdebstrap.log")" \
            "check the network, or set ASTERISK_MIRROR=ADDRESS."
    local container
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/$2.tar" / >/dev/null
    # Behind an office's inspecting proxy, pip and npm reach their registries only with the office's certificates.
    if compgen -G "/usr/local/share/ca-certificates/*.crt" >/dev/null; then
        buildah copy --quiet "$container" /usr/local/share/ca-certificates /usr/local/share/ca-certificates >/dev/null
        buildah config --env PIP_CERT=$certificates --env NODE_EXTRA_CA_CERTS=$certificates "$container"
    fi
    buildah commit --quiet --rm "$container" "localhost/$2" >/dev/null
    rm -f "$work/$2.tar"
}

# build DOCKERFILE BASE NAME
build() {
    say "building $3 from asterisk-docker/$1"
    buildah bud --quiet --format docker --pull-never --layers=false --build-arg "BASE=localhost/$2" --tag "localhost/$3" \
        --ignorefile "$here/$1.dockerignore" --file "$here/$1" "$repository" >"$work/$3.log" 2>&1 ||
        { tail -n 30 "$work/$3.log" >&2; fail "$3 could not be built" "the lines above are the end of its log."; }
}

# run NAME COMMAND...: inside the finished image, as the image's user.
run() {
    local container name=$1 said
    shift
    container=$(buildah from --pull-never "localhost/$name")
    said=$(buildah run "$container" -- "$@" 2>&1) || fail "in $name, $* failed: $said" "run it in the image by hand."
    [[ $* != *$'\n'* ]] || set -- "$1 ..."
    said=$(tail -n 1 <<<"$said")
    say "$name: $* -> ${said:-ok}"
    buildah rm "$container" >/dev/null
}

base sid helpline-base-sid
build Dockerfile helpline-base-sid helpline-asterisk
run helpline-asterisk asterisk -V
run helpline-asterisk python3 /opt/helpline/asterisk-docker/start.py --apply-only
run helpline-asterisk test ! -w /etc
# On ports of its own: a chroot shares this machine's network.
# shellcheck disable=SC2016  # expanded in the image
run helpline-asterisk sh -c '
    export HELPLINE_ASTERISK_SIP_PORT=45060 HELPLINE_ASTERISK_HTTP_PORT=48088 HELPLINE_ASTERISK_AMI_PORT=45038
    start="python3 /opt/helpline/asterisk-docker/start.py"
    $start & asterisk=$!
    healthy=1
    for _ in $(seq 60); do $start --healthy >/dev/null 2>&1 && healthy=0 && break; sleep 0.5; done
    kill $asterisk; wait $asterisk
    test $healthy = 0 && echo "starts, is healthy, stops"'
buildah rmi --force localhost/helpline-asterisk localhost/helpline-base-sid >/dev/null

base bookworm helpline-base-bookworm
build Dockerfile.service helpline-base-bookworm helpline-service
run helpline-service helpline --version
run helpline-service python3 -c 'import agi, desk, dialplan, helpline, ivr_prompts, mapper, records, switchboard; print("all rooms import")'
run helpline-service test ! -w /etc
say "both images build and run"
