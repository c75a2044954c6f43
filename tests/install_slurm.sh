#!/bin/sh
# Installs the programs of Slurm where that takes no question: on Debian, as root, with a network.
# It starts nothing, leaves a Slurm that is there alone, and never fails: without it tests skip.
set -u

have() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

if have munged && have slurmctld && have slurmd && have sbatch; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! have apt-get; then
    echo "Slurm is not installed: that takes apt-get and root. Its tests will be skipped."
    exit 0
fi

# A daemon of a package must not start by itself: a policy that refuses, for as long as it takes.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

log=$(mktemp)
install() {
    DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install --yes --no-install-recommends \
        munge slurmctld slurmd slurm-client >"$log" 2>&1 </dev/null
}
if install || { timeout 120 apt-get update >/dev/null 2>&1 && install; }; then
    echo "Slurm is installed for its tests."
else
    echo "Slurm could not be installed; its tests will be skipped:"
    tail -n 3 "$log"
fi
rm -f "$log"
exit 0
