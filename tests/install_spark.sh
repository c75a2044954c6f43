#!/bin/sh
# Installs Spark where that takes no question: Java from Debian, as root, and pyspark into .venv.
# It starts nothing and never fails: without it tests skip.
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT
give_up() {
    echo "$1; its tests will be skipped:"
    tail -n 3 "$log"
    exit 0
}

if ! command -v java >/dev/null 2>&1; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "Java is not installed: that takes apt-get and root. Spark's tests will be skipped."
        exit 0
    fi
    install() {
        DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install --yes --no-install-recommends \
            openjdk-17-jre-headless >"$log" 2>&1 </dev/null
    }
    install || { timeout 120 apt-get update >/dev/null 2>&1 && install; } ||
        give_up "Java could not be installed for Spark"
fi

python=.venv/bin/python
"$python" -c "import pyspark" >/dev/null 2>&1 ||
    timeout 400 "$python" -m pip install --quiet "pyspark>=4" >"$log" 2>&1 </dev/null ||
    give_up "pyspark could not be installed"
echo "Spark is installed for its tests."
