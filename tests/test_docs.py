import re
from pathlib import Path

from workers.settings import Settings

ROOT = Path(__file__).parent.parent


def test_every_setting_is_told_in_the_configuration_page():
    told = (ROOT / "docs/configuration.md").read_text()
    missing = [name for name in Settings.model_fields if f"_{name.upper()}`" not in told]
    assert missing == []


def test_every_link_between_our_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("demo/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
