"""`qa doctor`: what is set up, what is not, and how to mend it."""

from pathlib import Path

from loopback import Error, Html, Loopback
from program import Program

KEY = "sk-proj-NotToBeSeenAnywhere1"


def test_a_sound_set_up_is_exit_0(qa: Program) -> None:
    done = qa.run("doctor")
    assert done.code == 0 and done.err == ""
    assert "✗" not in done.out
    states = {row["what"]: row["state"] for row in qa.call("doctor", "--json").json}
    assert states == {
        "python": "ok", "prompts": "ok", "seeds": "ok", "embedder": "ok", "index": "ok", "model": "off",
    }  # fmt: skip


def test_doctor_builds_nothing(qa: Program, tmp_path: Path) -> None:
    fresh = Program(tmp_path / "home", tmp_path)
    done = fresh.call("doctor")
    assert done.code == 0 and "the first question indexes the bundled articles" in done.out
    assert not (tmp_path / "home").exists()


def test_each_thing_that_is_wrong_says_how_to_mend_it(qa: Program, paper: Path, tmp_path: Path) -> None:
    def wrong(program: Program, *options: str) -> str:
        done = program.call("doctor", *options)
        assert done.code == 1 and done.err == "1 thing to mend: what to do stands beside each ✗.\n", done
        (line,) = (line for line in done.out.splitlines() if line.startswith("✗"))
        return line

    assert "qa index PATH" in wrong(qa, "--index", "none")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "articles.sqlite").write_bytes(b"nonsense" * 999)
    assert "--rebuild" in wrong(qa, "--index", str(damaged))
    assert "OPENAI_API_KEY" in wrong(qa, "--model", "gpt-9")
    assert "--model or QA_MODEL" in wrong(qa.set(OPENAI_BASE_URL="http://127.0.0.1:9/v1"))
    keyed = qa.set(OPENAI_API_KEY=KEY, QA_MODEL="m")
    for url in ("http://127.0.0.1:9/v1", "ftp://x", "nonsense", "http://[/v1"):
        line = wrong(keyed.set(OPENAI_BASE_URL=url))
        assert "OPENAI_BASE_URL" in line or "Set one such as" in line
    with Loopback(Html()) as server:
        keyed = keyed.set(OPENAI_BASE_URL=server.url)
        assert keyed.call("doctor").code == 0  # it answers, if only that it knows no such page
        server.take = lambda request: Error(401, f"Incorrect API key: {KEY}")  # type: ignore[method-assign]
        line = wrong(keyed)
        assert "Check OPENAI_API_KEY" in line and KEY not in line
    (tmp_path / "qa.toml").write_text("bad = 1")
    assert "qa.toml" in wrong(qa)
