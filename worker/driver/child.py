"""What the zygote needs of the driver, so that it loads one module by name."""

from worker.driver.base.channel import receive, send
from worker.driver.file.work_budget import start_ticks
from worker.driver.rehearsal import rehearse
from worker.driver.serving import serve

__all__ = ["receive", "rehearse", "send", "serve", "start_ticks"]
