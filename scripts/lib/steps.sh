# shellcheck shell=bash
# Runs named steps one after the other, goes on after a failure, and sums up at the end. Needs say.sh.

steps_dir=$(mktemp -d "${TMPDIR:-/tmp}/assay-steps.XXXXXX")
step_names=() step_results=() step_seconds=()

# step NAME COMMAND… : the output is shown as it comes and kept for the summary. Afterwards `step_status` is the
# command's status, for callers that leave out what depends on it. Never call it in a condition: bash would then ignore
# `set -e` inside the step.
step() {
  local name=$1 started=$SECONDS log
  shift
  log=$steps_dir/${#step_names[@]}.log
  say "$name"
  set +e
  (
    set -e
    "$@"
  ) 2>&1 | tee "$log"
  step_status=${PIPESTATUS[0]}
  set -e
  record "$name" "$step_status" $((SECONDS - started))
}

# leave_out NAME WHY : a step that cannot run is named, so that nobody believes it passed.
leave_out() {
  say "$1: left out, $2"
  : >"$steps_dir/${#step_names[@]}.log"
  record "$1" "left out: $2" 0
}

record() {
  step_names+=("$1") step_results+=("$2") step_seconds+=("$3")
  [[ $2 == 0 || $2 == left* ]] || printf '%s\n' "${red}${bold}✗ $1 failed (status $2)${plain}" >&2
}

# Prints what ran, repeats the end of what failed, counts the tests, and fails if a step failed.
summary() {
  local i failed=0
  for i in "${!step_names[@]}"; do
    case ${step_results[i]} in
    0 | left*) ;;
    *)
      failed=$((failed + 1))
      printf '\n%s\n' "${red}${bold}── ${step_names[i]}: the last lines ──${plain}"
      tail -n 40 "$steps_dir/$i.log"
      ;;
    esac
  done
  printf '\n%s\n' "${bold}Summary${plain}"
  for i in "${!step_names[@]}"; do
    case ${step_results[i]} in
    0) printf '  %sok%s      %4ds  %s\n' "$green" "$plain" "${step_seconds[i]}" "${step_names[i]}" ;;
    left*) printf '  %s-%s          –  %s (%s)\n' "$dim" "$plain" "${step_names[i]}" "${step_results[i]}" ;;
    *) printf '  %sFAILED%s  %4ds  %s\n' "$red" "$plain" "${step_seconds[i]}" "${step_names[i]}" ;;
    esac
  done
  printf '  %d steps in %d min %02d s\n\n' "${#step_names[@]}" $((SECONDS / 60)) $((SECONDS % 60))
  count_tests
  ((failed == 0))
}

# Adds up what cargo test and Vitest printed in their closing lines. A failed step in which no runner counted a failure
# (it did not compile, a lint) is one failure. Prints nothing where no test ran.
count_tests() {
  local i
  for i in "${!step_names[@]}"; do
    sed 's/\x1b\[[0-9;]*m//g' "$steps_dir/$i.log"
    printf '\nend of step %s\n' "${step_results[i]}"
  done | awk '
    function count(word, n) {
      if (word ~ /^passed/) passed += n
      if (word ~ /^failed/) { failed += n; failed_here += n }
      if (word ~ /^(ignored|skipped)/) skipped += n
    }
    /^test result: / || /^ *Tests  / { for (i = 2; i <= NF; i++) count($i, $(i - 1)) }
    /^end of step/ {
      if ($4 != "0" && $4 != "left" && !failed_here) failed++
      failed_here = 0
    }
    END { if (passed + failed > 0) printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }'
}
