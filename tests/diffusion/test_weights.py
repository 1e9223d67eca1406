import struct
from pathlib import Path

import pytest

from imagegen.diffusion import weights
from imagegen.errors import BadWeightsError
from tests.diffusion.files import header, numbers, safetensors

DATA = struct.pack("<4f", 1, 2, 3, 4)
GOOD = safetensors({"__metadata__": {"format": "pt"}, "a": header((2, 2)), "b": header((0,), "F16", 16, 16)}, DATA)


@pytest.fixture
def put(tmp_path):
    def write(content, name="model.safetensors"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


def refused(path):
    with pytest.raises(BadWeightsError) as caught:
        weights.refuse_bad(path)
    assert str(path) in caught.value.message
    assert caught.value.where == str(path)
    return caught.value.message


def test_a_whole_file_tells_its_tensors_in_order(put):
    found = weights.tensors(put(GOOD))
    assert [(t.name, t.shape, t.end - t.start) for t in found] == [("a", (2, 2), 16), ("b", (0,), 0)]
    assert found[0].end == len(GOOD)


def test_a_file_of_the_real_library_is_taken(put):
    import numpy as np
    from safetensors.numpy import save

    content = save({"one": np.ones((3, 5), np.float16), "two": np.zeros((7,), np.int64)}, {"by": "us"})
    weights.refuse_bad(put(content))


@pytest.mark.parametrize("length", [0, 7, 8, 20, len(GOOD) - 1])
def test_a_file_that_is_cut_off_is_refused(put, length):
    assert f"it has {length} " in refused(put(GOOD[:length]))


def test_a_file_with_more_than_its_header_knows_is_refused(put):
    assert "after its last tensor" in refused(put(GOOD + b"#!/bin/sh"))


def test_a_header_that_would_fill_the_memory_is_refused_before_it_is_read(put):
    assert "header would have" in refused(put(struct.pack("<Q", 1 << 60) + b"{}"))


@pytest.mark.parametrize("raw", [b"not json", b"[1, 2]", b"\xff\xfe", b'{"a": 1', b"[" * 100_000])
def test_a_header_that_is_no_table_is_refused(put, raw):
    assert "no safetensors file" in refused(put(safetensors(raw)))


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"a": header((5,))}, "does not fill"),
        ({"a": header((4,), end=12)}, "does not fill"),
        ({"a": header((4,), start=16, end=0)}, "does not fill"),
        ({"a": header((-4,), end=16)}, "does not say"),
        ({"a": header((4,), start=-16, end=0)}, "does not say"),
        ({"a": header((True, 4))}, "does not say"),
        ({"a": header((4,), dtype="PICKLE")}, "does not say"),
        ({"a": "F32"}, "does not say"),
        ({"a": {"dtype": "F32", "shape": [4]}}, "does not say"),
        ({"a": header((4,)), "b": header((2,), start=8, end=16)}, "begins where another lies"),
        ({"a": header((2,), start=8, end=16)}, "nothing does"),
        ({"a": header((1 << 40,), end=1 << 42)}, "cut off"),
        (b'{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}, "a": 1}', "not JSON"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(put, head, told):
    assert told in refused(put(safetensors(head, DATA)))


@pytest.mark.parametrize(
    "name", ["model.ckpt", "model.pt", "a.pth", "pytorch_model.bin", "x.pkl", "x.npz", "MODEL.BIN"]
)
def test_a_pickle_is_refused_wherever_it_lies_in_the_folder(put, tmp_path, name):
    put(b"\x80\x04}.", f"unet/deep/{name}")
    with pytest.raises(BadWeightsError, match="pickle") as caught:
        weights.refuse_strangers(tmp_path)
    assert name in caught.value.where


def test_a_pickle_under_a_safe_name_is_refused(put):
    import pickle

    assert "no safetensors file" in refused(put(pickle.dumps({"a": [1.0] * 1000})))


def test_a_program_that_comes_with_a_model_is_refused(put, tmp_path):
    put(b"print()", "unet/modeling.py")
    with pytest.raises(BadWeightsError, match="program"):
        weights.refuse_strangers(tmp_path)


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(put, tmp_path):
    inside = put(GOOD, "family/unet/model.safetensors")
    inside.with_name("again.safetensors").symlink_to(inside)
    weights.refuse_strangers(tmp_path / "family")
    inside.with_name("out.safetensors").symlink_to(put(GOOD, "elsewhere.safetensors"))
    with pytest.raises(BadWeightsError, match="leads out"):
        weights.refuse_strangers(tmp_path / "family")


@pytest.mark.parametrize(
    ("name", "content"), [("config.json", b"{,}"), ("config.json", b"\xff"), ("merges.txt", b"\xff")]
)
def test_words_that_cannot_be_read_are_refused(put, name, content):
    assert "cannot be read" in refused(put(content, name))


def test_a_format_of_its_own_is_refused(put):
    assert "neither safetensors" in refused(put(b"GGUF", "model.gguf"))


def test_words_far_too_long_are_refused(put):
    assert "more than words" in refused(put(b" " * (weights.LONGEST_WORDS + 1), "config.json"))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_finite_numbers_are_found(put, bad):
    weights.refuse_infinite(put(numbers(0.0, -1e38, 1e-45)))
    with pytest.raises(BadWeightsError, match="no finite numbers"):
        weights.refuse_infinite(put(numbers(0.0, bad, 1.0)))


@pytest.mark.parametrize(
    ("dtype", "fine", "infinite"),
    [("F16", 0x7BFF, 0xFC00), ("BF16", 0x7F7F, 0x7F80), ("U16", 0xFFFF, None)],
)
def test_infinity_is_known_in_every_precision(put, dtype, fine, infinite):
    def of(bits):
        return safetensors({"a": header((1,), dtype, 0, 2)}, struct.pack("<H", bits))

    weights.refuse_infinite(put(of(fine)))
    if infinite is not None:
        with pytest.raises(BadWeightsError, match="no finite"):
            weights.refuse_infinite(put(of(infinite)))


def test_reading_headers_needs_no_torch():
    assert "torch" not in Path(weights.__file__).read_text()
