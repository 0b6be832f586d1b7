"""A script that runs a whole campaign over HTTP, as a department's own computer could."""

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.live.installation import Furniture, Installation

API = "/api/v1"
OPEN_STEPS = ("masking", "check", "assignment", "reading", "settling", "reply")
# What a reviewer of these tests says of a case follows from its code alone.
SCORES = ("1", "1", "1", "1", "2a", "2b", "3a", "3b")
FINDING = {"error_type": "missed_finding", "comment": "A nodule of the upper lobe is missing."}


class Script:
    """Calls the REST interface as the people of a network."""

    def __init__(self, installation: Installation, furniture: Furniture) -> None:
        self.installation = installation
        self.departments = furniture.departments
        self.tokens = {email: person.token for email, person in furniture.people.items()}

    def get(self, who: str, path: str) -> Any:
        answer = self.installation.call("GET", API + path, token=self.tokens[who])
        assert answer.status == 200, f"{path}: {answer.status} {answer.text}"
        return answer.json

    def post(self, who: str, path: str, body: object = None, *, method: str = "POST") -> Any:
        answer = self.installation.call(
            method, API + path, token=self.tokens[who], json_body={} if body is None else body
        )
        assert answer.status in {200, 201, 202, 204}, f"{path}: {answer.status} {answer.text}"
        return answer.json if answer.body else None

    def send(self, who: str, department: str, name: str, content: bytes) -> dict[str, Any]:
        """Send a file in and return what became of its items."""
        path = f"{API}/uploads?department_id={self.departments[department]}"
        answer = self.installation.send_file(path, name, content, token=self.tokens[who])
        assert answer.status == 202, answer.text
        upload = f"/uploads/{answer.json['id']}"
        self.wait(lambda: self.get(who, upload)["state"] in {"succeeded", "failed"}, upload)
        return self.get(who, upload)

    def wait(self, holds: Callable[[], object], what: str) -> float:
        return self.installation.wait_until(holds, what=what)

    def open_campaign(self, lead: str, protocol: dict[str, Any]) -> str:
        """Write, lock, freeze the list, draw; return the campaign's id."""
        everybody = list(self.departments.values())
        new = {"protocol": protocol, "department_ids": everybody}
        campaign = self.post(lead, "/campaigns", new)["id"]
        self.post(lead, f"/campaigns/{campaign}/lock")
        self.post(lead, f"/campaigns/{campaign}/frame")
        self.post(lead, f"/campaigns/{campaign}/draw")
        self.wait(lambda: not self.steps(lead, campaign)["masking"], "the cases are masked")
        return campaign

    def steps(self, lead: str, campaign: str) -> dict[str, int]:
        return self.get(lead, f"/campaigns/{campaign}/board")["steps"]

    def check(self, coordinator: str, campaign: str) -> int:
        """Look at every case of a department and let it go on; return how many."""
        path = f"/deidentification/cases?campaign_id={campaign}"
        checked = 0
        for stage in ("to_check", "quarantined"):
            while cases := self.get(coordinator, f"{path}&stage={stage}")["cases"]:
                for case in cases:
                    address = f"/deidentification/cases/{case['id']}"
                    seen = self.get(coordinator, address)
                    body = {"version": seen["version"]}
                    self.post(coordinator, f"{address}/approval", body)
                    checked += 1
        return checked

    def newest_plan(self, lead: str, campaign: str) -> dict[str, Any] | None:
        path = f"{API}/campaigns/{campaign}/plans/newest"
        answer = self.installation.call("GET", path, token=self.tokens[lead])
        assert answer.status in {200, 404}, answer.text
        return answer.json if answer.status == 200 else None

    def publish(self, lead: str, plan: dict[str, Any]) -> int:
        return self.post(lead, f"/plans/{plan['id']}/publish")["readings"]

    def read_all(self, reviewers: list[str]) -> int:
        """Let every reviewer score what waits; return how many reviews were handed in."""
        done = 0
        for who in reviewers:
            for case in self.get(who, "/scoring/")["cases"]:
                address = f"/scoring/{case['assignment_id']}"
                text = str(self.get(who, address)["sections"])
                assert text
                self.post(who, f"{address}/review", _sheet(case["code"], who))
                done += 1
        return done

    def settle_all(self, adjudicators: list[str]) -> int:
        """Let every adjudicator settle what waits; return how many cases were settled."""
        done = 0
        for who in adjudicators:
            for case in self.get(who, "/adjudication/")["cases"]:
                decision = {"score": "2a", **FINDING}
                self.post(who, f"/adjudication/{case['assignment_id']}/decision", decision)
                done += 1
        return done

    def answer_all(self, authors: list[str]) -> int:
        """Let every author answer what waits; return how many replies were given."""
        done = 0
        for who in authors:
            for outcome in self.get(who, "/feedback/")["to_answer"]:
                self.post(who, f"/feedback/{outcome['id']}/reply", {"stance": "agree"})
                done += 1
        return done

    def hand_over_all(self, coordinators: list[str]) -> int:
        """Let every coordinator hand over what authors without an account must be told."""
        done = 0
        for who in coordinators:
            for notice in self.get(who, "/feedback/notices")["notices"]:
                address = f"/feedback/notices/{notice['campaign_id']}/{notice['author_id']}"
                self.post(who, address)
                done += 1
        return done

    def until_settled(
        self, lead: str, campaign: str, acts: list[Callable[[], int]], *, seconds: float = 120
    ) -> None:
        """Repeat the acts until no case waits for anybody."""
        limit = time.monotonic() + seconds
        while any(self.steps(lead, campaign)[step] for step in OPEN_STEPS):
            assert time.monotonic() < limit, self.steps(lead, campaign)
            # Everybody acts in each round, whoever has found something to do.
            if not sum(act() for act in acts):
                time.sleep(0.3)


def _sheet(code: str, who: str) -> dict[str, Any]:
    """Return a sheet on which two reviewers of one case agree in most cases."""
    first = hashlib.sha256(code.encode()).digest()[0]
    own = hashlib.sha256(f"{code}/{who}".encode()).digest()[0]
    score = SCORES[(first if own % 4 else own) % len(SCORES)]
    finding = FINDING if score != "1" else {}
    return {"score": score, "seconds": 40, **finding}


def lead_of(departments: list[str]) -> str:
    """Return the address of their network's lead; several networks share an installation."""
    return f"lead@{departments[0].lower()}-net.example"


def people(departments: list[str], *, reviewers: int) -> Iterator[dict[str, Any]]:
    """Yield the people of a network of small departments."""
    yield {"email": lead_of(departments), "name": "Lee Lead", "roles": [["network_lead", None]]}
    for code in departments:
        place = code.lower()
        for role in ("coordinator", "quality_lead"):
            email = f"{role}@{place}.example"
            yield {"email": email, "name": f"{role} {code}", "roles": [[role, code]]}
        for number in range(reviewers):
            roles: list[list[str | None]] = [["reviewer", code]]
            settles = number < 3
            yield {
                "email": f"reviewer{number}@{place}.example",
                "name": f"Reviewer {code} {number}",
                "roles": [*roles, *([["adjudicator", None]] if settles else [])],
                "reviewer": {
                    "capacity": 120,
                    "adjudicates": settles,
                    "specialities": [["*", "*"]],
                },
            }
