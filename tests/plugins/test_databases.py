import pytest

THREE_TESTS = """
import pytest

@pytest.fixture
def server_url():
    return "sqlite://"

@pytest.fixture
def session(server_url):
    return server_url

def test_by_itself(server_url):
    pass

def test_through_another(session):
    pass

def test_without(tmp_path):
    pass
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [((), "3 passed"), (("--with-database",), "2 passed, 1 deselected")],
)
def test_what_is_given_no_database_is_left_out_where_that_is_asked_for(run, words, told):
    done = run(THREE_TESTS, "-p", "tests.plugins.databases", *words)

    assert told in done.stdout
