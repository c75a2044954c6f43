"""The keys of the Training screen."""

from mlops_tui.tui.kit.key import Key, KeyScope

TRAINING = KeyScope(
    "training",
    "Training",
    (
        Key("n", "new_job", "New job", "Launch a training job", write=True),
        Key("w", "sweep", "Sweep", "Launch a sweep: trials over parameters", write=True),
        Key("a", "again", "Again", "Launch the job again, changed or not", write=True),
        Key("x", "stop", "Stop", "Stop the job; its run then reads KILLED", write=True),
        Key("A", "attach", "Attach", "Watch a process or a run started elsewhere", write=True),
        Key("M", "metrics", "Metrics", "Its charts in place of its log, or go to them"),
        Key("v", "view_run", "Run", "Go to the job's run"),
        Key("D", "remove", "Remove", "Remove an ended or attached job from the list", write=True),
        Key("H", "hold", "Hold", "Hold a waiting job, or release it", write=True),
        Key(
            "K",
            "move(-1)",
            "Earlier",
            "Let a waiting job start earlier",
            write=True,
            shown=False,
        ),
        Key("J", "move(1)", "Later", "Let it start later", write=True, shown=False),
        Key("T", "move(-999)", "Next", "Let it start next", write=True, shown=False),
        Key(
            "number_sign",
            "slots",
            "Slots",
            "Set how many jobs run at once",
            write=True,
            shown=False,
        ),
        Key("S", "settle", "Settle", "Settle the runs an ended job left RUNNING", write=True),
        Key(
            "c",
            "go_on",
            "Continue",
            "Run the trials that a stopped sweep has left",
            write=True,
            shown=False,
        ),
    ),
)
