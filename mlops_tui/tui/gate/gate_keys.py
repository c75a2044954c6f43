"""The keys of the gate dialog."""

from mlops_tui.tui.kit.key import Key, KeyScope

GATE_DIALOG = KeyScope(
    "gate",
    "Gate dialog",
    (
        Key("r", "run_gate", "Run", "Check the version against the rules", write=True),
        Key("n", "new_rule", "New", "Add a rule", write=True),
        Key("e", "edit_text", "Edit", "Edit the rules as TOML in $EDITOR", write=True),
        Key("d", "delete_rule", "Delete", "Delete the rule under the cursor", write=True),
        Key("i", "import_rules", "Import", "Replace the rules by those of a file", write=True),
        Key("w", "export_rules", "Write", "Write the rules to a file"),
        Key("s", "choose('Staging')", "Staging", "The gate for Staging", shown=False),
        Key("p", "choose('Production')", "Production", "The gate for Production", shown=False),
        Key("x", "stop", "Stop", "Stop the check that is running", write=True, shown=False),
        Key("o", "open_log", "Log", "Open the log of the check that is running", shown=False),
        Key("v", "open_run", "Run in MLflow", "Open the validation run", shown=False),
    ),
)
