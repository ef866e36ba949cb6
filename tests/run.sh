#!/usr/bin/env bash
# Sets up all that the checks need in .venv and runs every one of them: lint, types, tests on both store engines with a
# real PostGIS, and every page in a real browser. Nothing is skipped for being absent: it is installed, or named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-python3}
venv=${ASSETMAP_VENV:-.venv}

say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  say "assetmap needs Python 3.11 or newer; '$python' is not. Install it, or name one: PYTHON=python3.11 bash tests/run.sh"
  exit 1
fi

# the address may name a GeoPackage as well, which is no server that tests could use
case ${ASSETMAP_DATABASE_URL:-} in
  postgres*://*) has_server=yes ;;
  *) has_server= ;;
esac

has_postgis() { [ -n "$has_server" ] || compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null; }
has_chromium() { [ -n "${ASSETMAP_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

missing=()
has_postgis || missing+=(postgresql-postgis)
has_chromium || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    say "Installing ${missing[*]} from the system's packages"
    "${as_root[@]}" apt-get update -qq
    for package in "${missing[@]}"; do
      if [ "$package" = postgresql-postgis ]; then
        # the name carries PostgreSQL's version, which differs between releases
        package=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -V | tail -n 1)
        [ -n "$package" ] || { say "No PostGIS among this system's packages. Install it, or set ASSETMAP_DATABASE_URL."; exit 1; }
      fi
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    done
  else
    say "Missing: ${missing[*]}, and this user may not install system packages."
    say "Install PostgreSQL with PostGIS (Debian, Ubuntu: postgresql-15-postgis-3; macOS: brew install postgis), or set"
    say "ASSETMAP_DATABASE_URL to a server where you may create databases. Install Chromium (Debian: chromium), or set"
    say "ASSETMAP_CHROMIUM to a Chrome or Chromium you have."
    exit 1
  fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[test]'

say "Lint";  "$venv/bin/ruff" check .
say "Format"; "$venv/bin/ruff" format --check .
say "Types"; "$venv/bin/mypy"
# a file's tests stay together, with one server and one app, so that each core has a share of the files
say "Tests"; "$venv/bin/python" -m pytest --numprocesses auto --dist loadfile "$@"
