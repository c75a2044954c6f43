"""The keys of the Data screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

DATASETS = KeyScope(
    "data sets",
    "List of data sets",
    (Key("slash", "filter", "Filter", "Filter the data sets by name, context, source, model"),),
)

DATASET_VERSIONS = KeyScope(
    "data set versions",
    "Versions of a data set",
    (
        Key("v", "view_model", "Model", "Go to a model version that was trained on these data"),
        Key("p", "profile", "Profile", "Types, ranges, histograms, duplicates of its file"),
        Key("d", "differ", "Differ", "What differs between the two marked versions"),
        Key("m", "clear_marks", "Unmark", "Take all marks away", shown=False),
    ),
)
