"""The page in a real browser: its script runs, what answers hold does not, nothing is fetched."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from runs_by_hand import citation, many, passage, result, run

from qa.evaluation.comparison import compare
from qa.evaluation.report import write_report

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --hide-scrollbars"
).split()
ATTACK = "<script>document.documentElement.dataset.attack='ran'</script><img src=x onerror=\"document.title='attack'\">"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    items = many(
        40,
        8,
        tags=("date",),
        retrieved=(passage("a", 0),),
        confidence=0.5,
        citations=(citation(1, "It runs to December 16."),),
    )
    attack = result("attack", "wrong", answer=ATTACK, question=ATTACK, tags=("place",), f1=0.9)
    path = tmp_path_factory.mktemp("report") / "report.html"
    new = run([*items, attack, result("odd id&#34;", "wrong", tags=("place",), f1=0.5)])
    write_report(new, compare(run(many(48)), new), path)
    return path


def chromium(page: Path, hash: str, tmp_path: Path, *flags: str) -> str:
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [str(CHROMIUM), *FLAGS, profile, *flags, f"{page.as_uri()}{hash}"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def rows(dom: str) -> dict[str, bool]:
    """Whether each question is shown, in the order of the table."""
    bodies = re.findall(r'<tbody ([^>]*id="item-[^>]*)>', dom)
    return {re.search(r'id="item-([^"]*)"', body)[1]: ' hidden=""' not in body for body in bodies}  # type: ignore[index]


def test_the_script_filters_and_sorts_by_the_address(page, tmp_path):
    dom = chromium(page, "#outcome=wrong&tag=place&sort=f1", tmp_path, "--dump-dom")
    assert 'data-script="ran"' in dom
    found = rows(dom)
    assert len(found) == 50
    shown = [id for id, visible in found.items() if visible]
    assert [id[:3] for id in shown] == ["odd", "att"]
    assert re.search(r'<form id="filter">', dom), "the controls are still hidden"
    assert 'aria-sort="ascending"' in dom


def test_words_are_searched_in_the_evidence_too(page, tmp_path):
    shown = [
        id for id, visible in rows(chromium(page, "#q=runs+to+dECEMBER", tmp_path, "--dump-dom")).items() if visible
    ]
    assert len(shown) == 48


def test_an_address_opens_one_question(page, tmp_path):
    dom = chromium(page, "#item-q3", tmp_path, "--dump-dom")
    own = dom[dom.index('id="item-q3"') :]
    assert re.match(r'<details class="item" open="">', own[own.index("<details") :])


def test_scripts_in_answers_do_not_run_and_nothing_is_fetched(page, tmp_path):
    log = tmp_path / "net.json"
    dom = chromium(page, "", tmp_path, "--dump-dom", f"--log-net-log={log}")
    assert "data-attack" not in dom.replace(ATTACK, "").partition("<body")[0] and "<title>attack" not in dom
    resources = re.findall(r'<(?!a )[a-z]+[^>]*\s(?:src|href|srcset)="?([^"\s>]+)', dom)
    assert resources == []
    # What the page itself asks for; the browser's own services are not its doing.
    assert "news.example" not in log.read_text()


def test_nothing_is_wider_than_a_telephone(page, tmp_path):
    frame = tmp_path / "frame.html"
    measure = "document.title = this.contentDocument.documentElement.scrollWidth"
    frame.write_text(f'<iframe src="{page.as_uri()}" width="400" height="900" onload="{measure}" style="border:0">')
    dom = chromium(frame, "", tmp_path, "--dump-dom", "--allow-file-access-from-files", "--virtual-time-budget=5000")
    assert "<title>400</title>" in dom


def test_the_curve_of_risk_is_drawn_with_a_text_in_its_place(page, tmp_path):
    dom = chromium(page, "", tmp_path, "--dump-dom")
    assert re.search(
        r'<svg[^>]*role="img" aria-label="Wrong: \d+% of the surest 25%[^>]*>.*?<path class="curve" d="M', dom
    )


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (1200, True), (500, False)])
def test_it_is_painted(page, tmp_path, width, dark):
    picture = tmp_path / "page.png"
    theme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    chromium(page, "", tmp_path, f"--screenshot={picture}", f"--window-size={width},900", *theme)
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and picture.stat().st_size > 20_000
