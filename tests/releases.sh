#!/bin/sh
# Tests what is read from MLflow on its oldest release that is supported and on its newest, each in a
# virtual environment under build/. A release that cannot be installed is skipped with the reason;
# so is one that is installed in .venv, where all tests run anyway.
set -u

python=.venv/bin/python
version='from importlib.metadata import version; print(version("mlflow"))'
ours=$($python -c "$version")
oldest=$($python -c 'from mlops_tui.services.doctor.mlflow_release import OLDEST; print(OLDEST)')
failed=0
for release in oldest newest; do
    folder=build/releases/$release
    case $release in
    # MLflow before 3.9 does not work with SQLAlchemy 2.1.
    oldest) set -- "mlflow==$oldest.*" 'sqlalchemy<2.1' ;;
    newest) set -- mlflow ;;
    esac
    mkdir -p "$folder"
    $python -m venv "$folder"
    if ! timeout 400 "$folder/bin/python" -m pip install --quiet --upgrade "pip>=25.1" \
        >"$folder/install.log" 2>&1 ||
        ! timeout 400 "$folder/bin/python" -m pip install --quiet --upgrade --editable . \
            --group release "$@" >"$folder/install.log" 2>&1; then
        echo "The $release release of MLflow cannot be installed; its tests are skipped:"
        tail -n 2 "$folder/install.log"
        continue
    fi
    found=$("$folder/bin/python" -c "$version")
    if [ "$found" = "$ours" ]; then
        echo "The $release release of MLflow, $found, is the one in .venv."
        continue
    fi
    echo "The $release release of MLflow is $found."
    "$folder/bin/python" -m pytest -n 4 --dist loadgroup -q -k "not postgres" \
        tests/services/runs tests/services/models tests/services/metrics \
        tests/services/artifacts tests/services/test_mlflow_internals.py || failed=1
done
exit $failed
