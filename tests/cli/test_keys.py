import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.console import tame
from workers.records.keys import KEY

HEAD = "sku,name,category,width_cm,depth_cm,height_cm"


def test_a_key_is_shown_once_and_listed_without_its_secret(cli):
    made = cli("keys", "new", "shop-import", "--scope", "write", "--scope", "review", "--days", "30")
    assert made.code == 0
    text = made.out.strip()
    assert KEY.fullmatch(text)
    key_id, secret = text.split("_", 1)
    listed = cli("keys", "list")
    assert key_id in listed.out
    assert "review, write" in listed.words
    assert secret not in listed.out
    assert "live" in listed.words


def test_without_a_scope_a_key_may_only_look(cli):
    made = cli("keys", "new", "watcher", "--json").json
    assert made["scopes"] == ["read"]
    assert made["expires_at"]
    assert cli("keys", "new", "for ever", "--days", "0", "--json").json["expires_at"] is None


def test_a_revoked_key_says_so(cli):
    key = cli("keys", "new", "shop").out.strip()
    assert cli("keys", "revoke", key.split("_")[0]).code == 0
    assert cli("keys", "revoke", key).code == 0
    (row,) = cli("keys", "list", "--json").json
    assert (row["live"], bool(row["revoked_at"])) == (False, True)


@pytest.mark.parametrize(
    "words", [("revoke", "0" * 16), ("new", ""), ("new", "a\nb"), ("new", "x" * 61), ("new", "a", "--scope", "root")]
)
def test_what_makes_no_sense_is_bad_input(cli, words):
    assert cli("keys", *words).code == 2


def test_the_log_tells_who_did_what(cli, home):
    catalog = home / "goods.csv"
    catalog.write_text(f"{HEAD}\nSOFA-1,=SUM(A1),sofa,200,90,80\n")
    assert cli("catalog", "import", catalog).code == 0
    cli("keys", "new", "shop")
    created = cli("audit", "--kind", "product", "--json").json[0]
    assert (created["action"], created["subject"]) == ("create", "SOFA-1")
    assert created["by"].endswith("(command line)")
    assert "issue" in cli("audit", "--kind", "key").words
    assert "Nothing of that kind" in cli("audit", "--by", "nobody").words


def test_the_log_as_csv_is_all_of_it(cli):
    for number in range(3):
        cli("keys", "new", f"=key {number}")
    rows = list(csv.DictReader(io.StringIO(cli("audit", "--most", "0", "--csv").out)))
    assert [row["action"] for row in rows] == ["issue"] * 3
    assert len(list(csv.reader(io.StringIO(cli("audit", "--most", "2", "--csv").out)))) == 3


@given(st.text())
def test_no_cell_begins_a_formula(text):
    kept = str(tame(text))
    assert not kept.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert not kept.startswith(("\t", "\r", "\n"))
    assert kept in {text, f"'{text}"}


@given(st.one_of(st.integers(), st.floats(), st.none()))
def test_numbers_stay_numbers(number):
    assert tame(number) is number
