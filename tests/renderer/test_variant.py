import subprocess
import sys

import pytest

from imagegen import machine
from imagegen.errors import RendererUnavailableError
from imagegen.renderer import variant as chosen
from imagegen.renderer.backend import OVERRIDE, VARIANTS, choose, find_llvm


@pytest.fixture(autouse=True)
def fresh_choice():
    choose.cache_clear()
    yield
    choose.cache_clear()


def test_choice_names_a_variant_and_a_reason():
    choice = choose()
    assert choice.variant in VARIANTS
    assert choice.why
    assert chosen() == choice.variant


def test_override_is_heeded(monkeypatch):
    monkeypatch.setenv(OVERRIDE, "scalar_rgb")
    assert choose().variant == "scalar_rgb"


def test_override_that_names_nothing_is_refused(monkeypatch):
    monkeypatch.setenv(OVERRIDE, "fast")
    with pytest.raises(RendererUnavailableError, match="llvm_ad_rgb"):
        choose()


@pytest.mark.parametrize("name", ["libLLVM-14.so.1", "libLLVM-15.so", "libLLVM-99.so"])
def test_llvm_that_would_abort_the_process_is_never_taken(tmp_path, monkeypatch, name):
    old = tmp_path / name
    old.write_bytes(b"")
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", str(old))
    found = find_llvm()
    assert found is None or found[0] != str(old)


def test_newest_usable_llvm_wins(tmp_path, monkeypatch):
    for name in ("libLLVM-14.so.1", "libLLVM.so.18.1", "libLLVM.so.19.1", "libLLVM.so.40.0"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.delenv("DRJIT_LIBLLVM_PATH", raising=False)
    monkeypatch.setattr("imagegen.renderer.backend.LLVM_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    assert find_llvm() == (str(tmp_path / "libLLVM.so.19.1"), 19)


def test_machine_is_described_without_importing_the_path_tracer():
    code = (
        "import sys; from imagegen import machine; print(machine.fingerprint(), machine.describe());"
        "assert not {'mitsuba', 'drjit', 'scipy', 'torch'} & set(sys.modules), sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_fingerprint_is_plain_text_and_steady():
    assert machine.fingerprint() == machine.fingerprint()
    assert all(isinstance(value, str) for value in machine.describe().values())
    assert machine.fingerprint()["renderer"] == choose().variant
