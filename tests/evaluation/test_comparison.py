"""Two runs item by item: worse and noise, errors, what may not be compared, why an item flipped."""

import shlex
from dataclasses import replace

import pytest
from runs_by_hand import many, passage, result, run

from qa.errors import UsageError
from qa.evaluation.comparison import Comparison, compare
from qa.evaluation.results import Run


def notes(found: Comparison) -> str:
    return " ".join(found.notes)


def test_two_equal_runs_are_the_same_and_say_so():
    found = compare(run(many(80, 20)), run(many(80, 20)))
    assert found.verdict == "same" and not found.worse and not found.cannot_tell
    assert found.flips == () and found.notes == ()
    assert {m.judgement for m in found.measures} == {"same"}
    assert found.lines()[0] == "Same: no difference that matters."


def test_ten_of_a_hundred_broken_is_worse_by_mcnemar():
    found = compare(run(many(90, 10)), run(many(80, 20)))
    right = found.measures[0]
    assert (right.name, right.old, right.new) == ("right answers", 0.9, 0.8)
    assert (right.judgement, right.change.lost, right.change.gained) == ("worse", 10, 0)
    assert right.change.p == pytest.approx(2 * 0.5**10)
    assert found.worse and not found.cannot_tell
    assert found.lines()[0].startswith("Worse: right answers, F1 fell")


def test_and_the_other_way_round_better():
    assert compare(run(many(80, 20)), run(many(90, 10))).verdict == "better"


def test_a_graded_measure_alone_makes_it_worse():
    old = many(100)
    new = [replace(r, ndcg=0.5) if n < 40 else r for n, r in enumerate(old)]
    found = compare(run(old), run(new))
    assert found.measures[0].judgement == "same"
    assert [m.name for m in found.measures if m.judgement == "worse"] == ["nDCG"]
    assert found.worse


@pytest.mark.parametrize("items", [[], many(5), many(20, 2)])
def test_too_few_items_cannot_tell(items):
    found = compare(run(items), run(items))
    assert found.cannot_tell and not found.worse


def test_no_item_in_common_cannot_tell():
    found = compare(run(many(100)), run([result(f"other{n}") for n in range(100)]))
    assert found.cannot_tell and found.measures[0].change.items == 0
    assert "0 are the same" in notes(found)


# ── critical items


def test_one_critical_item_that_broke_fails_by_itself():
    old = [*many(100), result("vital", critical=True)]
    found = compare(run(old), run([*many(100), result("vital", "wrong", critical=True)]))
    assert found.measures[0].judgement != "worse"
    assert found.worse and found.broken == ("vital",)
    assert "1 critical item broke (vital)" in found.lines()[0]


@pytest.mark.parametrize("verdict", ["error", "cannot tell"])
def test_a_critical_item_that_is_not_shown_right_broke(verdict):
    old = [*many(100), result("vital", critical=True)]
    assert compare(run(old), run([*many(100), result("vital", verdict, critical=True)])).broken == ("vital",)


def test_calling_it_uncritical_in_the_same_change_does_not_help():
    old = [*many(100), result("vital", critical=True)]
    assert compare(run(old), run([*many(100), result("vital", "wrong")])).broken == ("vital",)


@pytest.mark.parametrize("instead", [[], [result("vital", "wrong", question="Another?", critical=True)]])
def test_a_critical_item_that_was_dropped_or_reworded_cannot_be_told(instead):
    found = compare(run([*many(100), result("vital", critical=True)]), run([*many(100), *instead]))
    assert found.unseen == ("vital",) and found.cannot_tell
    assert "vital" in found.lines()[0]


def test_a_critical_item_that_was_wrong_before_breaks_nothing():
    wrong = [*many(100), result("vital", "wrong", critical=True)]
    assert not compare(run(wrong), run(wrong)).worse


def test_right_words_without_the_article_that_must_be_cited_do_not_pass():
    old = [*many(100), result("vital", critical=True)]
    new = [*many(100), result("vital", must_cite=False, critical=True)]
    found = compare(run(old), run(new))
    assert found.broken == ("vital",) and found.flips[0].stage == "not cited"


# ── errors


def test_errors_of_the_new_run_are_failures_and_are_counted():
    found = compare(run(many(100)), run([*many(90), *(result(f"q{n}", "error") for n in range(90, 100))]))
    assert found.measures[0].change.lost == 10 and found.worse
    assert {m.name: m.judgement for m in found.measures}["nDCG"] == "worse"
    assert "This run has 10 errors among 100 answers; they count as failures." in found.notes


def test_errors_of_the_baseline_are_no_gains_that_hide_losses():
    old = [*many(90), *(result(f"q{n}", "error") for n in range(90, 100))]
    new = [*(result(f"q{n}", "wrong") for n in range(10)), *many(100)[10:]]
    found = compare(run(old), run(new))
    change = found.measures[0].change
    assert (change.items, change.lost, change.gained) == (90, 10, 0) and found.worse
    assert "The baseline has 10 errors" in notes(found) and "10 items left out" in notes(found)


def test_two_runs_of_errors_alone_are_not_the_same():
    errors = run(result(f"q{n}", "error") for n in range(100))
    assert compare(errors, errors).cannot_tell


def test_more_errors_than_are_borne_are_no_sameness():
    one = [result("q0", "error"), *many(100)[1:]]
    assert compare(run(many(100)), run(one), max_errors=0.01).verdict == "same"
    found = compare(run(many(100)), run(one), max_errors=0.0)
    assert found.cannot_tell and "1 of this run's answers broke off" in found.lines()[0]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "0.5", 7.0])
def test_a_measure_that_is_not_a_number_is_refused(value):
    with pytest.raises(UsageError, match="F1 of q0, trial 1"):
        compare(run(many(10)), run([result("q0", f1=value), *many(10)[1:]]))


# ── what is not comparable


def test_different_judges_are_refused():
    with pytest.raises(UsageError, match=r"different judges \(none and gpt-5@1\)"):
        compare(run(many(10)), run(many(10), judge="gpt-5@1"))


def test_a_changed_corpus_is_said():
    assert "The corpus changed" in notes(compare(run(many(60)), run(many(60), corpus="other")))


def test_a_changed_gold_compares_the_items_that_are_the_same():
    old = many(62)
    new = [replace(old[0], accepted=("December 17",)), *old[1:61], result("q62")]
    found = compare(run(old), run(new, gold="other"))
    assert found.measures[0].change.items == 60
    assert "The gold changed" in notes(found)
    assert "1 changed (q0); 1 only in the baseline (q61); 1 only in this run (q62)" in notes(found)


def test_an_item_of_which_only_what_it_rejects_changed_is_another():
    old = [replace(r, gold="1") for r in many(62)]
    new = [replace(old[0], gold="2", verdict="wrong"), *old[1:]]
    found = compare(run(old), run(new, gold="other"))
    assert found.measures[0].change.items == 61 and found.flips == ()
    assert "1 changed (q0)" in notes(found)


def test_a_baseline_that_does_not_know_its_items_gold_says_so():
    found = compare(run(many(60)), run([replace(r, gold="1") for r in many(60)], gold="other"))
    assert found.measures[0].change.items == 60 and "make the baseline anew" in notes(found)


@pytest.mark.parametrize("part", ["model", "prompt", "code", "embedder", "settings"])
def test_what_else_changed_is_told(part):
    assert f"The {part} changed: " in notes(compare(run(many(60)), run(many(60), **{part: "other"})))


def test_scripted_answers_are_no_figures_of_quality():
    assert "scripted service" in notes(compare(run(many(60)), run(many(60), recording="scripted")))


# ── repeats and conversations


def trials(id: str, *verdicts: str, **changes: object) -> list:
    return [result(id, verdict, trial=n, **changes) for n, verdict in enumerate(verdicts, 1)]


@pytest.mark.parametrize(
    ("verdicts", "passed"),
    [(("right", "right", "wrong"), True), (("right", "wrong"), False), (("right", "error", "wrong"), False)],
)
def test_the_majority_of_the_trials_decides(verdicts, passed):
    old = [*many(60), result("unsteady", critical=True)]
    found = compare(run(old), run([*many(60), *trials("unsteady", *verdicts, critical=True)]))
    assert (found.broken == ()) == passed
    assert "Up to 3 trials" in notes(found) or "Up to 2 trials" in notes(found)


def test_unsteady_answers_lower_pass_hat_k_though_the_majority_is_right():
    old = [r for n in range(60) for r in trials(f"q{n}", "right", "right", "right")]
    new = [r for n in range(60) for r in trials(f"q{n}", "right", "right", "wrong" if n < 30 else "right")]
    found = compare(run(old), run(new))
    steady = found.measures[1]
    assert found.measures[0].judgement == "same"
    assert (steady.name, steady.old, steady.new, steady.judgement) == ("pass^3", 1.0, 0.5, "worse")


def test_a_conversation_is_one_item_and_passes_where_all_its_turns_do():
    talk = [result("talk#1", cluster="talk"), result("talk#2", cluster="talk", question="And 'then'?")]
    found = compare(
        run([*many(60), *talk]), run([*many(60), talk[0], replace(talk[1], verdict="wrong")], {"index": "x y"})
    )
    assert found.measures[0].change.items == 61 and found.measures[0].change.lost == 1
    (flip,) = found.flips
    assert flip.id == "talk#2"
    # Each turn is asked by itself, so it is seen again by itself.
    assert shlex.split(flip.command) == ["qa", "ask", "And 'then'?", "--why", "--index", "x y", "--model", "offline"]


def test_a_trial_that_lacks_a_turn_is_no_pass():
    talk = [result(f"talk#{n}", trial=trial, cluster="talk", critical=True) for n in (1, 2) for trial in (1, 2, 3)]
    cut = [r for r in talk if (r.id, r.trial) not in (("talk#2", 2), ("talk#2", 3))]
    found = compare(run([*many(60), *talk]), run([*many(60), *cut]))
    assert found.broken == ("talk",)


def test_a_conversation_that_fails_each_time_at_another_turn_is_explained():
    talk = [result(f"talk#{n}", trial=trial, cluster="talk", critical=True) for n in (1, 2, 3) for trial in (1, 2, 3)]
    unsteady = [replace(r, verdict="wrong") if r.id == f"talk#{r.trial}" else r for r in talk]
    found = compare(run(talk), run(unsteady))
    assert found.broken == ("talk",)
    assert [(flip.id, flip.change, flip.new.trial) for flip in found.flips] == [
        ("talk#1", "broke", 1), ("talk#2", "broke", 2), ("talk#3", "broke", 3),
    ]  # fmt: skip


def test_other_numbers_of_trials_are_told():
    once, thrice = many(60), [r for n in range(60) for r in trials(f"q{n}", "right", "right", "right")]
    assert "The baseline asked 1 times and this run 3" in notes(compare(run(once), run(thrice)))


# ── why it flipped


def flipped(**new: object) -> Comparison:
    old = result("q", retrieved=(passage("a", 0), passage("b", 700)), answer="December 16 [1].")
    return compare(run([old]), run([result("q", **new)], {"index": "build/index"}))  # type: ignore[arg-type]


def test_a_flip_holds_both_answers_the_passages_and_the_stage():
    new = (passage("b", 700), passage("c", 10))
    (flip,) = flipped(verdict="wrong", stage="not retrieved", retrieved=new, answer="December 15 [1].").flips
    assert (flip.change, flip.stage) == ("broke", "not retrieved")
    assert (flip.old.answer, flip.new.answer) == ("December 16 [1].", "December 15 [1].")
    assert [str(p) for p in flip.gained] == ["c:10-710 (rank 2)"]
    assert [str(p) for p in flip.lost] == ["a:0-700 (rank 1)"]


@pytest.mark.parametrize("question", ["What's “up”; rm -rf /?", "-v of what?", "$(id) `id`\nand more"])
def test_the_command_gives_the_question_as_one_argument(question):
    command = shlex.split(
        compare(
            run([result("q", question=question)]), run([result("q", "wrong", question=question)], {"index": "a b"})
        ).flips[0].command
    )  # fmt: skip
    assert command[:2] == ["qa", "ask"] and "--why" in command
    assert command[command.index("--index") + 1] == "a b"
    assert " ".join(question.split()) in command
    assert not question.startswith("-") or command[-2] == "--"


def test_moved_from_wrong_to_error_is_told_too():
    old: Run = run([result("q", "wrong")])
    (flip,) = compare(old, run([result("q", "error", error="It timed out.")])).flips
    assert (flip.change, flip.stage) == ("moved", "error")


def test_a_mended_one_names_the_stage_that_was_mended():
    (flip,) = compare(run([result("q", "wrong", stage="ranked out")]), run([result("q")])).flips
    assert (flip.change, flip.stage) == ("mended", "ranked out")


def test_what_broke_stands_first_and_the_critical_first_of_all():
    old = [result("a", "wrong"), result("b"), result("c", critical=True)]
    new = [result("a"), result("b", "wrong"), result("c", "wrong", critical=True)]
    assert [flip.id for flip in compare(run(old), run(new)).flips] == ["c", "b", "a"]


def test_the_lines_hold_nothing_that_a_terminal_obeys():
    lines = flipped(verdict="wrong", answer="\x1b[2JDec\r\n::error::15", reason="\x1b]0;x\x07no").lines()
    assert not any(c < " " or c == "\x7f" for line in lines for c in line)
    assert any("now wrong: Dec ::error::15 (no)" in line for line in lines)


def test_a_few_mended_items_leave_nothing_open_but_the_gain():
    found = compare(run(many(63, 3)), run(many(66)))
    assert found.measures[0].judgement == "cannot tell"
    assert found.verdict == "same" and not found.cannot_tell
    assert "3 mended, 0 broke" in found.lines()[0]
