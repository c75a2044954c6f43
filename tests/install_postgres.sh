#!/bin/sh
# Installs PostgreSQL where that takes no question: on Debian, as root, with a network.
# It starts nothing, makes no cluster, leaves one that is there alone, and never fails: without it
# tests skip.
set -u

for program in /usr/lib/postgresql/*/bin/postgres; do
    if [ -x "$program" ]; then exit 0; fi
done
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "PostgreSQL is not installed: that takes apt-get and root. Its tests will be skipped."
    exit 0
fi

# No cluster is made, so that nothing starts by itself.
mkdir -p /etc/postgresql-common
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi

log=$(mktemp)
install() {
    DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install --yes --no-install-recommends \
        postgresql >"$log" 2>&1 </dev/null
}
if install || { timeout 120 apt-get update >/dev/null 2>&1 && install; }; then
    echo "PostgreSQL is installed for its tests."
else
    echo "PostgreSQL could not be installed; its tests will be skipped:"
    tail -n 3 "$log"
fi
rm -f "$log"
exit 0
