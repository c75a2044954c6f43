"""The keys of the dialog about retraining."""

from mlops_tui.tui.kit.key import Key, KeyScope

RETRAINING_DIALOG = KeyScope(
    "retraining",
    "Retraining dialog",
    (
        Key("a", "approve", "Approve", "Allow the step that the attempt waits for", write=True),
        Key("x", "decline", "Decline", "Stop the attempt, with a reason", write=True),
        Key("e", "edit_rule", "Rule", "Set the rule; its dry run is shown before", write=True),
        Key("d", "try_rule", "Dry run", "When the rule would have fired over recorded chunks"),
        Key("n", "begin_now", "Now", "Retrain now, whatever the conditions say", write=True),
        Key("p", "pause", "Pause", "Pause the rule, or resume it", write=True),
        Key("P", "pause_all", "Pause all", "Pause all rules, or resume them", write=True),
        Key("D", "delete_rule", "Delete", "Delete the rule", write=True, shown=False),
        Key("o", "open_log", "Log", "Open the log of its job", shown=False),
        Key("v", "open_run", "Run in MLflow", "Open the run of the attempt", shown=False),
    ),
)
