"""Filing: the row, the fact and the message belong together; a refusal leaves nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services.records.models import Record
from services.records.usecases import subjects
from services.records.usecases.bound import ticked_for
from shared import ledger
from shared.problems import Forbidden, IdempotencyConflict, InvalidBody, NotFound
from shared.rules.load import shipped
from tests.services.records.desk import PROGRAMME, about, body, entries, fact, file, who

VISITS = {"metric": "outpatient_emergency_visits", "period": "2026-10", "value": 4321}


def visits(rt, **over):
    return body(about(rt, "recipient", "SQ"), **(VISITS | over))


def test_a_figure_is_a_row_and_a_fact_of_the_hospitals_chain(rt):
    done = file(rt, who(rt, "R1", "recipient_admin"), "figures", visits(rt))
    told = fact(rt, done.record.entry_id)
    assert (done.created, done.record.state, done.record.day_from.isoformat()) == (True, "recorded", "2026-10-01")
    assert (told.kind, told.payload["metric"], told.payload["period"], told.payload["value"]) == (
        "figure.reported", "outpatient_emergency_visits", "2026-10", 4321,
    )  # fmt: skip
    assert told.payload["actor"]["role"] == "recipient_admin"
    assert done.receipt["event"] == done.record.entry_id
    with rt.db.read() as session:
        assert list(ledger.verify(session, rt.keys)) == []


def test_a_figure_not_known_yet_is_null_and_never_zero(rt):
    done = file(rt, who(rt, "R1", "recipient_admin"), "figures", visits(rt, value=None))
    assert fact(rt, done.record.entry_id).payload["value"] is None


def test_the_same_request_again_gives_the_first_record(rt):
    sent = visits(rt)
    first, again = (file(rt, who(rt, "R1", "recipient_admin"), "figures", sent) for _ in range(2))
    assert (again.created, again.record.id, again.receipt) == (False, first.record.id, first.receipt)
    with pytest.raises(IdempotencyConflict):
        file(rt, who(rt, "R1", "recipient_admin"), "figures", {**sent, "value": 1})


def test_another_value_replaces_the_figure_and_names_the_entry_it_replaces(rt):
    me = who(rt, "R1", "recipient_admin")
    old = file(rt, me, "figures", visits(rt))
    same = file(rt, me, "figures", visits(rt))
    new = file(rt, me, "figures", visits(rt, value=4400))
    assert (same.created, same.record.id) == (False, old.record.id)
    assert fact(rt, new.record.entry_id).payload["supersedes"] == old.record.entry_id
    with rt.db.read() as session:
        states = dict(session.execute(sa.select(Record.id, Record.state)).all())
    assert states == {old.record.id: "superseded", new.record.id: "recorded"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"period": "2026-12"}, "period"),  # a month in the future
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-Q3"}, "period"),  # visits are reported by the month
        ({"metric": "nonsense"}, "metric"),
        ({"value": -1}, "value"),
        ({"value": "many"}, "value"),
        ({"attachment_sha256": ["0" * 64]}, "attachment_sha256"),  # nobody uploaded it
    ],
)
def test_a_wrong_figure_is_refused_with_its_field_and_stores_nothing(rt, change, field):
    before = entries(rt)
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "R1", "recipient_admin"), "figures", visits(rt, **change))
    assert list(refused.value.extra["errors"]) == [field]
    assert entries(rt) == before
    with rt.db.read() as session:
        assert session.scalars(sa.select(Record)).all() == []


def test_a_figure_of_somebody_elses_hospital_is_not_found(rt):
    before = entries(rt)
    with pytest.raises(NotFound):
        file(rt, who(rt, "R9", "recipient_admin"), "figures", visits(rt))
    with pytest.raises(NotFound):
        file(rt, who(rt, "R1", "recipient_admin"), "figures", body("recipient:nobody", **VISITS))
    assert entries(rt) == before


def test_only_the_owner_of_a_metric_reports_it(rt):
    with pytest.raises(Forbidden):
        file(rt, who(rt, "A1", "supporter_admin"), "figures", body(about(rt, "posting", "P1"), **VISITS))


def test_an_agreement_that_ends_before_it_begins_is_refused(rt):
    sent = body(about(rt, "pair"), agreement_no="XY2", signed="2026-08-20", **{"from": "2026-09-01", "to": "2026-08-31"})
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "A1", "supporter_admin"), "agreements", sent)
    assert refused.value.extra["errors"] == {"to": "结束日期不能早于开始日期"}


def test_a_text_of_emoji_alone_says_nothing(rt):
    sent = body(about(rt, "recipient", "SQ"), metric="self_checks", date="2026-11-10", found="😀😀")
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "R1", "recipient_admin"), "checks", sent)
    assert refused.value.extra["errors"] == {"found": "请写文字,只有符号或表情看不出内容"}


def test_a_tick_belongs_to_the_owner_of_the_rule_and_to_an_item_of_it(rt):
    tick = {"programme_id": PROGRAMME, "rule_id": "ZZ-33", "period": "2026-H2", "item": "selection", "yes": True}
    subject = about(rt, "supporter", "YY")
    done = file(rt, who(rt, "A1", "supporter_admin"), "ticks", body(subject, **tick))
    assert fact(rt, done.record.entry_id).payload["yes"] is True
    for change, field in (({"item": "housing"}, "item"), ({"rule_id": "ZZ-99"}, "rule_id"), ({"rule_id": "ZZ-27"}, "rule_id"),
                          ({"programme_id": "suqian-key-areas-2023"}, "programme_id")):  # fmt: skip
        with pytest.raises(InvalidBody) as refused:
            file(rt, who(rt, "A1", "supporter_admin"), "ticks", body(subject, **(tick | change)))
        assert list(refused.value.extra["errors"]) == [field]
    with pytest.raises(Forbidden):
        file(rt, who(rt, "A1", "supporter_admin"), "ticks", body(about(rt, "posting", "P1"), **(tick | {
            "rule_id": "ZZ-17", "item": "rules", "period": "once"})))  # fmt: skip


def test_what_a_record_touches_is_everybody_who_reads_it(rt):
    with rt.db.read() as session:
        subject = subjects.load(session, about(rt, "posting", "P1"))
    kinds = [one.partition(":")[0] for one in subject.touched()]
    assert sorted(set(kinds)) == ["county", "doctor", "pair", "posting", "recipient", "supporter", "team"]
    assert subject.programmes() == (PROGRAMME,)


TICK = {"programme_id": PROGRAMME, "rule_id": "ZZ-17", "period": "once", "item": "rules", "yes": True}


@pytest.mark.parametrize(("subject", "change", "field"), [
    (("posting", "P1"), {"period": "2026-11"}, "period"),
    (("posting", "P1"), {"rule_id": "ZZ-21", "item": "medical_office", "period": "2026-11"}, "period"),  # asked of each week
    (("posting", "P1"), {"rule_id": "ZZ-21", "item": "medical_office", "period": "once"}, "period"),
])  # fmt: skip
def test_a_tick_that_no_period_of_its_rule_would_hold_is_refused(rt, subject, change, field):
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "D1", "doctor"), "ticks", body(about(rt, *subject), **(TICK | change)))
    assert list(refused.value.extra["errors"]) == [field]


def test_a_tick_of_the_posting_or_of_the_week_is_kept(rt):
    for change in ({}, {"rule_id": "ZZ-21", "item": "training", "period": "2026-W46"}):
        assert file(rt, who(rt, "D1", "doctor"), "ticks", body(about(rt, "posting", "P1"), **(TICK | change))).created


def test_what_is_asked_of_each_posting_is_ticked_about_one():
    rule = shipped()["fukang-mulei-2009"].rule("FK-10")
    ticked_for(rule, "once", subjects.Subject("posting", "P"))
    with pytest.raises(InvalidBody) as refused:
        ticked_for(rule, "once", subjects.Subject("supporter", "S"))
    assert list(refused.value.extra["errors"]) == ["about"]


def test_only_the_office_that_the_programme_names_registers_a_posting(rt):
    sent = {"number": "备〔2026〕7号", "date": "2026-11-10"}
    with pytest.raises(Forbidden):
        file(rt, who(rt, "C1", "county_officer"), "registrations", body(about(rt, "posting", "P1"), **sent))
    assert file(rt, who(rt, "A1", "supporter_admin"), "registrations", body(about(rt, "posting", "P1"), **sent)).created
