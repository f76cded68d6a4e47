"""The training loop: bfloat16 arithmetic with float32 master copies, a running average, and a state that survives a kill.

A step's learning rate follows the share of the work that is done, by questions or by time, whichever is further: so a
run on a busy machine comes to its planned end too, with fewer questions.
"""

import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from torch import Tensor

from training.base import TOKENIZER, base_folder
from training.features import Tokens, Window, allowed, arrays, gold, padded
from training.mix import Sources, one_pass, sources
from training.model import FROZEN, Reader, base_weights
from training.negatives import Negatives
from training.reading import read
from training.scoring import best_threshold, figures


@dataclass(frozen=True)
class Plan:
    """What makes a run: the same plan and data give the same run, on one kind of machine, unless time cuts it short."""

    questions: int = 450_000
    """To train on, repeats and negatives included."""
    minutes: float = 180.0
    """The longest it may take, all its parts together."""
    rate: float = 1.5e-4
    warm_up: float = 0.05
    batch_tokens: int = 6144
    part_tokens: int = 1024
    """On a CPU each core works on parts of so many tokens by itself: no core waits for another within a part, which
    costs most where the machine has other work too."""
    decay: float = 0.01
    clip: float = 1.0
    average: float = 0.999
    """How much of the running average of the parameters (Polyak and Juditsky 1992) stays from step to step."""
    seed: int = 0


STATE = "state.pt"
SAVE_SECONDS, DEVELOPMENT_SECONDS, LINE_SECONDS = 180, 900, 30
CHUNK = 40
"""So many batches' worth of questions are sorted by length together: little padding, and chance enough."""


class Run:
    """A run that may go on from the STATE in `folder`."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(plan.seed)
        self.model = Reader.from_base(base_weights()).to(self.device)
        self.masters = {name: p.detach().clone() for name, p in self.model.named_parameters() if p.requires_grad}
        self.average = {name: p.clone() for name, p in self.masters.items()}
        self.model.bfloat16()
        decayed = [p for p in self.masters.values() if p.dim() > 1]
        others = [p for p in self.masters.values() if p.dim() == 1]
        groups: list[dict[str, Any]] = [
            {"params": decayed, "weight_decay": plan.decay},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
        self.workers = ThreadPoolExecutor(os.cpu_count() if self.device == "cpu" else 1, initializer=_alone)
        self.lock = Lock()
        self.questions, self.passes, self.batches, self.steps, self.seconds = 0, 0, 0, 0, 0.0

    @property
    def done(self) -> float:
        return max(self.questions / self.plan.questions, self.seconds / (60 * self.plan.minutes))

    def save(self) -> None:
        """Written beside and renamed, so that a kill leaves the old state or the new one."""
        beside = self.folder / f"{STATE}.new"
        counts = {name: getattr(self, name) for name in ("questions", "passes", "batches", "steps", "seconds")}
        state = {"masters": self.masters, "average": self.average, "optimizer": self.optimizer.state_dict()}
        torch.save({"plan": asdict(self.plan), "counts": counts, **state}, beside)
        beside.replace(self.folder / STATE)

    def resume(self) -> None:
        """From the saved state where there is one. Raises ValueError where it is another plan's."""
        if not (self.folder / STATE).exists():
            return
        state = torch.load(self.folder / STATE, map_location=self.device, weights_only=True)
        saved = {**state["plan"], "minutes": self.plan.minutes, "questions": self.plan.questions}
        if saved != asdict(self.plan):
            raise ValueError(f"{self.folder} holds a run with another plan: {state['plan']}")
        for own, theirs in ((self.masters, state["masters"]), (self.average, state["average"])):
            for name, values in own.items():
                values.copy_(theirs[name])
        self.optimizer.load_state_dict(state["optimizer"])
        for name, value in state["counts"].items():
            setattr(self, name, value)
        self._to_model(self.masters)

    def step(self, windows: Sequence[Window]) -> Tensor:
        """Trains on one batch, some parts of it at a time; gives its mean loss."""
        parts = _parts(windows, self.plan.part_tokens) if self.device == "cpu" else [windows]
        for master in self.masters.values():
            master.grad = torch.zeros_like(master)
        loss = torch.stack(list(self.workers.map(lambda part: self._add_gradients(part, len(windows)), parts))).sum()
        torch.nn.utils.clip_grad_norm_(list(self.masters.values()), self.plan.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * _slope(self.done, self.plan.warm_up)
        self.optimizer.step()
        self._to_model(self.masters)
        self.steps += 1
        keep = min(self.plan.average, self.steps / (self.steps + 9))  # the first steps must not weigh for long
        torch._foreach_lerp_(list(self.average.values()), list(self.masters.values()), 1 - keep)
        return loss

    def _add_gradients(self, windows: Sequence[Window], of: int) -> Tensor:
        """Adds one part's share of the gradient of a batch of `of` questions; gives its share of the loss."""
        trained = [(name, p) for name, p in self.model.named_parameters() if name in self.masters]
        loss = self._loss(windows) * len(windows) / of
        gradients = torch.autograd.grad(loss, [parameter for _, parameter in trained])
        with self.lock:
            for (name, _), gradient in zip(trained, gradients, strict=True):
                master = self.masters[name].grad
                assert master is not None
                master += gradient
        return loss.detach()

    def averaged(self) -> dict[str, Tensor]:
        """The averaged parameters in float32, by their published names, without the frozen ones."""
        model = Reader.from_base(base_weights())
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name in self.average:
                    parameter.copy_(self.average[name])
        return {name: values.clone() for name, values in model.published().items() if name != FROZEN}

    def measure(self, found: Sources, tokens: Tokens) -> dict[str, Any]:
        """Development figures, of the parameters as they are and of their average."""
        result: dict[str, Any] = {}
        for kind, parameters in (("now", self.masters), ("average", self.average)):
            self._to_model(parameters)
            read_now = read(self.model, tokens, found.development, self.device)
            result[kind] = _short(figures(read_now, threshold := best_threshold(read_now)))
            if found.articles:
                result[f"{kind}, own articles"] = _short(
                    figures(read(self.model, tokens, found.articles, self.device), threshold)
                )
        self._to_model(self.masters)
        return result

    def _loss(self, windows: Sequence[Window]) -> Tensor:
        """-log of the probability of all right starts together, the same for ends, and their mean."""
        ids, segments, mask = (torch.from_numpy(values).to(self.device) for values in arrays(windows))
        length = ids.shape[1]
        inside = torch.from_numpy(allowed(windows, length)).to(self.device)
        right = torch.from_numpy(gold(windows, length)).to(self.device)
        loss = torch.zeros((), device=self.device)
        for logits, golden in zip(self.model(ids, segments, mask), right, strict=True):
            among = logits.masked_fill(~inside, -torch.inf)
            loss = loss + (among.logsumexp(-1) - among.masked_fill(~golden, -torch.inf).logsumexp(-1)).mean()
        return loss / 2

    def _to_model(self, parameters: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in parameters:
                    parameter.copy_(parameters[name])


def train(plan: Plan, folder: Path) -> Run:
    """Runs the plan to its end, from where it stood; prints progress as lines of JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(plan, folder)
    run.resume()
    found = sources(plan.seed)
    negatives = Negatives(question.passage for question in found.plain + found.rare)
    tokens = Tokens(base_folder() / TOKENIZER)
    counts = {name: len(getattr(found, name)) for name in ("plain", "rare", "development", "articles")}
    say(counts | {"device": run.device, "from question": run.questions})
    saved = measured = said = last = time.monotonic()
    loss, since = 0.0, run.questions
    while run.done < 1:
        rng = random.Random(f"{plan.seed} {run.passes}")
        batches = list(_batches(one_pass(found, negatives, rng), tokens, plan.batch_tokens, rng))
        say({"pass": run.passes, "questions": sum(map(len, batches)), "batches": len(batches)})
        for batch in batches[run.batches :]:
            value = float(run.step(batch))
            loss = value if not loss else 0.98 * loss + 0.02 * value
            run.questions += len(batch)
            run.batches += 1
            now = time.monotonic()
            run.seconds, last = run.seconds + now - last, now
            if now - said > LINE_SECONDS:
                say(_progress(run, loss, (run.questions - since) / (now - said)))
                said, since = now, run.questions
            if now - measured > DEVELOPMENT_SECONDS:
                say(run.measure(found, tokens))
                measured = time.monotonic()
            if now - saved > SAVE_SECONDS:
                run.save()
                saved = time.monotonic()
            if run.done >= 1:
                break
        else:
            run.passes, run.batches = run.passes + 1, 0
    run.save()
    say(run.measure(found, tokens))
    return run


def say(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def _progress(run: Run, loss: float, speed: float) -> dict[str, Any]:
    remaining = run.seconds * (1 / run.done - 1)
    return {
        "seconds": round(run.seconds),
        "questions": run.questions,
        "questions/s": round(speed, 1),
        "loss": round(loss, 3),
        "rate": f"{run.optimizer.param_groups[0]['lr']:.2e}",
        "done": f"{run.done:.1%}",
        "minutes left": round(remaining / 60, 1),
    }


def _batches(questions: Sequence[Any], tokens: Tokens, budget: int, rng: random.Random) -> Iterator[list[Window]]:
    """Batches of about `budget` tokens, padding included, each of questions of about one length."""
    windows = [window for question in questions if (window := tokens.training_window(question, rng))]
    size = CHUNK * budget // 170
    for start in range(0, len(windows), size):
        chunk: list[list[Window]] = [[]]
        for window in sorted(windows[start : start + size], key=len):
            if padded(len(window)) * (len(chunk[-1]) + 1) > budget:
                chunk.append([])
            chunk[-1].append(window)
        rng.shuffle(chunk)
        yield from chunk


def _alone() -> None:
    torch.set_num_threads(1)  # holds for the thread that calls it


def _parts(windows: Sequence[Window], budget: int) -> list[Sequence[Window]]:
    size = max(budget // max(map(len, windows)), 1)
    return [windows[start : start + size] for start in range(0, len(windows), size)]


def _slope(done: float, warm_up: float) -> float:
    """From 0 to 1 while warming up, then down to 0 in a straight line."""
    return min(max(done, 1e-4) / warm_up, max(1 - done, 0) / (1 - warm_up))


def _short(found: dict[str, float]) -> dict[str, float]:
    kept = ("em", "f1", "best_span_em", "best_span_f1", "no_answer_accuracy", "threshold")
    return {name: found[name] for name in kept}
