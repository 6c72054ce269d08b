"""What was drawn once is kept within bounds, for those who see the same, as long as it holds."""

import flask
import pytest

from dashboard.access import gate
from dashboard.access.actors import Actor
from dashboard.operation.kept import Kept, keep_answers


def test_the_longest_unused_goes_where_there_are_too_many_bytes():
    kept = Kept(most=10)
    for name in "abc":
        kept.set(name, b"1234")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, b"1234", b"1234")
    kept.get("b")
    kept.set("d", b"1234")
    assert (kept.get("b"), kept.get("c")) == (b"1234", None)
    kept.set("large", b"12345678901")
    assert kept.get("large") is None and kept.get("b")


def test_what_flask_compress_has_no_name_for_is_not_kept():
    kept = Kept()
    kept.set("gzip;", b"somebody's own")
    assert kept.get("gzip;") is None


class Office:
    """A server whose page counts how often it was drawn."""

    def __init__(self) -> None:
        self.times, self.state, self.who = 0, ["snapshot 1"], Actor("li", "leader")
        self.about: set[str] = set()
        self.server = flask.Flask("office")
        self.server.config["IDENTIFY"] = lambda _request: self.who

        @self.server.get("/page")
        def page() -> str:
            self.times += 1
            name = gate.own_name() if "personal" in self.about else ""
            if "passing" in self.about:
                gate.passing()
            if "changing" in self.about:
                self.state = [*self.state, "more"]
            return f"{self.times} {name}"

        keep_answers(
            self.server, "page", Kept(), lambda request: request.full_path if request.args else None, lambda: self.state
        )

    def ask(self, path: str = "/page?a", **headers: str) -> str:
        return self.server.test_client().get(path, headers=headers).text

    def mark(self, path: str = "/page?a") -> str | None:
        return self.server.test_client().get(path).headers.get("X-State")


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_same_question_is_drawn_once(office):
    assert [office.ask(), office.ask(), office.ask("/page?b"), office.ask()] == ["1 ", "1 ", "2 ", "1 "]


def test_what_may_not_be_kept_is_drawn_each_time(office):
    assert [office.ask("/page"), office.ask("/page")] == ["1 ", "2 "]
    office.state = None
    assert [office.ask(), office.ask()] == ["3 ", "4 "]


@pytest.mark.parametrize("about", ["passing", "changing"])
def test_a_refusal_a_fault_and_what_changed_meanwhile_are_not_kept(office, about):
    office.about = {about}
    assert [office.ask(), office.ask()] == ["1 ", "2 "]


def test_another_state_another_language_and_who_sees_something_else_are_drawn_anew(office):
    assert office.ask() == "1 "
    office.state = ["snapshot 2"]
    assert office.ask() == "2 "
    assert office.ask(**{"Accept-Language": "en"}) == "3 "
    office.who = Actor("li", "analyst")
    assert office.ask() == "4 "
    office.who = Actor("li", "leader", ("tinglan",))
    assert office.ask() == "5 "
    office.who = Actor("wang", "leader", ("tinglan",))
    assert office.ask() == "5 ", "another account that sees the same"
    office.who = None
    assert office.ask() == "6 "


def test_an_answer_tells_the_state_by_which_it_holds_also_one_that_is_not_kept(office):
    first = office.mark()
    assert first == office.mark() == office.mark("/page")
    office.about = {"changing"}
    recorded = office.mark("/page")
    assert recorded != first, "the state after what was recorded by this very question"
    office.about = set()
    assert office.mark() == recorded
    office.state = None
    assert office.mark() is None


def test_what_names_the_reader_is_theirs_alone(office):
    office.about = {"personal"}
    assert [office.ask(), office.ask()] == ["1 li", "1 li"]
    office.who = Actor("wang", "leader")
    assert office.ask() == "2 wang"
    office.who = Actor("li", "leader")
    assert office.ask() == "1 li"
