#!/usr/bin/env bash
# Releases functions to Google Cloud: ./deploy.sh generate-trip, or ./deploy.sh --all; --dry-run prints the lines.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

python=.venv/bin/python
if [[ ! -x $python ]]; then
  echo "No .venv here yet: run 'make demo' or 'make test' once." >&2
  exit 1
fi
exec "$python" -m workflows.plan "$@"
