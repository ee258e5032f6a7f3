# shellcheck shell=bash
# Checks of the sources that no compiler makes. Each prints what is wrong and fails if something is.

# The files in git and those that are about to be.
source_files() {
  local file
  git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
    if [[ -f $file ]]; then printf '%s\n' "$file"; fi
  done
}

# No source file has more than 400 lines, its tests not counted, unless `long_files.txt` names it with a reason; a name
# there that is not needed is wrong too. Every Rust file says first what it is for, but for `tests.rs`: that is said in
# the file whose tests they are.
check_files() {
  local files
  mapfile -t files < <(source_files '*.rs' '*.ts' '*.tsx' '*.mjs' '*.py' '*.sh' .ci scripts/{start,test,bench} scripts/bench.d)
  awk -v max=400 '
    NR == FNR { path = $1; sub(/^[^ ]+ */, ""); reason[path] = $0; if ($0 == "") fail(path ": no reason in long_files.txt"); next }
    FNR == 1 {
      is_test = FILENAME ~ /(^|\/)(tests|e2e)\// || FILENAME ~ /(\/tests\.rs|\.test\.tsx?)$/
      if (FILENAME ~ /\.rs$/ && FILENAME !~ /\/tests\.rs$/ && !/^\/\/! /) fail(FILENAME ": does not begin with //!")
    }
    /^mod tests \{/ && previous == "#[cfg(test)]" { is_test = 1; lines[FILENAME]-- }
    { previous = $0; if (!is_test) lines[FILENAME]++ }
    END {
      for (path in lines) if (lines[path] > max && !(path in reason)) fail(path ": " lines[path] " lines, at most " max)
      for (path in reason) if (lines[path] <= max) fail(path ": need not be in long_files.txt")
      exit failed
    }
    function fail(what) { print what; failed = 1 }' scripts/lib/long_files.txt "${files[@]}"
}

# A committed migration never changes, and every migration is listed.
check_migrations() {
  (cd migration/src && sha256sum --quiet --check ../frozen.sha256)
  diff <(cut -d ' ' -f 3 migration/frozen.sha256) <(cd migration/src && LC_ALL=C ls m*.rs)
}

# A version in the root manifest that no member asks for.
check_versions() {
  local unused
  unused=$(sed -n '/^\[workspace.dependencies\]/,/^\[workspace.lints/s/^\([A-Za-z][A-Za-z0-9_-]*\) = .*/\1/p' Cargo.toml |
    while IFS= read -r crate; do
      grep -qE "^$crate(\.workspace| = \{ workspace)" crates/*/Cargo.toml migration/Cargo.toml ||
        printf 'Cargo.toml: no crate uses %s\n' "$crate"
    done)
  printf '%s' "$unused"
  [[ -z $unused ]]
}
