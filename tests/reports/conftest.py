"""A bulletin of the demonstration county, written once for all tests of this folder."""

import datetime
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pylopdf_fonts_zh_cn as noto
import pytest

from dashboard.reports.bulletin import bulletin
from dashboard.reports.facts import Choices, Facts
from dashboard.reports.files import Drawings, written
from dashboard.reports.model import Document
from dashboard.settings import Settings
from dashboard.store import Book, Store
from dashboard.warehouse import Warehouse

DAY = datetime.date(2026, 11, 1)
# a chart's place is a real drawing: charts themselves are tested with pictures
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="510" height="200"><rect width="510" height="200"/></svg>'


@pytest.fixture(scope="session")
def make_facts(demo_folder: Path) -> Callable[..., Facts]:
    snapshot, book = Warehouse(demo_folder).current(), Store(demo_folder).read()

    def make(**choices: object) -> Facts:
        own: Book = choices.pop("book", book)
        settings = choices.pop("settings", Settings.load(demo_folder))
        return Facts(snapshot, settings, own, Choices(**choices), DAY)

    return make


@pytest.fixture(scope="session")
def documents(make_facts: Callable[..., Facts]) -> dict[str, Document]:
    return {lang: bulletin(make_facts(quarter="2026Q3", lang=lang)) for lang in ("zh", "en")}


@pytest.fixture(scope="session")
def how(demo_folder: Path):
    return Settings.load(demo_folder).bulletin


@pytest.fixture(scope="session")
def word(documents: dict[str, Document], how) -> bytes:
    return written(documents["zh"], how, "docx", Drawings())


@pytest.fixture(scope="session")
def pdf(documents: dict[str, Document], how) -> bytes:
    return written(documents["zh"], how, "pdf", Drawings(svg=dict.fromkeys(("apart", "topics", "trend"), SQUARE)))


@pytest.fixture(scope="session")
def office_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], Path]:
    """A Word or PowerPoint file as LibreOffice sets it, with our fonts in place of the office's."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice on this machine (apt install libreoffice-writer libreoffice-impress)")
    folder = tmp_path_factory.mktemp("office")
    roles = {"仿宋_GB2312": "Serif", "楷体_GB2312": "Serif", "宋体": "Serif", "方正小标宋简体": "Serif", "黑体": "Sans"}
    alike = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>Noto {kind} SC</family></prefer></alias>'
        for name, kind in roles.items()
    )
    fonts = f"<dir>{noto.sans_path().parent}</dir><dir>/usr/share/fonts</dir><cachedir>{folder}/cache</cachedir>"
    (folder / "fonts.conf").write_text(f'<?xml version="1.0"?><fontconfig>{fonts}{alike}</fontconfig>', "utf-8")

    def convert(content: bytes, ending: str, to: str = "pdf") -> Path:
        source = folder / f"file.{ending}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder / "out"), str(source)]
        env = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
        subprocess.run(command, check=True, capture_output=True, timeout=180, env=env)
        return folder / "out" / f"file.{to}"

    return convert


@pytest.fixture(scope="session")
def pdf_text() -> Callable[..., str]:
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine (apt install poppler-utils)")

    def read(path: Path, *options: str) -> str:
        command = ["pdftotext", *(options or ("-layout",)), str(path), "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")

    return read
