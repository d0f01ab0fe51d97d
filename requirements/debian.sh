#!/usr/bin/env bash
# Installs Debian or Ubuntu packages whose command is missing: requirements/debian.sh COMMAND=PACKAGE...
# As root it installs them; otherwise it says what to install and fails. COMMAND may be a path with wildcards.
set -euo pipefail

missing=()
for pair in "$@"; do
  command=${pair%%=*} package=${pair#*=}
  if [[ $command == /* ]]; then
    compgen -G "$command" >/dev/null || missing+=("$package")
  else
    command -v "$command" >/dev/null 2>&1 || missing+=("$package")
  fi
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

if [[ $(id -u) -ne 0 ]]; then
  echo "Missing on this machine: ${missing[*]}" >&2
  echo "Install them and run make again: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing on this machine: ${missing[*]}; there is no apt-get here, install them by your own means" >&2
  exit 1
fi

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# A database server installed for the tests is started by the tests alone, never as a service of this machine.
mkdir -p /etc/postgresql-common
[[ -e /etc/postgresql-common/createcluster.conf ]] ||
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
apt-get -qq update
apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
