"""Types and departments by what a person types."""

from dataclasses import replace

import pytest

from mapper import Edition, load_edition
from mapper.directory.store import DirectoryStore, shipped_source
from office import OfficeError
from office.finding import find_department, find_type


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition of the shipped sheets."""
    return load_edition(DirectoryStore(tmp_path_factory.mktemp("directory")).ensure(shipped_source()))


def test_a_code_is_found_as_the_office_writes_it_or_in_capitals(shipped: Edition) -> None:
    kind, department = shipped.types["REVENUE-01"], shipped.departments["REVENUE"]
    assert find_type(shipped, " revenue-01") is kind
    assert find_department(shipped, "Revenue") is department
    small = replace(shipped, types={"rev-1": kind}, departments={"rev": department})
    assert find_type(small, "rev-1") is kind
    assert find_department(small, "rev") is department


def test_what_may_be_several_is_listed(shipped: Edition) -> None:
    with pytest.raises(OfficeError, match="REVENUE-"):
        find_type(shipped, "revenue-1")
