#!/bin/sh
# Tests what is read from MLflow on its oldest release that is supported and on its newest, each in a
# virtual environment under build/. The newest needs none while it is the release in .venv, where
# all tests run anyway, or cannot be installed: the reason is said then.
set -u

python=.venv/bin/python
version='from importlib.metadata import version; print(version("mlflow"))'
ours=$($python -c "$version") || exit 1
about=mlops_tui.services.doctor.mlflow_release
oldest=$($python -c "from $about import OLDEST; print(OLDEST)") || exit 1
log=build/releases/install.log
failed=0
mkdir -p build/releases

# Installs requirements for a release, and runs the tests there.
try() {
    release=$1
    shift
    folder=build/releases/$release
    if ! $python -m venv --without-pip "$folder" ||
        ! timeout 600 $python -m pip --python "$folder/bin/python" install --quiet --upgrade \
            --editable . --group release "$@" >"$log" 2>&1; then
        echo "The $release release of MLflow cannot be installed:"
        tail -n 2 "$log"
        failed=1
        return
    fi
    echo "The $release release of MLflow is $("$folder/bin/python" -c "$version")."
    "$folder/bin/python" -m pytest -n 2 --dist loadgroup -q --disable-warnings -k "not postgres" \
        tests/services/experiments tests/services/runs tests/services/compare tests/services/data \
        tests/services/feed tests/services/metrics tests/services/models tests/services/artifacts \
        tests/services/search tests/services/store tests/services/doctor tests/services/gate \
        tests/services/test_mlflow_internals.py tests/services/test_server_access.py || failed=1
}

# MLflow before 3.9 does not work with SQLAlchemy 2.1.
try oldest "mlflow==$oldest.*" 'sqlalchemy<2.1'
if timeout 200 $python -m pip install --dry-run --quiet "mlflow>$ours" >"$log" 2>&1; then
    try newest "mlflow>$ours"
else
    echo "The newest release of MLflow that can be installed is $ours, the one in .venv:"
    tail -n 1 "$log"
fi
exit $failed
