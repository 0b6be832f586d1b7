"""A small network in which every name and every number is a canary, played to its summary."""

import csv
import io
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy import select

from peeraudit.adapters import queue
from peeraudit.adapters.clock import shifted
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import DEPARTMENT_ROLES, Grant, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.blind_reads import OwnFindings
from peeraudit.domain.network import DepartmentCard, ReviewerCard
from peeraudit.domain.protocol import BlindingMode, Protocol, Sampling, Scope
from peeraudit.domain.recognition import Recognised, Recognition, RecognitionAnswer
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.specimens.files import CSV_COLUMNS
from peeraudit.domain.workflow import AssignmentState, DeclineReason, Turn
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author
from peeraudit.models.intake import Report
from peeraudit.models.network import Department, Reviewer
from peeraudit.models.scoring import BlindRead
from peeraudit.services import (
    accounts,
    adjudication,
    assignment,
    blind_reads,
    blinding,
    blinding_recognition,
    campaigns,
    checking,
    demo_audit,
    feedback,
    frames,
    intake,
    masking,
    network,
    readings,
    sampling,
    scoring,
    statistics,
    summaries,
)
from peeraudit.services import blinding_records as records
from peeraudit.services.accounts import NewAccount
from peeraudit.services.adjudication import Decision
from peeraudit.services.checking import Wanted
from peeraudit.services.demo_audit import Waiting
from peeraudit.services.intake import NewUpload
from peeraudit.services.reading_desk import NotReadable
from peeraudit.tasks.upkeep import sweep
from tests.canary import later_events, named_tables
from tests.canary.words import Words

DEPARTMENTS, AUTHORS, REVIEWERS, REPORTS = 3, 3, 3, 12
MISPLACED = ("status", "performed", "reported")
PASSWORD = "a fine long password"
# Long past, so that a day of it on a page can only be an examination's.
FIRST, LAST = date(2019, 3, 1), date(2019, 3, 31)
BEFORE = date(2019, 1, 9)
# Reports of each department whose patient has an earlier one.
WITH_PRIORS = 4
LONE_ROLES = (
    Role.NETWORK_LEAD, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.EXTERNAL_AUDITOR,
)  # fmt: skip
PLACED_ROLES = (Role.COORDINATOR, Role.QUALITY_LEAD, Role.SAFETY_OFFICER, Role.MEETING_CHAIR)
OPEN_FROM_THE_FIRST = BlindingMode()
SCORES = ("1", "1", "2a", "1", "2b", "3a", "1", "3b")


@dataclass
class Person:
    """Somebody who signs in."""

    email: str
    actor: Actor
    department: str


@dataclass
class Network:
    """What was made, for the crawl to look for."""

    words: Words = field(default_factory=Words)
    people: list[Person] = field(default_factory=list)
    departments: dict[str, UUID] = field(default_factory=dict)
    campaigns: list[UUID] = field(default_factory=list)
    sent: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def of(self, role: Role) -> list[Person]:
        """Return the people who hold a role."""
        return [p for p in self.people if p.actor.role is role]

    def lead(self) -> Actor:
        """Return the network lead."""
        return self.of(Role.NETWORK_LEAD)[0].actor


def build() -> Network:
    """Return the network, one campaign with its summaries and one that is being read."""
    made = Network()
    _people(made)
    for code in made.departments:
        _send_reports(made, code)
    _finish(made)
    _watch_ids(made)
    return made


def _people(made: Network) -> None:
    for number in range(DEPARTMENTS):
        code = f"QXD{number}{made.words.new('department', '')[-6:-1].upper()}"
        card = DepartmentCard(
            made.words.keep(code, "department", code),
            f"Centre {made.words.new('department', code)}",
            made.words.new("department", code),
        )
        with unit_of_work():
            made.departments[code] = network.add_department(card, by=None)
    for role in LONE_ROLES:
        _open(made, role, "", kind="staff")
    for _ in range(2):
        _open_reviewer(made, Role.ADJUDICATOR, next(iter(made.departments)))
    for code in made.departments:
        for role in PLACED_ROLES:
            _open(made, role, code, kind="staff")
        for _ in range(AUTHORS):
            author = _open(made, Role.AUTHOR, code, kind="author")
            with unit_of_work():
                blinding.link_author(made.departments[code], author.email, author.actor.account_id)
        for _ in range(REVIEWERS):
            _open_reviewer(made, Role.REVIEWER, code)


def _open(made: Network, role: Role, code: str, *, kind: str) -> Person:
    email = f"p{len(made.people)}@canary.example"
    family, given = made.words.new(kind, email), made.words.new(kind, email)
    made.words.keep(email, kind, email)
    place = made.departments.get(code) if role in DEPARTMENT_ROLES else None
    with unit_of_work():
        account_id = accounts.open_account(
            NewAccount(email, f"{given} {family}", PASSWORD, "fr", [Grant(role, place)]), by=None
        )
    made.people.append(Person(email, Actor(account_id, role, place), code))
    made.words.keep(account_id, kind, email)
    return made.people[-1]


def _open_reviewer(made: Network, role: Role, code: str) -> None:
    adjudicates = role is Role.ADJUDICATOR
    person = _open(made, role, code, kind="adjudicator" if adjudicates else "reviewer")
    card = ReviewerCard(80, adjudicates=adjudicates, specialities=(("CT", "*"),))
    with unit_of_work():
        row = Reviewer(
            account_id=person.actor.account_id,
            department_id=made.departments[code],
            adjudicates=adjudicates,
        )
        db.session.add(row)
        db.session.flush()
        network.write_card(row, card)


def _send_reports(made: Network, code: str) -> None:
    authors = [p for p in made.of(Role.AUTHOR) if p.department == code]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, CSV_COLUMNS, restval="")
    writer.writeheader()
    # One author has no account: the department hands the notice over on paper.
    key = f"key-{code}"
    signers = [(p.email, _names(made, p.email)) for p in authors]
    signers.append((key, (made.words.new("author", key), made.words.new("author", key))))
    for number in range(REPORTS):
        row = _row(made, code, signers[number % len(signers)], number)
        writer.writerow(row)
        made.sent.setdefault(code, []).append(row)
        if number < WITH_PRIORS:
            writer.writerow(_earlier(made, row))
    for number, column in enumerate(MISPLACED, start=REPORTS):
        # A name in the wrong column: the row is refused, and the reason quotes what stands there.
        row = _row(made, code, signers[0], number, owner=code)
        writer.writerow({**row, column: row["patient_last"]})
    _send(made, code, "reports.csv", buffer.getvalue().encode())
    _send_archive(made, code, {**row, "status": row["patient_last"]})
    book = named_tables.workbook(made.words, code, {**row, "status": row["patient_last"]})
    _send(made, code, "reports.xlsx", book)
    _work()


def _send(made: Network, code: str, name: str, content: bytes) -> None:
    coordinator = next(p for p in made.of(Role.COORDINATOR) if p.department == code)
    with unit_of_work():
        intake.receive(NewUpload(made.departments[code], name), [content], by=coordinator.actor)


def _send_archive(made: Network, code: str, row: dict[str, str]) -> None:
    """Send an archive that is called after a patient, as the files in it are."""
    names = [made.words.new("patient", code) for _ in range(4)]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, CSV_COLUMNS, restval="")
    writer.writeheader()
    writer.writerow(row)
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(f"{names[0]}/{names[1]}_IRM.csv", table.getvalue())
        archive.writestr(f"{names[2]}.txt", "Rien d'utile.")
    _send(made, code, f"{names[3]}.zip", content.getvalue())


def _names(made: Network, owner: str) -> tuple[str, str]:
    family, given, *_ = [word.text for word in made.words.all if word.owner == owner]
    return family, given


def _row(
    made: Network, code: str, author: tuple[str, tuple[str, str]], number: int, owner: str = ""
) -> dict[str, str]:
    new, keep = made.words.new, made.words.keep
    accession = f"{code}{number:04d}A"
    owner = owner or accession
    family, given, asked = (new(k, owner) for k in ("patient", "patient", "requester"))
    # What stands in a row that is refused is its department's own, whatever it says.
    found = finding(accession) if owner == accession else owner
    author_key, signed = author
    day = FIRST + timedelta(days=number)
    text = (
        f"{made_place(made, code)}\nPatient : {given} {family}, IPP 7{code[3:]}{number:05d}\n"
        f"Demandé par le Dr {asked}. Examen {accession} du {day:%d/%m/%Y}.\n"
        f"INDICATION : toux {new('text', owner).lower()}.\n"
        f"CONCLUSION : pas de foyer {new('text', found).lower()}.\n"
        f"Dr {signed[1]} {signed[0]}"
    )
    return {
        "report_id": keep(f"{code}{number:04d}R", "report_id", owner),
        "accession": keep(accession, "report_id", owner),
        "patient_id": keep(f"7{code[3:]}{number:05d}", "patient", owner),
        "patient_last": family,
        "patient_first": given,
        "birth_date": "1951-02-03",
        "exam_name": f"Scanner thoracique {made_place(made, code)}",
        "modality": "CT",
        "region": "chest",
        "performed": day.isoformat(),
        "reported": f"{day.isoformat()}T10:00:00+00:00",
        "status": "F",
        "author_id": author_key,
        "author_last": signed[0],
        "author_first": signed[1],
        "referrer": asked,
        "urgency": "routine",
        "language": "fr",
        "report_text": text,
    }


def _earlier(made: Network, row: dict[str, str]) -> dict[str, str]:
    """Return an earlier report of a report's patient, from before every campaign."""
    number = row["accession"]
    word = made.words.new("text", prior(number)).lower()
    return {
        **row,
        "report_id": made.words.keep(f"{number}PR", "report_id", number),
        "accession": made.words.keep(f"{number}P", "report_id", number),
        "performed": BEFORE.isoformat(),
        "reported": f"{BEFORE.isoformat()}T10:00:00+00:00",
        "report_text": (
            f"Patient : {row['patient_first']} {row['patient_last']}, IPP {row['patient_id']}\n"
            f"Demandé par le Dr {row['referrer']}. Examen {number}P du 05/03/2019.\n"
            f"CONCLUSION : nodule {word}.\nDr {row['author_first']} {row['author_last']}"
        ),
    }


def prior(accession: str) -> str:
    """Return the owner of the words of the earlier report of a report's patient."""
    return f"prior {accession}"


def finding(accession: str) -> str:
    """Return the owner of the words of a report that say what was found."""
    return f"finding {accession}"


def own_words(email: str, case_id: UUID) -> str:
    """Return the owner of what a reader wrote before the report was shown."""
    return f"own {email} {case_id}"


def made_place(made: Network, code: str) -> str:
    """Return a department's name, as its reports bear it."""
    return db.session.get_one(Department, made.departments[code]).name


def _draw(
    made: Network, title: str, blinding: BlindingMode = OPEN_FROM_THE_FIRST, *, size: int = 36
) -> UUID:
    by = made.lead()
    scope, sample = Scope(("CT",), FIRST, LAST), Sampling(size, 3)
    rules = Protocol(title, scope, sampling=sample, blinding=blinding)
    with unit_of_work():
        campaign_id = campaigns.create_campaign(rules, list(made.departments.values()), by=by)
    with unit_of_work():
        campaigns.lock_campaign(campaign_id, by=by)
    with unit_of_work():
        frames.freeze_frame(campaign_id, by=by)
    with unit_of_work():
        sampling.draw_sample(campaign_id, by=by)
    _work()
    made.campaigns.append(campaign_id)
    return campaign_id


def _publish(made: Network, campaign_id: UUID, *, leave: int) -> None:
    for person in made.of(Role.COORDINATOR):
        waiting = checking.list_cases(Wanted(campaign_id), by=person.actor).lines
        for line in waiting[leave:]:
            with unit_of_work():
                masking.approve_case(line.id, by=person.actor)
    with unit_of_work():
        assignment.order_plan(campaign_id, by=made.lead())
    _work()
    plan = assignment.show_plan(campaign_id, by=made.lead())
    with unit_of_work():
        assignment.publish_plan(plan.id, by=made.lead())


def _finish(made: Network) -> None:
    first = _draw(made, "Premier audit")
    _publish(made, first, leave=0)
    _decline_one(made, first, DeclineReason.CONFLICT)
    for _ in range(6):
        _read_all(made, first)
        _reply_all(made, first)
        _work()
    with shifted(timedelta(days=60)):
        with unit_of_work():
            feedback.expire_replies()
        _read_all(made, first)
        _work()
    with unit_of_work():
        statistics.freeze_campaign(first, reason="Fin de l'audit", by=made.lead())
    _work()
    with unit_of_work():
        summaries.publish_summaries(first, by=made.lead())
    _work()
    second = _draw(made, "Second audit", BlindingMode(prior_reports=True, read_first=True), size=30)
    _publish(made, second, leave=1)
    _decline_one(made, second, DeclineReason.IDENTIFIER_SEEN)
    _go_on(made, second)
    # Second readings are offered when the first are in; some of them then wait to be settled.
    for turn, most in ((Turn.FIRST, 40), (Turn.SECOND, 8)):
        _read_all(made, second, most=most, turns={turn})
        _work()
    later_events.remind(_work)
    _leave_open(made)


def _leave_open(made: Network) -> None:
    """Leave what somebody has still to do: rules to be locked, and a table to be explained."""
    scope, code = Scope(("CT",), FIRST, LAST), next(iter(made.departments))
    with unit_of_work():
        campaigns.create_campaign(
            Protocol("Brouillon", scope), list(made.departments.values()), by=made.lead()
        )
    patient = made.words.new("patient", code)
    rows = f"Dossier;Le jour;Prose\n{patient}1;01/10/2026;Foie.\n{patient}2;13/10/2026;Rate.\n"
    coordinator = next(p for p in made.of(Role.COORDINATOR) if p.department == code)
    with unit_of_work():
        new = NewUpload(made.departments[code], "columns.csv", "csv")
        intake.receive(new, [rows.encode()], by=coordinator.actor)
    name = made.words.new("patient", code)
    named_tables.explain(made.departments[code], name, by=coordinator.actor)
    _work()


def _go_on(made: Network, campaign_id: UUID) -> None:
    """Let happen what does after the offers: reports change, cases are named, people leave."""
    coordinators = later_events.actors_of(made.people, Role.COORDINATOR)
    officers = later_events.actors_of(made.people, Role.SAFETY_OFFICER)
    later_events.ask_to_unseal(officers, coordinators[-1], campaign_id)
    _begin_some(made, campaign_id)
    for code, rows in made.sent.items():
        for row in rows[: later_events.CORRECTED]:
            made.words.keep(f"{row['report_id']}C", "report_id", row["accession"])
            word = made.words.new("text", finding(row["accession"])).lower()
            _send(made, code, "later.csv", later_events.corrected(row, word))
        _work()
    later_events.decide_on_changes(coordinators)
    later_events.name_and_extend(coordinators, made.lead(), campaign_id)
    _work()
    later_events.approve_what_waits(coordinators[0], campaign_id, leave=1)
    _work()
    later_events.give_back_and_leave(campaign_id, _work)


def _begin_some(made: Network, campaign_id: UUID) -> None:
    """Let reviewers begin the cases whose reports change in the first department."""
    changing = _changing(next(iter(made.sent.values())))
    for waiting in demo_audit.list_waiting(campaign_id):
        if _accession(waiting.case_id) in changing:
            with unit_of_work():
                scoring.open_case(waiting.assignment_id, by=waiting.actor)


def _changing(*sent: list[dict[str, str]]) -> set[str]:
    """Return which of the reports that were sent get a later version."""
    return {row["accession"] for rows in sent for row in rows[: later_events.CORRECTED]}


def _decline_one(made: Network, campaign_id: UUID, reason: DeclineReason) -> None:
    # A case whose report is corrected later may be masked anew, and is then pulled no more.
    changing = _changing(*made.sent.values())
    waiting = next(
        one
        for one in demo_audit.list_waiting(campaign_id)
        if _accession(one.case_id) not in changing
    )
    if reason is DeclineReason.IDENTIFIER_SEEN:
        # The words that give a person away are for the department that sent the case.
        note = made.words.new("seen", _accession(waiting.case_id))
    else:
        note = made.words.new("decline", waiting.email)
    with unit_of_work():
        readings.decline(waiting.assignment_id, reason, note=note, by=waiting.actor)


def _read_all(
    made: Network,
    campaign_id: UUID,
    *,
    most: int = 1000,
    turns: Collection[Turn] = tuple(Turn),
) -> None:
    waiting_now = [one for one in demo_audit.list_waiting(campaign_id) if one.turn in turns]
    for number, waiting in enumerate(waiting_now[:most]):
        comment = made.words.new("comment", f"{waiting.email} {waiting.case_id}")
        if waiting.turn is Turn.ADJUDICATOR:
            with unit_of_work():
                adjudication.settle_case(
                    waiting.assignment_id,
                    Decision("2b", "missed_finding", f"Retenu : {comment}."),
                    by=waiting.actor,
                )
            continue
        # A second reader scores otherwise than the first, so that something is left to settle.
        score = SCORES[(number + (waiting.turn is Turn.SECOND)) % len(SCORES)]
        sheet = ScoreSheet(
            score, None if score == "1" else "missed_finding", f"Une opacité {comment}.", seconds=60
        )
        # A case that was taken back waits; its readers keep their turns meanwhile.
        with suppress(NotReadable), unit_of_work():
            _read_first(made, waiting)
            scoring.submit_review(waiting.assignment_id, sheet, by=waiting.actor)
            # The last case of each is left for the crawl, which finds the question still open.
            if number % 3:
                _recognise(made, waiting.assignment_id, waiting.actor)


def _read_first(made: Network, waiting: Waiting) -> None:
    row = db.session.get_one(Assignment, waiting.assignment_id)
    if campaigns.protocol_of(row.campaign_id).blinding.read_first:
        words = made.words.new("own", own_words(waiting.email, waiting.case_id))
        findings = OwnFindings(f"Vu sans le compte rendu : {words}.", 30)
        blind_reads.lock_findings(row.id, findings, by=waiting.actor)


def _recognise(made: Network, assignment_id: UUID, by: Actor) -> None:
    places = [one for one in made.departments.values() if one != by.department_id]
    name = made.words.new("guess", "nobody")
    answer = RecognitionAnswer(Recognition.SURE, Recognised.AUTHOR, places[0], f"Dr {name}")
    blinding_recognition.answer_question(assignment_id, answer, by=by)


def _reply_all(made: Network, campaign_id: UUID) -> None:
    for number, told in enumerate(demo_audit.list_told(campaign_id)):
        if number % 3 == 2:
            continue
        text = made.words.new("reply", str(told.actor.account_id))
        with unit_of_work():
            feedback.reply(
                told.outcome_id,
                "disagree",
                f"Je ne suis pas d'accord, {text}.",
                asks_reconsideration=number % 3 == 1,
                by=told.actor,
            )


def _watch_ids(made: Network) -> None:
    """Watch for the ids of the rows too: an id in an address leads to what is behind it."""
    keep = made.words.keep
    emails = {account.id: account.email for account in db.session.scalars(select(Account))}
    for row in db.session.scalars(select(Reviewer)):
        kind = "adjudicator" if row.adjudicates else "reviewer"
        keep(row.id, kind, emails[row.account_id])
    for row in db.session.scalars(select(Author)):
        keep(row.id, "author", emails.get(row.account_id, records.open_author(row)[0]))
    for row in db.session.scalars(select(Report)):
        keep(row.id, "report_id", row.accession)
    for code, department_id in made.departments.items():
        keep(department_id, "department", code)


def owners_of(person: Person) -> set[str]:
    """Return whose words a person may see after all: own ones, and those of own cases."""
    role, account_id = person.actor.role, person.actor.account_id
    mine = {person.email, person.department, str(account_id)}
    if role is Role.COORDINATOR:
        own = Report.department_id == person.actor.department_id
        numbers = db.session.scalars(select(Report.accession).where(own)).all()
        mine |= {*numbers, *map(finding, numbers), *map(prior, numbers)}
        placed = select(Author).where(Author.department_id == person.actor.department_id)
        mine |= {records.open_author(row)[0] for row in db.session.scalars(placed)}
    if role is Role.AUTHOR:
        for case_id in blinding.cases_of_author(account_id):
            number = _accession(case_id)
            mine |= {number, finding(number)} | _readers_of(case_id)
    return mine


def text_owners_of(person: Person) -> set[str]:
    """Return the reports whose masked text a person was given to read."""
    given = select(Assignment.case_id).where(
        Assignment.reviewer_id.in_(
            select(Reviewer.id).where(Reviewer.account_id == person.actor.account_id)
        ),
        Assignment.state != AssignmentState.PLANNED,
    )
    shown = given.where(Assignment.id.in_(_revealed()))
    beside = given.where(Assignment.id.in_(_with_priors()))
    return {
        *map(_accession, db.session.scalars(given)),
        *(finding(_accession(case_id)) for case_id in db.session.scalars(shown)),
        *(prior(_accession(case_id)) for case_id in db.session.scalars(beside)),
    }


def _with_priors() -> list[UUID]:
    """Return the assignments beside whose report earlier ones are shown."""
    rows = db.session.execute(select(Assignment.id, Assignment.campaign_id)).all()
    shown = {c for _, c in rows if campaigns.protocol_of(c).blinding.prior_reports}
    return [row for row, campaign in rows if campaign in shown]


def _revealed() -> list[UUID]:
    """Return the assignments whose report is shown: from the first, or since the lock."""
    locked = set(db.session.scalars(select(BlindRead.assignment_id)))
    rows = db.session.execute(select(Assignment.id, Assignment.campaign_id)).all()
    modes = {c: campaigns.protocol_of(c).blinding for c in {c for _, c in rows}}
    return [row for row, campaign in rows if row in locked or not modes[campaign].read_first]


def comment_owners_of(person: Person) -> set[str]:
    """Return whose comments a person may read: a reviewer's own, all words to an author."""
    case_ids = db.session.scalars(select(Case.id)).all()
    mine = {own_words(person.email, case_id) for case_id in case_ids}
    return mine | {f"{person.email} {case_id}" for case_id in case_ids}


def _accession(case_id: UUID) -> str:
    report_id = records.links_of([case_id])[case_id].report_id
    return db.session.get_one(Report, report_id).accession


def _readers_of(case_id: UUID) -> set[str]:
    """Return the owners of the comments on a case: its author is told what was found."""
    emails = db.session.scalars(
        select(Account.email)
        .join(Reviewer, Reviewer.account_id == Account.id)
        .join(Assignment, Assignment.reviewer_id == Reviewer.id)
        .where(Assignment.case_id == case_id)
    )
    return {f"{email} {case_id}" for email in emails}


def _work() -> None:
    """Carry out what waits for a worker, what follows from it included."""
    for _ in range(40):
        with unit_of_work():
            waiting = queue.due_duties()
        if not waiting:
            # What was read before belongs to an older state of the data.
            db.session.expire_all()
            return
        sweep()
    raise AssertionError("some work fails again and again")
