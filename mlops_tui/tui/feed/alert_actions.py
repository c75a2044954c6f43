"""Acknowledges what monitors alert to."""

from collections.abc import Callable

from mlops_tui.services.monitoring import monitor_alerts
from mlops_tui.tui.feed.feed_list import FeedList
from mlops_tui.tui.kit.control_screen import ControlScreen


def acknowledge(screen: ControlScreen, feed: FeedList, show: Callable[[], None]) -> None:
    """Acknowledge the alerts of all monitors, then show the feed without them."""
    if feed.alerts:
        screen.begin(_acknowledge(screen, feed, show), opens=False)
    else:
        screen.why_not("No monitor has an alert that nobody has acknowledged.")


async def _acknowledge(screen: ControlScreen, feed: FeedList, show: Callable[[], None]) -> None:
    alerts = feed.alerts
    for monitor_id in sorted({alert.monitor_id for alert in alerts}):
        ids = [each.alert_id for each in alerts if each.monitor_id == monitor_id]
        call, store = monitor_alerts.acknowledge, screen.shell.settings.store
        await screen.ask(call, store, monitor_id, ids)
    screen.tell(f"Acknowledged: {len(alerts):,} alert{'s' * (len(alerts) > 1)}.")
    feed.alerts = ()
    show()
