import threading

import pytest

from imagegen.diffusion import families, lock, store
from imagegen.diffusion.hub import Hub
from imagegen.diffusion.pulling import pull
from imagegen.errors import BadRequestError, BadWeightsError, MissingWeightsError
from tests.diffusion.files import few, fill, numbers, pinned, spec
from tests.diffusion.hubs import NEWEST, Shelf, serving

UNET = "unet/diffusion_pytorch_model.safetensors"
SD15 = few(spec("sd15"), "controls/depth", "lora/lcm", "lora/tcd", "preview_vae", "tokenizer", "unet", "vae")
MINI = families.family("mini")


@pytest.fixture
def upstream(tmp_path):
    """What the hub has of sd15."""
    return fill(SD15, tmp_path / "upstream")


@pytest.fixture
def shelf(upstream):
    held = Shelf()
    held.add(SD15, upstream)
    with serving(held):
        yield held


@pytest.fixture
def get(shelf, tmp_path):
    """Pull sd15 from the shelf into a mirror."""

    def go(page=SD15, *, trust_first=True, **asked):
        with Hub(shelf.url, pause_s=0.0) as hub:
            return pull(page, tmp_path / "mirror", hub, trust_first=trust_first, **asked)

    return go


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mirror" / "sd15"


def with_hash(page, target, name, sha256):
    """The page with the hash of one file in it."""
    files = page.parts[target].files | {name: families.File(sha256=sha256, source=page.parts[target].source(name))}
    part = page.parts[target].model_copy(update={"files": files})
    return page.model_copy(update={"parts": page.parts | {target: part}})


# what is here


def test_a_family_that_is_whole_can_be_loaded_and_has_a_name_for_its_weights(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    assert store.gaps(SD15, folder) == ()
    assert store.require(SD15, folder).family == "sd15"
    assert list(store.faults(SD15, folder)) == []
    assert len(store.weights_sha(SD15, folder)) == 64


def test_the_weights_name_follows_from_required_files_alone(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    before = store.weights_sha(SD15, folder)
    held = lock.read(folder)
    for target, changes in (("preview_vae", False), ("unet", True)):
        (folder / target / "diffusion_pytorch_model.safetensors").write_bytes(numbers(7, 7, 7))
        files = {name: lock.measure(folder / target / name) for name in held.parts[target].files}
        held = held.model_copy(update={"parts": held.parts | {target: lock.PinnedPart(files=files)}})
        lock.write(folder, held)
        assert (store.weights_sha(SD15, folder) != before) is changes


def test_what_is_missing_is_told_with_the_command_that_gets_it(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    (folder / UNET).unlink()
    (folder / "preview_vae/config.json").unlink()
    required, optional = store.gaps(SD15, folder)
    assert (required.target, required.files) == ("unet", ("diffusion_pytorch_model.safetensors",))
    assert (optional.target, optional.optional) == ("preview_vae", True)
    with pytest.raises(MissingWeightsError, match="diffusion_pytorch_model") as told:
        store.require(SD15, folder)
    assert told.value.hint == "Get it: imagegen models pull sd15 --trust-first"


def test_a_family_that_nobody_pulled_is_missing_altogether(tmp_path):
    assert {gap.target for gap in store.lacks(SD15, tmp_path / "sd15")} == set(SD15.required)


def test_files_without_a_lock_are_refused(tmp_path):
    with pytest.raises(BadWeightsError, match=r"no lock\.toml"):
        store.require(SD15, fill(SD15, tmp_path / "sd15"))


@pytest.mark.parametrize(
    "words",
    [
        "family = ",
        "family = 'sd15'\nparts = 3",
        "colour = 'red'",
        "family = 'a'\n[parts.unet.files.f]\nsha256 = 'x'\nbytes = 1",
    ],
)
def test_a_lock_that_says_nothing_is_refused(tmp_path, words):
    folder = pinned(SD15, tmp_path / "sd15")
    (folder / lock.NAME).write_text(words)
    with pytest.raises(BadWeightsError, match="no lock that can be read"):
        store.require(SD15, folder)


def test_what_comes_with_the_project_lies_there_unless_the_mirror_has_its_own(tmp_path):
    assert store.home(MINI, tmp_path) == families.HERE / "mini"
    (tmp_path / "mini").mkdir()
    assert store.home(MINI, tmp_path) == tmp_path / "mini"
    assert store.home(MINI, None) == families.HERE / "mini"
    assert store.home(SD15, tmp_path) == tmp_path / "sd15"


def test_what_comes_with_the_project_consists_of_what_its_lock_names(tmp_path):
    folder = tmp_path / "mini"
    for target in MINI.parts:
        (folder / target).mkdir(parents=True)
        (folder / target / "config.json").write_text("{}")
    assert {gap.target for gap in store.lacks(MINI, folder)} == set(MINI.parts)
    lock.write(folder, lock.pin_folder("mini", folder, dict.fromkeys(MINI.parts, ("config.json",))))
    assert store.lacks(MINI, folder) == ()
    (folder / "unet/config.json").unlink()
    assert [gap.target for gap in store.lacks(MINI, folder)] == ["unet"]


# whether it is what it was


def faults(folder, **asked):
    return {fault.path: fault.told for fault in store.faults(SD15, folder, **asked)}


def test_a_changed_file_is_found_and_named(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    content = bytearray((folder / UNET).read_bytes())
    content[-1] ^= 1
    (folder / UNET).write_bytes(content)
    (folder / "vae/config.json").write_text("{}")
    found = faults(folder)
    assert set(found) == {UNET, "vae/config.json"}
    assert "sha256" in found[UNET]
    assert "bytes instead of" in found["vae/config.json"]
    with pytest.raises(BadWeightsError, match="not what it was") as told:
        store.refuse_faults(SD15, folder)
    assert "imagegen models verify sd15" in told.value.hint


def test_only_the_parts_that_are_asked_for_are_read(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    (folder / UNET).write_bytes(b"")
    heard = []
    assert faults(folder, targets=["vae"], hear=lambda path, _: heard.append(path)) == {}
    assert set(heard) == {"vae/config.json", "vae/diffusion_pytorch_model.safetensors"}


def test_a_lock_that_pins_another_file_than_the_page_is_found(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    page = with_hash(SD15, "unet", "diffusion_pytorch_model.safetensors", "0" * 64)
    assert "page says 000000000000" in {f.path: f.told for f in store.faults(page, folder)}[UNET]


def test_a_file_that_was_pinned_broken_is_found(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    (folder / UNET).write_bytes(numbers(1.0)[:-2])
    lock.write(folder, lock.pin_folder("sd15", folder, {t: tuple(p.files) for t, p in SD15.parts.items()}))
    assert "cut off" in faults(folder)[UNET]


def test_weights_that_are_no_numbers_are_found_when_asked_for(tmp_path):
    folder = fill(SD15, tmp_path / "sd15")
    (folder / UNET).write_bytes(numbers(1.0, float("nan")))
    lock.write(folder, lock.pin_folder("sd15", folder, {t: tuple(p.files) for t, p in SD15.parts.items()}))
    assert faults(folder) == {}
    assert "no finite numbers" in faults(folder, finite=True)[UNET]


@pytest.mark.parametrize("name", ["unet/diffusion_pytorch_model.bin", "model.ckpt", "unet/custom.py"])
def test_a_stranger_in_the_folder_is_refused(tmp_path, name):
    folder = pinned(SD15, tmp_path / "sd15")
    (folder / name).write_bytes(b"\x80\x04}.")
    with pytest.raises(BadWeightsError, match="program"):
        faults(folder)


def test_a_lock_is_written_whole_and_reads_the_same(tmp_path):
    folder = pinned(SD15, tmp_path / "sd15")
    held = lock.read(folder)
    text = (folder / lock.NAME).read_text()
    lock.write(folder, held)
    assert (folder / lock.NAME).read_text() == text
    assert [path.name for path in folder.iterdir() if path.is_file()] == [lock.NAME]


# weights of one's own


def of_our_own(page):
    """The page with a UNet that comes from no hub."""
    return page.model_copy(update={"parts": page.parts | {"unet": families.Part(licence="ours")}})


def test_weights_of_ones_own_are_pinned_beside_what_came_from_a_hub(get, shelf, folder):
    ours = of_our_own(SD15)
    get(ours)
    assert [gap.target for gap in store.lacks(ours, folder)] == ["unet"]
    assert not any("unet" in line for line in shelf.transfers())
    with pytest.raises(MissingWeightsError, match="to be pinned"):
        store.pin(ours, folder)
    (folder / "unet").mkdir()
    (folder / "unet/config.json").write_text("{}")
    (folder / UNET).write_bytes(numbers(1.0, 2.0))
    store.pin(ours, folder)
    assert list(store.faults(ours, folder)) == []
    before = store.weights_sha(ours, folder)
    (folder / UNET).write_bytes(numbers(1.0, 3.0))
    assert [fault.path for fault in store.faults(ours, folder)] == [UNET]
    assert get(ours, trust_first=False) == ()
    assert [fault.path for fault in store.faults(ours, folder)] == [UNET]
    store.pin(ours, folder)
    assert store.weights_sha(ours, folder) != before


def test_what_may_not_be_loaded_is_not_pinned(tmp_path):
    ours = of_our_own(SD15)
    folder = fill(SD15, tmp_path / "sd15")
    (folder / UNET).write_bytes(b"no weights")
    with pytest.raises(BadWeightsError, match="no safetensors file"):
        store.pin(ours, folder)
    assert not (folder / lock.NAME).exists()


# bringing it here


def test_a_pull_brings_every_required_file_and_pins_it(get, folder, upstream):
    fetched = get()
    assert set(fetched) == {f"{target}/{name}" for target in SD15.required for name in SD15.parts[target].files}
    assert (folder / UNET).read_bytes() == (upstream / UNET).read_bytes()
    held = lock.read(folder)
    assert held.parts["unet"].revision == SD15.parts["unet"].revision
    assert list(store.faults(SD15, folder)) == []
    assert not (folder / ".pulling").exists()
    assert "lora/lcm" not in held.parts


def test_optional_parts_come_when_they_are_asked_for(get, folder):
    get(extras=["preview_vae", "lora/tcd"])
    held = lock.read(folder)
    assert {"preview_vae", "lora/tcd"} <= set(held.parts)
    assert held.parts["lora/tcd"].revision == NEWEST
    with pytest.raises(BadRequestError, match="no optional part 'upscaler'"):
        get(extras=["upscaler"])


def test_a_second_pull_asks_for_nothing(get, shelf):
    get()
    shelf.asked.clear()
    assert get(trust_first=False) == ()
    assert shelf.asked == []


def test_hashes_that_nobody_knows_are_not_believed_unless_told_to(get, shelf, folder):
    with pytest.raises(BadRequestError, match="No hash is known of") as told:
        get(trust_first=False)
    assert "--trust-first" in told.value.hint
    assert shelf.asked == []
    assert not (folder / lock.NAME).exists()


def test_what_is_newest_is_taken_once_and_kept_afterwards(get, shelf, folder):
    get(extras=["lora/tcd"])
    (folder / "lora/tcd/pytorch_lora_weights.safetensors").unlink()
    shelf.asked.clear()
    get(extras=["lora/tcd"], trust_first=False)
    assert f"/api/models/h1t/TCD-SD15-LoRA/revision/{NEWEST}" in shelf.asked


def test_a_transfer_that_breaks_goes_on_where_it_was(get, shelf, folder, upstream):
    shelf.break_after = 800
    get()
    assert (folder / UNET).read_bytes() == (upstream / UNET).read_bytes()
    unet = [line for line in shelf.transfers() if line.startswith("/store") and "unet" in line]
    assert [line.partition(" ")[2] for line in unet if "safetensors" in line] == ["", "bytes=800-", "bytes=1600-"]


def test_a_pull_that_was_given_up_goes_on_with_the_bytes_that_came(get, shelf, folder, upstream):
    shelf.break_after = 300
    with pytest.raises(MissingWeightsError, match="did not come") as told:
        get()
    assert "1500 bytes that did are kept" in told.value.hint
    held = lock.read(folder)
    assert held is None or "controls/depth" not in held.parts
    assert not list(folder.glob("controls/*/*.safetensors"))
    shelf.break_after = 0
    shelf.asked.clear()
    get()
    assert [line.partition(" ")[2] for line in shelf.transfers() if "bytes=" in line][:1] == ["bytes=1500-"]
    assert list(store.faults(SD15, folder)) == []
    assert (folder / UNET).read_bytes() == (upstream / UNET).read_bytes()


def test_a_hub_without_ranges_begins_again(get, shelf, folder, upstream):
    shelf.break_after = 300
    with pytest.raises(MissingWeightsError):
        get()
    shelf.break_after, shelf.ranges = 0, False
    get()
    assert (folder / UNET).read_bytes() == (upstream / UNET).read_bytes()
    assert list(store.faults(SD15, folder)) == []


def test_a_file_of_another_hash_is_removed_and_named(get, shelf, folder, upstream):
    right = (upstream / UNET).read_bytes()
    shelf.lies["unet/diffusion_pytorch_model.fp16.safetensors"] = right[:-1] + b"\x7f"
    with pytest.raises(BadWeightsError, match=f"{UNET} has the sha256"):
        get()
    assert not (folder / UNET).exists()
    assert not [path for path in (folder / ".pulling").iterdir() if "unet__diffusion" in path.name]
    shelf.lies.clear()
    get()
    assert (folder / UNET).read_bytes() == right


def test_a_hub_that_offers_another_file_than_the_page_pins_is_refused_before_anything_comes(get, shelf, folder):
    with pytest.raises(BadWeightsError, match="instead of 000000000000"):
        get(with_hash(SD15, "unet", "diffusion_pytorch_model.safetensors", "0" * 64))
    assert not any("unet" in line and "safetensors" in line for line in shelf.transfers())
    assert not (folder / UNET).exists()


def test_a_hub_that_changed_a_file_after_it_was_pinned_is_refused(get, shelf, folder, upstream):
    get()
    (folder / UNET).unlink()
    shelf.add(SD15, upstream, **{UNET: numbers(6, 6, 6)})
    with pytest.raises(BadWeightsError, match="instead of"):
        get(trust_first=True)
    assert not (folder / UNET).exists()


def test_words_that_are_not_the_commits_are_refused(get, shelf, folder, upstream):
    said = (upstream / "unet/config.json").read_bytes()
    shelf.lies["unet/config.json"] = said.replace(b"0", b"1")
    with pytest.raises(BadWeightsError, match="not what the commit holds"):
        get()
    assert not (folder / "unet/config.json").exists()


def test_a_hub_that_sends_more_than_it_promised_is_refused(get, shelf, upstream):
    shelf.lies["unet/config.json"] = (upstream / "unet/config.json").read_bytes() + b" " * 4_000_000
    with pytest.raises(BadWeightsError, match="longer than"):
        get()


def test_a_pickle_under_a_safe_name_is_not_put_in_its_place(get, shelf, folder, upstream):
    shelf.add(SD15, upstream, **{UNET: b"\x80\x04" + b"x" * 3000})
    with pytest.raises(BadWeightsError, match="no safetensors file"):
        get()
    assert not (folder / UNET).exists()


def test_a_model_that_upstream_deleted_is_told(get, shelf, folder):
    part = SD15.parts["unet"]
    del shelf.files[part.repo, part.revision, part.source("config.json")]
    with pytest.raises(MissingWeightsError, match=r"has no unet/config\.json") as told:
        get()
    assert "somebody's mirror" in told.value.hint


def test_a_hub_that_knows_no_such_model_or_is_not_there_is_told(get, shelf, tmp_path):
    shelf.files.clear()
    with pytest.raises(MissingWeightsError, match="answers 404"):
        get()
    with (
        Hub("http://127.0.0.1:9", pause_s=0.0) as nowhere,
        pytest.raises(MissingWeightsError, match="cannot be reached"),
    ):
        pull(SD15, tmp_path / "other", nowhere, trust_first=True)


def test_a_file_that_another_family_has_is_linked_rather_than_fetched(shelf, tmp_path):
    plain, union = spec("sdxl"), spec("sdxl-union")
    shelf.add(union, fill(union, tmp_path / "xl"))
    shelf.add(plain, fill(plain, tmp_path / "xl"))
    with Hub(shelf.url) as hub:
        pull(plain, tmp_path / "mirror", hub, trust_first=True)
        shelf.asked.clear()
        pull(union, tmp_path / "mirror", hub, trust_first=True)
    large = {line for line in shelf.transfers() if line.startswith("/store") and line.endswith(".safetensors")}
    assert {line.split("/resolve/")[0] for line in large} == {"/store/xinsir/controlnet-union-sdxl-1.0"}
    assert (tmp_path / "mirror/sdxl" / UNET).samefile(tmp_path / "mirror/sdxl-union" / UNET)


def test_a_file_that_was_spoilt_here_is_fetched_again(get, folder, upstream):
    get()
    (folder / UNET).write_bytes(numbers(1.0))
    assert get(trust_first=False) == (UNET,)
    assert (folder / UNET).read_bytes() == (upstream / UNET).read_bytes()


def test_two_pulls_into_one_folder_do_not_meet(get, shelf, folder):
    inside, go_on = threading.Event(), threading.Event()

    def slow(path, here, size):
        del path, here, size
        inside.set()
        assert go_on.wait(30)

    first = threading.Thread(target=lambda: get(hear=slow))
    first.start()
    assert inside.wait(30)
    with pytest.raises(BadRequestError, match="Somebody else"):
        get()
    go_on.set()
    first.join()
    assert list(store.faults(SD15, folder)) == []


def test_progress_is_told_of_every_file(get):
    heard = {}
    get(hear=lambda path, here, size: heard.__setitem__(path, (here, size)))
    assert set(heard) == {f"{target}/{name}" for target in SD15.required for name in SD15.parts[target].files}
    assert all(here == size for here, size in heard.values())


def test_a_model_of_the_project_is_on_no_hub(get):
    with pytest.raises(BadRequestError, match="on no hub"):
        get(MINI)
