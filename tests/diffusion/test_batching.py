from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagegen.diffusion.batching import Batcher, cost
from imagegen.diffusion.request import Request, Sampling


@cache
def canvas(side):
    return np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.float32)


def request(style="a", *, side=8, steps=10, seed=0):
    picture, keep = canvas(side)
    return Request("mini", "a room", "", seed, picture, keep, style=style, sampling=Sampling(steps=steps))


@dataclass(eq=False)
class Asked:
    request: Request
    at: float = 0.0


def asked(number, style="a", **more):
    return [Asked(request(style, seed=seed, **more)) for seed in range(number)]


def filled(batcher, *groups):
    for group in groups:
        for each in group:
            batcher.add(each, 0.0)
    return batcher


def drained(batcher, now=0.0):
    """All batches, one right after the other."""
    batches = []
    while batch := batcher.take(now):
        batcher.ended(now)
        batches.append(batch)
    return batches


ONE = cost(request())
FOREVER = float("inf")
keys = st.tuples(st.sampled_from("abc"), st.sampled_from([8, 16]), st.sampled_from([2, 5]))
caps = st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), min_size=3)


@st.composite
def days(draw):
    """What comes and what is done about it, in order: (seconds later, a request that comes or None for a batch)."""
    steps = st.tuples(st.floats(0, 3), st.none() | keys)
    return draw(st.lists(steps, max_size=60))


@given(days(), caps, st.floats(0.5, 20), st.floats(0, 0.4), st.floats(10, 1e5))
def test_whatever_comes_is_taken_once_with_its_equals_within_the_cap_and_in_order(day, cap, age, window, quantum):
    batcher = Batcher(lambda key: cap[key[1]], quantum=quantum, max_age_s=age, window_s=window)
    now, came, taken = 0.0, [], []

    def batch():
        oldest = min((each.at for each in came if each not in taken), default=0.0)
        found = batcher.take(now)
        assert bool(found) == (len(came) > len(taken) and batcher_was_due)
        if found:
            assert len({each.request.key for each in found}) == 1
            assert len(found) <= cap[found[0].request.style]
            assert now - oldest < age or oldest in {each.at for each in found}  # of two as old, either
            taken.extend(found)
        batcher.ended(now)

    for later, what in day:
        now += later
        batcher_was_due = batcher.due(now) == 0
        if what is None:
            batch()
        else:
            style, side, steps = what
            came.append(Asked(request(style, side=side, steps=steps), now))
            batcher.add(came[-1], now)
        assert len(batcher) == len(came) - len(taken)
    while batcher.due(now) is not None:
        now += batcher.due(now)
        batcher_was_due = True
        batch()
    assert len(taken) == len(set(map(id, taken))) == len(came)
    for key in {each.request.key for each in came}:
        assert [e for e in taken if e.request.key == key] == [e for e in came if e.request.key == key]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 6)), min_size=2, max_size=4), st.floats(50, 1e4))
def test_keys_that_always_wait_get_equal_shares_to_a_quantum_and_a_batch(kinds, quantum):
    """Whatever their pictures cost and however many fit together."""
    cap = {f"s{number}": most for number, (most, _) in enumerate(kinds)}
    batcher = Batcher(lambda key: cap[key[1]], quantum=quantum, max_age_s=FOREVER, window_s=0)
    groups = [asked(300, f"s{number}", steps=steps) for number, (_, steps) in enumerate(kinds)]
    filled(batcher, *groups)
    served = dict.fromkeys(cap, 0.0)
    largest = max(most * cost(group[0].request) for (most, _), group in zip(kinds, groups, strict=True))
    left = dict.fromkeys(cap, 300)
    while True:
        batch = batcher.take(0.0)
        batcher.ended(0.0)
        style = batch[0].request.style
        served[style] += sum(cost(each.request) for each in batch)
        left[style] -= len(batch)
        if not left[style]:
            break
        assert max(served.values()) - min(served.values()) <= quantum + largest


@given(days(), caps)
def test_the_same_day_gives_the_same_batches(day, cap):
    def lived():
        batcher, now, told = Batcher(lambda key: cap[key[1]], quantum=500, max_age_s=4, window_s=0.2), 0.0, []
        for number, (later, what) in enumerate(day):
            now += later
            if what is None:
                told.append([each.request.seed for each in batcher.take(now)])
                batcher.ended(now)
            else:
                style, side, steps = what
                batcher.add(Asked(request(style, side=side, steps=steps, seed=number), now), now)
        return told

    assert lived() == lived()


def test_a_style_keeps_the_model_until_its_quantum_is_spent():
    batcher = Batcher(lambda _: 2, quantum=4 * ONE, max_age_s=FOREVER, window_s=0)
    filled(batcher, asked(8, "a"), asked(4, "b"))
    styles = [batch[0].request.style for batch in drained(batcher)]
    assert styles == ["a", "a", "b", "b", "a", "a"]


def test_a_style_that_comes_back_within_its_quantum_goes_on_before_another():
    batcher = Batcher(lambda _: 4, quantum=4 * ONE, max_age_s=FOREVER, window_s=0)
    filled(batcher, asked(1, "a"))
    assert batcher.take(0.0)
    filled(batcher, asked(1, "b"), asked(1, "a"))
    batcher.ended(1.0)
    assert [batch[0].request.style for batch in drained(batcher, 1.0)] == ["a", "b"]


def test_whoever_is_too_old_comes_before_the_styles_whose_turn_it_is():
    batcher = Batcher(lambda _: 1, quantum=1000 * ONE, max_age_s=5, window_s=0)
    filled(batcher, asked(1, "a"))
    batcher.take(0.0)
    filled(batcher, asked(1, "b"))
    for each in asked(4, "a"):
        batcher.add(each, 2.0)
    batcher.ended(3.0)
    order = []
    for now in (3.0, 4.0, 5.0, 6.0, 7.0):
        order += [each.request.style for each in batcher.take(now)]
        batcher.ended(now)
    assert order == ["a", "a", "b", "a", "a"]


def test_an_idle_model_lets_nobody_wait_and_a_busy_one_waits_for_company():
    batcher = Batcher(lambda _: 3, window_s=0.5)
    first, second, third, fourth = asked(4)
    assert batcher.due(0.0) is None
    batcher.add(first, 10.0)
    assert batcher.due(10.0) == 0
    assert batcher.take(10.0) == [first]
    batcher.add(second, 12.0)
    batcher.ended(12.1)
    assert batcher.due(12.1) == pytest.approx(0.4)
    assert batcher.take(12.1) == []
    batcher.add(third, 12.2)
    assert batcher.take(12.5) == [second, third]
    batcher.ended(13.0)
    batcher.add(fourth, 13.6)
    assert batcher.due(13.6) == 0


def test_a_full_batch_does_not_wait_for_more():
    batcher = Batcher(lambda _: 2, window_s=5)
    filled(batcher, asked(1))
    batcher.take(0.0)
    filled(batcher, asked(2))
    batcher.ended(0.1)
    assert len(batcher.take(0.1)) == 2


def test_what_is_given_up_while_it_waits_is_not_taken():
    batcher = Batcher(lambda _: 4)
    one, two = asked(2)
    filled(batcher, [one, two])
    assert batcher.discard(one)
    assert not batcher.discard(one)
    assert batcher.take(0.0) == [two]
    assert not batcher.discard(two)
    assert batcher.due(0.0) is None


def test_a_turn_without_a_quantum_is_refused():
    with pytest.raises(ValueError, match="quantum"):
        Batcher(lambda _: 1, quantum=0)
