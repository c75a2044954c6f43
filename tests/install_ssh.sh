#!/bin/sh
# Installs an SSH server where that takes no question: on Debian, as root, with a network.
# It leaves none running that was not there, and never fails: without it tests skip.
set -u

if [ -x /usr/sbin/sshd ] && command -v ssh >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "No SSH server is installed: that takes apt-get and root. Its tests will be skipped."
    exit 0
fi

# Debian starts what it installs, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi

log=$(mktemp)
install() {
    DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install --yes --no-install-recommends \
        openssh-server openssh-client >"$log" 2>&1 </dev/null
}
if install || { timeout 120 apt-get update >/dev/null 2>&1 && install; }; then
    echo "An SSH server is installed for its tests."
else
    echo "No SSH server could be installed; its tests will be skipped:"
    tail -n 3 "$log"
fi
rm -f "$log"
exit 0
