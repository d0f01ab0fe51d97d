"""The limit of open files is raised to what the settings need, never lowered, and told when it cannot be."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.finding import State
from helpline.open_files import OpenFiles, needed
from helpline.settings import Settings

SCRIPT = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
from helpline.open_files import allow, could_allow
from helpline.settings import Settings
after = allow(Settings())
assert could_allow(Settings()).enough == after.enough
print(after.allowed, resource.getrlimit(resource.RLIMIT_NOFILE)[0], after.enough)
"""


@pytest.mark.parametrize(
    ("soft", "hard", "enough"), [(256, 4096, True), (256, 1024, False), (4000, 4096, True)]
)
def test_it_is_raised_as_far_as_is_needed_and_allowed(*, soft: int, hard: int, enough: bool) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and hard > most:
        pytest.skip("this machine allows less")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(soft), str(hard)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    wanted = min(max(soft, needed(Settings())), hard)
    assert done.stdout.split() == [str(wanted), str(wanted), str(enough)]


def test_too_few_are_told_with_the_remedy() -> None:
    found = OpenFiles(3000, 1024).finding()
    assert (found.state, found.what) == (
        State.WARNING,
        "1024 allowed, 3000 needed for the connections that the settings allow",
    )
    assert "LimitNOFILE" in found.remedy
    assert OpenFiles(3000, 4096).finding().state is State.OK
