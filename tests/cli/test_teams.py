import io

import pytest

HEAD = "sku,name,category,width_cm,depth_cm,height_cm"


@pytest.fixture
def catalog(home):
    path = home / "goods.csv"
    path.write_text(f"{HEAD}\nCHAIR-9,A chair,chair,50,50,80\n")
    return path


def test_a_team_has_its_own_catalog_keys_people_and_log(cli, catalog, monkeypatch):
    assert cli("teams", "add", "outdoor", "--name", "Outdoor & Garden").code == 0
    assert cli("--team", "outdoor", "catalog", "import", catalog).code == 0
    cli("--team", "outdoor", "keys", "new", "shop")
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert "marketing of outdoor" in cli("--team", "outdoor", "people", "add", "tom", "--password-stdin").words
    for team, count in (("outdoor", 1), ("house", 0)):
        for words in (("catalog", "list"), ("keys", "list"), ("people", "list"), ("audit", "--kind", "product")):
            assert len(cli("--team", team, *words, "--json").json) == count, (team, words)
    assert cli("catalog", "list", "--json").json == []
    assert [row["team_id"] for row in cli("people", "list", "--json").json] == ["outdoor"]
    assert "CHAIR-9" in cli("--team", "outdoor", "catalog", "show", "CHAIR-9").words
    assert cli("catalog", "show", "CHAIR-9").code == 2


def test_the_settings_may_say_whose_work_it_is(cli, catalog, monkeypatch):
    from workers.settings import get_settings

    cli("teams", "add", "outdoor")
    monkeypatch.setenv("IMAGEGEN_TEAM", "outdoor")
    get_settings.cache_clear()
    cli("catalog", "import", catalog)
    assert len(cli("catalog", "list", "--json").json) == 1
    assert cli("--team", "house", "catalog", "list", "--json").json == []


def test_a_team_that_does_not_exist_is_told(cli, catalog):
    said = cli("--team", "nobody", "catalog", "import", catalog)
    assert said.code == 2
    assert "nobody" in said.err


@pytest.mark.parametrize("word", ["", "A", "UPPER", "with space", "x" * 41, "-a", "../a"])
def test_what_cannot_be_a_team(cli, word):
    assert cli("teams", "add", "--", word).code == 2


def test_teams_are_listed_with_what_they_use_and_may_use(cli, catalog):
    cli("teams", "add", "outdoor")
    assert cli("teams", "limit", "outdoor", "--scenes-a-day", "500").code == 0
    house, outdoor = cli("teams", "list", "--json").json
    assert (house["id"], house["allowed"]["scenes_a_day"]) == ("house", 0)
    assert (outdoor["id"], outdoor["allowed"]["scenes_a_day"]) == ("outdoor", 500)
    assert "0 / 500" in cli("teams", "list").out
    assert cli("teams", "limit", "outdoor", "--usual").code == 0
    assert cli("teams", "list", "--json").json[1]["allowed"]["scenes_a_day"] == 0
    assert cli("teams", "limit", "outdoor").code == 2
    assert cli("teams", "limit", "outdoor", "--scenes-queued", "99999999999").code == 2
    assert cli("teams", "add", "outdoor").code == 1
