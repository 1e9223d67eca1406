import pytest

from imagegen.feedback import ADVICE, Reason, ask_again


def test_every_reason_has_a_label_for_people():
    assert set(ADVICE) == set(Reason)
    assert all(advice.label for advice in ADVICE.values())


@pytest.mark.parametrize("reason", [r for r in Reason if not ADVICE[r].changes])
def test_a_reason_without_a_change_says_what_a_person_should_mend(reason):
    assert ADVICE[reason].remedy


def test_asking_again_because_it_was_dark_adds_light_to_what_was_asked_before():
    again = ask_again({"sku": "A", "exposure_ev": 0.4}, Reason.TOO_DARK, {})
    assert again == {"sku": "A", "exposure_ev": pytest.approx(0.8)}


def test_explicit_changes_win_over_the_reason():
    again = ask_again({"variant": 2}, Reason.WRONG_PLACE, {"variant": 0, "room": "bedroom"})
    assert again == {"variant": 0, "room": "bedroom"}


def test_asking_again_without_a_reason_changes_only_what_is_said():
    assert ask_again({"seed": 5}, None, {"seed": 6}) == {"seed": 6}
