# shellcheck shell=bash disable=SC2034 # the colours are for the scripts that source this
# How the scripts speak: short lines on stderr, so that stdout stays for results.

if [[ -t 2 && -z "${NO_COLOR:-}" ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' red='' green='' dim='' plain=''
fi

say() { printf '%s\n' "${bold}▸ $*${plain}" >&2; }

# Says what is wrong and what to do about it, one argument a line, and ends the script.
stop() {
  printf '%s\n' "${red}${bold}✗ $1${plain}" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}
