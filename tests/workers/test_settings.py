import pytest

from workers.errors import SettingsError
from workers.settings import load_settings

SAFE = {
    "environment": "production",
    "secret": "s" * 32,
    "database_url": "postgresql+psycopg://db/imagegen",
    "broker_url": "redis://broker/0",
    "api_tokens": "t" * 24,
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("IMAGEGEN_"):
            monkeypatch.delenv(name)


def test_nothing_given_everything_lives_under_the_data_folder(tmp_path):
    settings = load_settings(data_dir=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/imagegen.db"
    assert settings.blobs_url == str(tmp_path / "blobs")
    assert settings.broker_url.startswith("filesystem")


def test_environment_is_read_with_its_prefix(monkeypatch, tmp_path):
    monkeypatch.setenv("IMAGEGEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("IMAGEGEN_STYLE_PATHS", f"{tmp_path}/a:{tmp_path}/b")
    monkeypatch.setenv("IMAGEGEN_LEASE_S", "7")
    settings = load_settings()
    assert settings.style_paths == (tmp_path / "a", tmp_path / "b")
    assert settings.lease_s == 7


def test_safe_production_starts():
    assert load_settings(**SAFE).environment == "production"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret": ""}, "IMAGEGEN_SECRET"),
        ({"secret": "short"}, "IMAGEGEN_SECRET"),
        ({"database_url": ""}, "IMAGEGEN_DATABASE_URL"),
        ({"broker_url": ""}, "IMAGEGEN_BROKER_URL"),
        ({"allow_private_photo_hosts": True}, "IMAGEGEN_ALLOW_PRIVATE_PHOTO_HOSTS"),
    ],
)
def test_unsafe_production_refuses_to_start_and_names_the_setting(change, named):
    with pytest.raises(SettingsError, match=named):
        load_settings(**SAFE | change)


def test_all_faults_are_told_at_once():
    with pytest.raises(SettingsError) as told:
        load_settings(environment="production")
    assert "IMAGEGEN_SECRET" in str(told.value)
    assert "IMAGEGEN_BROKER_URL" in str(told.value)


def test_a_secret_is_never_printed():
    assert "s" * 32 not in repr(load_settings(**SAFE))


def test_a_number_out_of_range_names_the_variable():
    with pytest.raises(SettingsError, match="IMAGEGEN_LEASE_S"):
        load_settings(lease_s=-1)
