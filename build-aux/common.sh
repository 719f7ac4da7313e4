# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by build-aux/run and build-aux/test: finds what is missing, configures, builds.
# shellcheck shell=bash

# Exit code when the machine lacks what is needed and it cannot be installed from here.
EXIT_PACKAGES=3

SOURCE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say () {
  printf '%s\n' "$*" >&2
}

# packages_for KIND…: the names listed for these kinds, one a line.
packages_for () {
  local kind
  for kind in "$@"; do
    sed -n "s/^$kind  *//p" "$SOURCE_DIR/build-aux/packages.txt"
  done
}

is_installed () {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing_packages KIND…: those of packages_for that dpkg does not know as installed.
missing_packages () {
  local name
  for name in $(packages_for "$@"); do
    is_installed "$name" || printf '%s\n' "$name"
  done
}

has_dpkg_and_apt () {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null
}

has_terminal () {
  { : </dev/tty; } 2>/dev/null
}

# as_root COMMAND…: runs it as root, or fails when there is no way to. sudo asks for a password only
# where somebody can answer.
as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    say "sudo is not installed."
    return 1
  elif has_terminal; then
    sudo -- "$@"
  else
    sudo --non-interactive -- "$@"
  fi
}

# The lock time-out is for machines that update themselves right after they start.
apt_get () {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --assume-yes \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

is_available () {
  apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# available_packages NAME…: build packages always, so that a missing one is told by apt; test
# packages only where this release has them.
available_packages () {
  local name needed
  needed=$(packages_for build)
  for name in "$@"; do
    if grep -qxF "$name" <<<"$needed" || is_available "$name"; then
      printf '%s\n' "$name"
    else
      say "Package $name is not in this release; the tests that use it will be skipped."
    fi
  done
}

# Whether apt has ever fetched its lists, so that a package it does not know does not exist.
has_lists () {
  compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null
}

# update_and_install LOG NAME…
update_and_install () {
  local log=$1 names
  shift
  quietly "$log" apt_get update || return
  mapfile -t names < <(available_packages "$@")
  [ "${#names[@]}" -eq 0 ] ||
    quietly "$log" apt_get install --no-install-recommends "${names[@]}"
}

install_packages () {
  local log
  log=$(mktemp)
  say "Installing: $*"
  if update_and_install "$log" "$@"; then
    rm -f "$log"
    return 0
  fi
  say "These packages are missing and could not be installed: $*"
  say "As root: apt-get install --no-install-recommends $*"
  return 1
}

# need_packages KIND…: everything that is listed for these kinds is installed when it returns.
# SEAMLINE_NO_INSTALL=1 skips the question, for systems that have it all under other names.
need_packages () {
  local missing
  [ -z "${SEAMLINE_NO_INSTALL:-}" ] || return 0
  if ! has_dpkg_and_apt; then
    say "This is not a Debian or Ubuntu system. Install what these Debian packages hold, then run" \
      "this again with SEAMLINE_NO_INSTALL=1:"
    packages_for "$@" >&2
    exit "$EXIT_PACKAGES"
  fi
  mapfile -t missing < <(missing_packages "$@")
  ! has_lists || mapfile -t missing < <(available_packages "${missing[@]}")
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}" || exit "$EXIT_PACKAGES"
}

# quietly LOG COMMAND…: output goes to LOG and is shown only on failure.
quietly () {
  local log=$1 status=0
  shift
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    say "Failed: $* (log: $log)"
  fi
  return "$status"
}

# meson_setup DIR OPTION…: configures, again only when the options are not those of last time.
meson_setup () {
  local dir=$1 stamp=$1/.configured-with reconfigure=()
  shift
  if [ -f "$dir/build.ninja" ]; then
    [ "$(cat "$stamp" 2>/dev/null)" = "$*" ] && return 0
    reconfigure=(--reconfigure)
  fi
  mkdir -p "$dir"
  quietly "$dir/configure.log" \
    meson setup "${reconfigure[@]}" "$@" "$dir" "$SOURCE_DIR" || return
  printf '%s' "$*" >"$stamp"
}

# compile DIR [TARGET…]: everything when no target is named.
compile () {
  local dir=$1
  shift
  quietly "$dir/build.log" ninja --quiet -C "$dir" "$@"
}

# absolute PATH: PATH from the caller's folder.
absolute () {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}

build_dir () {
  absolute "${BUILD_DIR:-$SOURCE_DIR/build}"
}
