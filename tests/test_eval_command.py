"""`qa eval` from the outside: what it prints, its exit codes, baselines, recordings, resuming."""

import json

import pytest
from eval_bench import GOLD, KEY, OPEN, REFUSED, REOPENED, VAGUE, Bench, by_model, good, timeless, verdict
from loopback import Error, Text
from program import Program

from qa.evaluation import simulation


@pytest.fixture
def bench(reporter: Program) -> Bench:
    return Bench(reporter)


def test_a_good_run_shows_its_measures_and_exits_0(bench: Bench) -> None:
    done, _ = bench.serve(good)
    assert done.code == 0, done
    assert "right " in done.out and "100.0%" in done.out and "\x1b" not in done.out
    done, _ = bench.serve(good, options=["--json", "--quiet"])
    run = done.json
    assert (done.code, done.err, run["format"]) == (0, "", 1)
    assert [(r["id"], r["verdict"]) for r in run["items"]] == [("reopened", "right"), ("kittens", "right")]
    first = run["items"][0]
    assert (first["must_cite"], first["hit"], first["mrr"], first["stage"]) == (True, 1.0, 1.0, None)
    assert (first["input_tokens"], first["citations"][0]["article"]) == (100, "harbour")
    assert set(run["fingerprints"]) == {
        "corpus", "gold", "prompt", "model", "embedder", "code", "settings", "judge", "recording",
    }  # fmt: skip


def test_what_is_not_right_is_named_with_its_stage(bench: Bench) -> None:
    done, _ = bench.serve(REOPENED)
    assert done.code == 0
    assert "kittens · wrong · wrongly answered" in done.out


def test_the_embedded_model_needs_no_service(bench: Bench) -> None:
    done = bench.run("--json")
    assert done.code == 0 and done.json["fingerprints"]["model"] == "offline"
    assert done.json["fingerprints"]["prompt"] == ""


def test_items_are_chosen_by_tag_and_id(bench: Bench) -> None:
    assert [r["id"] for r in bench.run("--json", "--tag", "date").json["items"]] == ["reopened"]
    assert [r["id"] for r in bench.run("--json", "--id", "kittens").json["items"]] == ["kittens"]


def test_repeats_are_trials(bench: Bench) -> None:
    done, server = bench.serve(good, options=["--json", "--repeat", "3"])
    assert [(r["id"], r["trial"]) for r in done.json["items"][:3]] == [("reopened", n) for n in (1, 2, 3)]
    assert len(server.requests) == 6


def test_several_at_once_come_out_in_order(bench: Bench) -> None:
    done, _ = bench.serve(good, options=["--json", "--repeat", "3", "--jobs", "3"])
    again, _ = bench.serve(good, options=["--json", "--repeat", "3"])
    assert timeless(done.json) == timeless(again.json)


def test_a_rate_limit_slows_down_and_costs_no_item(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.evaluation.pacing.FIRST_WAIT", 0.01)
    limit = Error(429, "slow down", headers={"Retry-After-Ms": "1"})
    done, _ = bench.serve(*[limit] * 4, good, options=["--json"])
    assert done.code == 0 and [r["verdict"] for r in done.json["items"]] == ["right", "right"]


def test_recordings_are_replayed_without_a_service(bench: Bench) -> None:
    done, server = bench.serve(
        by_model(VAGUE, verdict("right")), options=["--record", "tape", "--judge", "gpt-judge"], gold=OPEN
    )
    assert done.code == 0 and len(server.requests) == 2
    tape = bench.program.folder / "tape"
    files = sorted(tape.glob("*.json"))
    assert len(files) == 2
    for file in files:
        stored = file.read_text()
        assert KEY not in stored and json.loads(stored)["labels"]["service"] == "127.0.0.1"
    one, two = (bench.run("--json", "--replay", "tape", "--judge", "gpt-judge", gold=OPEN) for _ in range(2))
    assert one.code == 0 and timeless(one.json) == timeless(two.json)
    assert one.json["fingerprints"]["recording"] == "replayed"
    assert one.json["fingerprints"]["model"] == "gpt-test" and "gpt-judge judge@" in one.json["fingerprints"]["judge"]
    assert one.json["items"][0]["reason"] == "judge: It says so."


def test_a_baseline_that_was_better_is_a_regression(bench: Bench) -> None:
    critical = GOLD.replace("    tags: [date]", "    severity: critical")
    done, _ = bench.serve(good, options=["--output", "base.json"], gold=critical)
    assert done.code == 0
    done, _ = bench.serve(Text("INSUFFICIENT: all of it"), options=["--baseline", "base.json"], gold=critical)
    assert done.code == 1 and "wrongly refused" in done.out
    assert done.err.startswith("gpt-test") or "Worse" in done.err
    done, _ = bench.serve(good, options=["--baseline", "base.json"], gold=critical)
    assert done.code == 9, "two items cannot show that nothing changed"


def test_reports_are_written(bench: Bench) -> None:
    for ending in ("html", "md", "xml"):
        assert bench.run("--report", f"report.{ending}").code == 0
        assert (bench.program.folder / f"report.{ending}").stat().st_size > 100


def test_lint_shows_doubts(bench: Bench) -> None:
    done = bench.run("--lint")
    assert (done.code, done.out) == (0, ""), done
    doubtful = GOLD.replace("any_of: [harbour]", "any_of: [no-such-article]")
    done = bench.run("--lint", gold=doubtful)
    assert done.code == 1 and "no-such-article" in done.out
    assert bench.run("--lint", "--json", gold=doubtful).json["items"] == 2


def test_calibration_of_the_scorer(bench: Bench) -> None:
    rows = [("Oslo", True), ("Bergen", False), ("Oslo.", True), ("Rome", False)]
    lines = "".join(
        json.dumps({"question": "Which city?", "gold_answers": ["Oslo"], "answer": a, "human_correct": ok}) + "\n"
        for a, ok in rows
    )
    bench.file("people.jsonl", lines)
    done = bench.run("--calibrate", "people.jsonl", "--json")
    assert done.code == 0
    assert {k: done.json[k] for k in ("items", "decided", "accuracy", "kappa", "false_pass")} == {
        "items": 4, "decided": 1.0, "accuracy": 1.0, "kappa": 1.0, "false_pass": 0.0,
    }  # fmt: skip


def test_the_simulation_shows_that_the_comparison_keeps_its_promise(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = [(b.items, b.drop, b.share) for b in simulation.BOUNDS]
    assert promised == [(100, 0.0, 0.05), (200, 0.0, 0.05), (100, 0.1, 0.65), (200, 0.1, 0.95)]
    assert simulation.PAIRS == 1000
    # A minute and a half is too long for a test: fewer pairs, and the shorter two rows.
    monkeypatch.setattr(simulation, "PAIRS", 100)
    monkeypatch.setattr(simulation, "BOUNDS", simulation.BOUNDS[::2])
    done = bench.program.call("eval", "--simulate")
    assert done.code == 0 and len(done.out.splitlines()) == 3, done
    assert "at most 5%" in done.out and "at least 65%" in done.out and "2 of 2" in done.err
    done = bench.program.call("eval", "--simulate", "--json", "--quiet")
    assert (done.code, done.err, done.json["holds"]) == (0, "", True)
    assert [(row["items"], row["drop"]) for row in done.json["rows"]] == [(100, 0), (100, 0.1)]
    monkeypatch.setattr(simulation, "BOUNDS", (simulation.Bound(20, 0.1, 0.95),))
    done = bench.program.call("eval", "--simulate")
    assert done.code == 1 and "NOT KEPT" in done.out and "does not keep its promise: at least 95% of 20" in done.err


def test_a_broken_critical_item_fails_though_another_one_is_an_error(bench: Bench) -> None:
    critical = GOLD.replace("    tags: [date]", "    severity: critical")
    assert bench.serve(good, options=["--output", "base.json"], gold=critical)[0].code == 0
    done, _ = bench.serve(REFUSED, Error(400, "no"), options=["--baseline", "base.json"], gold=critical)
    assert done.code == 1 and "1 critical item broke (reopened)" in done.err, done


def test_a_result_knows_its_gold_and_an_id_that_is_none_is_said(bench: Bench) -> None:
    first, second = bench.run("--json").json["items"]
    assert (first["where"], second["where"]) == ("gold.yaml:3", "gold.yaml:8")
    assert len(first["gold"]) == 16 and first["gold"] != second["gold"]
    assert bench.run("--id", "reopened", "--id", "reopend").failed(9, "No gold item reopend")
