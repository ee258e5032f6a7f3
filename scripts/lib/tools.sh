# shellcheck shell=bash disable=SC2034 # the variables are for the scripts that source this
# Finds the programs the scripts need and installs what is missing. Needs say.sh.

# Programs of our own choosing live here, so that nothing is put into the user's PATH and a second clone finds them.
tools_dir=${ASSAY_TOOLS_DIR:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/assay/tools}

# have PROGRAM
have() { command -v "$1" >/dev/null 2>&1; }

can_install() { [[ $(id -u) == 0 ]] && have apt-get; }

# apt_install PACKAGE… : only as root on Debian and its kin.
apt_install() {
  say "installing $*"
  # A machine without package lists, or with old ones, needs them first.
  if [[ -z ${apt_is_fresh:-} ]]; then
    apt-get update -qq >&2
    apt_is_fresh=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# need PROGRAM PACKAGE WHY : the program, from the Debian package where it is absent and we may install.
need() {
  have "$1" && return 0
  can_install && apt_install "$2"
  have "$1" || stop "$1 is missing: $3" "On Debian or Ubuntu: sudo apt-get install $2"
}

need_rust() {
  have cargo || stop "cargo is missing" "Install Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or newer, then try again."
  need cc build-essential "some dependencies compile C"
}

# The formatter and the linter are components that a toolchain may lack.
need_rust_checks() {
  need_rust
  if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then return 0; fi
  if have rustup; then
    say "adding rustfmt and clippy to the toolchain"
    rustup component add rustfmt clippy >&2 && return 0
  fi
  stop "rustfmt or clippy is missing" "With rustup: rustup component add rustfmt clippy"
}

need_node() {
  if ! have node || ! have npm; then
    stop "node or npm is missing" "Install Node.js 20 or newer with npm, then try again."
  fi
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || stop "Node.js $(node --version) is too old" "Install Node.js 20 or newer, then try again."
}

# Sets `chromium` to the browser of the browser tests.
need_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [[ -n $candidate ]] && have "$candidate" && break
    candidate=''
  done
  if [[ -z $candidate ]]; then
    can_install && apt_install chromium fonts-dejavu-core
    have chromium || stop "no Chromium for the browser tests" \
      "On Debian: sudo apt-get install chromium" "Elsewhere: CHROMIUM=/path/to/chromium ./scripts/test"
    candidate=chromium
  fi
  chromium=$(command -v "$candidate")
}

# need_venv NAME REQUIREMENTS [PYTHON] : a virtual environment with exactly these packages; sets `venv`.
need_venv() {
  local python=${3:-python3}
  need python3 python3 "some checks are Python programs"
  # On Debian the module `venv` is there but its pip is a package of its own.
  "$python" -c 'import ensurepip, venv' 2>/dev/null || { can_install && apt_install python3-venv; } ||
    stop "python3 cannot make virtual environments" "On Debian: sudo apt-get install python3-venv"
  venv=$tools_dir/venv-$1
  local stamp
  stamp=$(cat "$2" <("$python" --version) | digest)
  [[ $(cat "$venv/.stamp" 2>/dev/null) == "$stamp" ]] && return 0
  say "making the Python environment $1"
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" --quiet --disable-pip-version-check install --requirement "$2" >&2
  printf '%s' "$stamp" >"$venv/.stamp"
}

# find_python MINOR : sets `python` to one that is at least 3.MINOR, if there is one.
find_python() {
  local candidate
  for candidate in python3 python3.{14,13,12} "$HOME"/.pyenv/versions/3.*/bin/python3; do
    python=$(command -v "$candidate") || continue
    "$python" -c "import sys; sys.exit(sys.version_info < (3, $1))" 2>/dev/null && return 0
  done
  return 1
}

# need_cargo_tool CRATE VERSION : a program from crates.io; sets `cargo_tool` to its path. It is compiled without
# optimisation, because compiling it is what takes the time.
need_cargo_tool() {
  local root=$tools_dir/$1-$2
  cargo_tool=$root/bin/$1
  [[ -x $cargo_tool ]] && return 0
  say "compiling $1 $2 (once, about a minute)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install "$1" --version "$2" --locked --no-default-features --quiet --root "$root" --target-dir "$root/target" >&2
  rm -rf "$root/target"
}

# Standard input's digest.
digest() { git hash-object --stdin; }

# digest_of PATH… : one digest over the names and contents of all files below the paths, whatever their times are.
digest_of() {
  local files
  files=$(find "$@" -type f | LC_ALL=C sort)
  { printf '%s\n' "$files" && git hash-object --no-filters --stdin-paths <<<"$files"; } | digest
}
