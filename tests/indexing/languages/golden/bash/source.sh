#!/usr/bin/env bash
# Deploys things.
set -euo pipefail
source "$(dirname "$0")/lib/log.sh"
. ./conf.sh
VERSION=1.2
readonly ROOT="$(pwd)" OTHER=2
declare -r MAX=3
export PATH="$ROOT/bin:$PATH"
names=(a b "c d")

# Says it.
log::info() {
  local message=$1 level
  printf '%s\n' "$message" >&2
}

function deploy { build "$@" | tee log; }
function clean() (
  cd "$ROOT" && rm -rf out
  inner() { log::info x; }
  inner
)
trap cleanup EXIT
main() {
  local out
  out=$(list_files "$1")
  for f in $out; do log::info "$f"; done
  while read -r line; do process "$line"; done < <(generate)
  if check "$1"; then deploy; elif [[ -f x ]]; then "$ROOT/tools/fix.sh" a; fi
  case "$1" in start) start_it ;; *) usage; exit 1 ;; esac
  x=`old_style`
  FOO=bar run_with env
  "$cmd" args
  sudo deploy
  bash scripts/run.sh
  ./scripts/other.sh | grep x
  cat <<EOF
$(heredoc_call)
EOF
  (( i++ ))
  alias ll='ls -l'
  exec deploy
}
main "$@"

load test_helper
@test "it deploys" {
  run deploy --fast
  sudo -u www timeout -k 5 30 clean
  [ "$status" -eq 0 ]
}
