#!/bin/bash
# Has Asterisk without root, container or chroot: downloads Debian's own packages with apt-get (signatures checked
# by apt against the distribution's keyring), unpacks them into a private folder, and proves that the result starts.
# `fetch.sh --help` tells the rest. Tried on Debian; the Ubuntu branch follows the same road but has not been tried.
set -uo pipefail
export LC_ALL=C

layout=1                 # raise when what is laid down changes, so that older trees are fetched anew
need_mb=700              # package lists (65) + packages (175) + unpacked tree (270), with air
packages=(asterisk asterisk-modules)

usage() {
    cat <<'END'
usage: fetch.sh [--force] [FOLDER]
       fetch.sh --print-mirror

Fetches Asterisk into FOLDER (default: .asterisk beside the repository's Makefile):
  FOLDER/root      the unpacked packages; started through their own ld-linux, see `helpline doctor`
  FOLDER/VERSION   first line the version, then what it was made of; written last
  --force          fetch even if an asterisk is on PATH or in FOLDER already
  --print-mirror   only print the archive that packages would come from

Interrupted, it goes on where it stopped when run again. The mirror is the first Debian (Ubuntu) archive among the
machine's own apt sources. To decide otherwise, set
  ASTERISK_MIRROR   base address of an archive (http:, https:, file:, mirror+file: ...)
  ASTERISK_SUITE    suite of it (default: sid; on Ubuntu the machine's release, or noble when that is too old)
  ASTERISK_KEYRING  the keyring that must have signed it (default: the distribution's archive keyring)
END
}

say() { printf 'fetch: %s\n' "$*"; }
warn() { printf 'fetch: warning: %s\n' "$*" >&2; }
fail() {
    printf 'fetch: %s\n' "$1" >&2
    printf '  remedy: %s\n' "$2" >&2
    exit 1
}

force=
print_mirror=
target=
while (($#)); do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --force) force=yes ;;
        --print-mirror) print_mirror=yes ;;
        -*) fail "unknown option $1" "fetch.sh --help lists the options." ;;
        *) [[ -z $target ]] || fail "more than one folder given" "give one folder."
           target=$1 ;;
    esac
    shift
done
target=${target:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.asterisk}

major() { sed -n 's/^Asterisk \(certified-\|certified\/\)\?\([0-9][0-9]*\).*/\2/p'; }

if [[ -z $force ]] && found=$(PATH=$PATH:/usr/sbin command -v asterisk); then
    if (($("$found" -V 2>/dev/null | major || true) + 0 >= 20)); then
        say "$found is there ($("$found" -V)): nothing to do (--force fetches all the same)."
        exit 0
    fi
    say "$found is older than version 20; fetching a newer one."
fi

for tool in apt-get apt-config dpkg dpkg-deb flock; do
    command -v "$tool" >/dev/null || fail "$tool is missing: this is not a Debian or Ubuntu machine" \
        "install Asterisk 20 or later from your distribution, or use the image of asterisk-docker/."
done
arch=$(dpkg --print-architecture)

# ---- where from ------------------------------------------------------------------------------------------------
# shellcheck source=/dev/null
. /etc/os-release
suite=${ASTERISK_SUITE:-}
case " ${ID:-} ${ID_LIKE:-} " in
    *" ubuntu "*)
        family=ubuntu
        component="main universe"
        # Ubuntu 24.04 is the first release that carries Asterisk 20.
        if [[ -z $suite ]]; then
            if [[ ${ID:-} == ubuntu ]] && dpkg --compare-versions "${VERSION_ID:-0}" ge 24.04; then
                suite=$VERSION_CODENAME
            else
                suite=noble
            fi
        fi ;;
    *)
        family=debian
        component=main
        suite=${suite:-sid} ;;
esac

# apt itself reads the machine's sources, whichever form they have. Archives named after the distribution come first,
# then what has the distribution's suite; whether it really is the distribution's, its signature shows.
find_mirror() {
    mirror=${ASTERISK_MIRROR:-$(apt-get indextargets --no-release-info --format "\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
        'Created-By: Packages' 2>/dev/null | awk -v family="$family" -v suite="${VERSION_CODENAME:-stable}" '
            $1 ~ /^cdrom:/ || $1 ~ /security/ || $2 ~ /-security|-backports/ || $3 != "main" { next }
            $1 ~ family && !named { named = $1 }
            $2 == suite && !other { other = $1 }
            END { print named ? named : other }')}
    [[ -n $mirror ]] || fail "no $family archive found among this machine's apt sources" \
        "name one: ASTERISK_MIRROR=ADDRESS (the base address, without dists/)."
    [[ $mirror != *[[:space:]]* ]] || fail "the mirror's address holds a blank: $mirror" "write %20 for it."
    # apt prints the name of a mirror list with a slash that it does not accept again.
    [[ $mirror != mirror* ]] || mirror=${mirror%/}
    # From file: apt would use packages where they are instead of copying them.
    mirror=${mirror/#file:/copy:}
}
if [[ -n $print_mirror ]]; then
    find_mirror
    printf '%s\n' "$mirror"
    exit 0
fi

# ---- one at a time; the folder itself is the lock, so no lock file is left behind -------------------------------
target=$(realpath -m -- "$target")
[[ $target != *[[:space:]\"\;\{\}]* ]] || fail "the folder's name $target holds a blank, quote, brace or semicolon, which apt cannot take" \
    "choose another folder: fetch.sh FOLDER"
work=$target/fetching
existed=yes
[[ -d $target ]] || existed=
locked=

leave() {
    local status=$?
    trap - EXIT
    [[ -n $locked ]] || exit "$status"
    rm -rf "$target/root.new" 2>/dev/null
    # Downloaded packages are kept for the next run; without any there is nothing worth keeping.
    if ! compgen -G "$work/cache/archives/*.deb" >/dev/null && ! compgen -G "$work/cache/archives/partial/*" >/dev/null; then
        rm -rf "$work" 2>/dev/null
        [[ -n $existed ]] || rmdir "$target" 2>/dev/null
    fi
    exit "$status"
}
child=
stop() {
    [[ -z $child ]] || kill "$child" 2>/dev/null
    wait
    warn "interrupted; run it again to go on."
    exit 130
}

# In the background and waited for, because bash runs a trap only between commands.
attend() {
    "$@" &
    child=$!
    wait "$child"
    local status=$?
    child=
    return "$status"
}

trap leave EXIT
trap stop INT TERM HUP

while :; do
    mkdir -p "$target" 2>/dev/null
    [[ -d $target && -w $target ]] || fail "cannot write to the folder $target" "choose a folder you may write to: fetch.sh FOLDER"
    exec 9<"$target"
    if ! flock -n 9; then
        say "another fetch into $target is under way; waiting for it."
        attend flock 9
    fi
    [[ $target -ef /proc/self/fd/9 ]] && break
done
locked=yes

stamp_fits() {
    [[ -x $target/root/usr/sbin/asterisk && -f $target/VERSION ]] || return 1
    grep -qx "layout=$layout" "$target/VERSION" && grep -qx "architecture=$arch" "$target/VERSION" &&
        { [[ -z ${ASTERISK_SUITE:-} ]] || grep -qx "suite=$suite" "$target/VERSION"; }
}
if [[ -z $force ]] && stamp_fits; then
    say "Asterisk $(head -n 1 "$target/VERSION") is in $target/root already."
    exit 0
fi

keyring=${ASTERISK_KEYRING:-}
if [[ -z $keyring ]]; then
    for candidate in /usr/share/keyrings/$family-archive-keyring.{gpg,pgp}; do
        [[ -r $candidate ]] && keyring=$candidate && break
    done
fi
[[ -n $keyring && -r $keyring ]] || fail "the keyring that signs the $family archive is not here${keyring:+: $keyring}" \
    "install the package $family-keyring or $family-archive-keyring, or name a keyring: ASTERISK_KEYRING=FILE"
[[ $keyring != *[[:space:]]* ]] || fail "the keyring's name holds a blank: $keyring" "copy it to a name without."

find_mirror
mkdir -p "$work"/{state/lists/partial,cache/archives/partial,nothing/partial,log} || fail "cannot write to $target" "free disk space or choose another folder."

free_mb=$(($(df -Pk "$target" | awk 'NR == 2 { print $4 }') / 1024))
((free_mb >= need_mb)) || fail "the disk of $target is full: $free_mb MB free, $need_mb MB needed" \
    "free some space, or choose a folder elsewhere: fetch.sh FOLDER"

# ---- apt with a configuration of its own ------------------------------------------------------------------------
# Of the machine's configuration only what reaches the network (proxy, credentials) has effect. Hooks are cleared
# because images for containers have some that empty the machine's cache. An expired Release is let through here
# and told below; an unsigned one never is.
: >"$work/status"
printf 'deb [arch=%s targets=Packages signed-by=%s] %s %s %s\n' "$arch" "$keyring" "$mirror" "$suite" "$component" >"$work/sources.list"
cat >"$work/apt.conf" <<END
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Default-Release "";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::AllowUnauthenticated "false";
APT::Get::Assume-Yes "true";
APT::Keep-Downloaded-Packages "true";
APT::Update::Error-Mode "any";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::State "$work/state";
Dir::State::status "$work/status";
Dir::State::lists "$work/state/lists";
Dir::Cache "$work/cache";
Dir::Cache::archives "$work/cache/archives";
Dir::Log "$work/log";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
END
# Root's apt downloads as the user _apt, who may not enter a private folder.
((EUID != 0)) || printf 'APT::Sandbox::User "root";\n' >>"$work/apt.conf"

apt() { attend apt-get -q -c "$work/apt.conf" "$@" >"$work/log/apt" 2>&1; }

explain() {
    local log=$work/log/apt cause
    cause=$(grep -E '^(E|Err|W):' "$log" | sort -u | head -n 1)
    if grep -qE 'No space left|enough free space|Disk quota' "$log"; then
        fail "the disk of $target is full" "free $need_mb MB, then run this again (it goes on where it stopped)."
    elif grep -qE "NO_PUBKEY|EXPKEYSIG|BADSIG|REVKEYSIG|is not signed|not signed|signature|have a Release file|Missing key" "$log"; then
        rm -rf "$work/state/lists"
        fail "refused: $mirror $suite is not signed by a key of $keyring (${cause#*: })" \
            "use another mirror (ASTERISK_MIRROR=ADDRESS), or bring the keyring up to date (package $family-archive-keyring or $family-keyring)."
    elif grep -qE 'not valid yet' "$log"; then
        fail "the archive is signed for a later date than this machine's clock ($(date -u +%FT%TZ))" "set the clock."
    elif grep -qE 'Hash Sum mismatch|unexpected size' "$log"; then
        fail "the mirror $mirror gave files other than the signed list says (${cause#*: })" \
            "it is probably being updated: run this again in some minutes, or set ASTERISK_MIRROR=ADDRESS."
    elif grep -qE 'Unable to locate package|no installation candidate|doesn.t support architecture|unmet dependencies' "$log"; then
        fail "$suite of $mirror has no installable Asterisk for the architecture $arch (${cause#*: })" \
            "choose another suite (ASTERISK_SUITE=NAME), or install Asterisk 20 or later by other means."
    elif grep -qE 'Could not|Cannot initiate|Connection|timed out|unreachable|Temporary failure|404|40[0-9] |50[0-9] |File not found' "$log"; then
        fail "the mirror $mirror cannot be reached or lacks $suite (${cause#*: })" \
            "check the network and proxy, or set ASTERISK_MIRROR=ADDRESS."
    fi
    fail "apt-get failed (${cause:-no reason given})" "run this again; the last lines were: $(tail -n 3 "$log" | tr '\n' ' ')"
}

say "reading the package lists of $suite from $mirror"
apt update || explain
release=$(find "$work/state/lists" -maxdepth 1 -name '*_InRelease' -print -o -maxdepth 1 -name '*_Release' -print | head -n 1)
[[ -n $release ]] || explain
until=$(sed -n 's/^Valid-Until: //p' "$release" | head -n 1)
if [[ -n $until ]] && (($(date -d "$until" +%s) < $(date +%s))); then
    warn "the mirror is behind: its signed list was valid until $until. Signature is good; going on with it."
fi

# Asked with an empty cache, apt names every file; an interrupted run may have left others beside them.
apt -o Dir::Cache::archives="$work/nothing" --print-uris install "${packages[@]}" || explain
mapfile -t wanted < <(sed -n "s/^'[^']*' \\([^ ]*\\.deb\\) .*/\\1/p" "$work/log/apt")
((${#wanted[@]} > 0)) || fail "apt-get named no packages" "run this again."
say "downloading ${#wanted[@]} packages"
apt --download-only install "${packages[@]}" || explain

# ---- unpack, prove, and only then put in place ------------------------------------------------------------------
say "unpacking"
new=$target/root.new
rm -rf "$new"
mkdir "$new"
# shellcheck disable=SC2016  # expanded by the inner sh
unpack() {
    printf '%s\0' "${wanted[@]}" | (cd "$work/cache/archives" &&
        xargs -0 -P "$(nproc)" -I{} sh -c 'dpkg-deb -x "$1" "$2" || { rm -f "$1"; exit 1; }' unpack {} "$new") 2>"$work/log/unpack"
}
attend unpack || {
    ! grep -q 'No space left' "$work/log/unpack" || fail "the disk of $target is full" "free $need_mb MB, then run this again."
    fail "a package could not be unpacked: $(head -n 1 "$work/log/unpack")" "run this again; the broken package is downloaded anew."
}
# Nothing here needs more rights than its user has.
find "$new" -perm /6000 -exec chmod u-s,g-s {} +

loader=$(compgen -G "$new/usr/lib*/ld-linux*.so.*" | head -n 1)
[[ -n $loader ]] || loader=$(compgen -G "$new/usr/lib/*/ld-linux*.so.*" | head -n 1)
libraries=$(dirname "$(find "$new/usr/lib" -maxdepth 2 -name libc.so.6 | head -n 1)")
[[ -n $loader ]] || fail "the fetched packages bring no program loader for $arch" "install Asterisk 20 or later by other means."
version=$("$loader" --library-path "$libraries" "$new/usr/sbin/asterisk" -V 2>&1) ||
    fail "the fetched Asterisk does not start: $version" "this kernel ($(uname -r)) may be too old for it; use the image of asterisk-docker/."
(($(major <<<"$version") + 0 >= 20)) || fail "$suite has $version, but version 20 or later is needed" "choose a newer suite: ASTERISK_SUITE=NAME"

rm -rf "$target/root.old"
rm -f "$target/VERSION"
[[ ! -e $target/root ]] || mv "$target/root" "$target/root.old"
mv "$new" "$target/root"
{
    sed 's/^Asterisk //; s/[~+].*//' <<<"$version"
    printf 'layout=%s\narchitecture=%s\nsuite=%s\nloader=%s\nlibraries=%s\n' \
        "$layout" "$arch" "$suite" "${loader#"$new/"}" "${libraries#"$new/"}"
    printf 'package=%s\n' "${wanted[@]%.deb}"
} >"$target/VERSION.new"
mv "$target/VERSION.new" "$target/VERSION"
rm -rf "$target/root.old" "$work"
say "$version is in $target/root ($(du -sm "$target/root" | cut -f 1) MB)"
