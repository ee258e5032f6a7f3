# shellcheck shell=bash
# Packages and pages of the frontend, made again only when what they are made of changed. Needs say.sh and tools.sh.

install_frontend() {
  local stamp=frontend/node_modules/.assay-lock lock
  lock=$(digest <frontend/package-lock.json)
  [[ $(cat "$stamp" 2>/dev/null) == "$lock" ]] && return 0
  say "installing the frontend's packages"
  npm --prefix frontend ci --no-audit --no-fund >&2
  printf '%s\n' "$lock" >"$stamp"
}

build_frontend() {
  local stamp=frontend/dist/.made-of made_of
  made_of=$(digest_of frontend/src frontend/public frontend/index.html frontend/*.json frontend/*.ts)
  [[ $(cat "$stamp" 2>/dev/null) == "$made_of" ]] && return 0
  install_frontend
  say "building the frontend"
  npm --prefix frontend run --silent build >&2
  printf '%s\n' "$made_of" >"$stamp"
}
