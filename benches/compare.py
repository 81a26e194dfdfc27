"""Runs our statistics and the peers' side by side and prints the table: compare.py FOLDER OURS [quick]   (see benches/peers)

Every side answers lines `task map draws` in processes of its own. Repetitions of all sides alternate, so that whatever else
the machine does hits all of them. Ours, GeoDa, numpy and R start afresh for every repetition of every task; esda, which
compiles for half a minute, for every repetition of the whole list.
"""
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
FOLDER, OURS = sys.argv[1], sys.argv[2]
QUICK = sys.argv[3:] == ["quick"]
SIZES = (3000,) if QUICK else (3000, 10_000, 50_000)
AREAS, ROWS = (1000, 100_000) if QUICK else (3143, 1_000_000)
REPETITIONS = 1 if QUICK else 3
ALPHA = 0.05
FEW, MANY = 999, 9999
LONG = 10.0  # seconds; what takes longer is measured once,
TOO_LONG = 60.0  # and what would take a peer longer is extrapolated
LIMIT_MB = 500
NAMES = {"esda": "esda, 2 jobs", "geoda": "GeoDa, complete", "geoda-table": "GeoDa, lookup table", "numpy": "numpy", "r": "R survey"}
NAMES_OF_WEIGHTS = {"esda": "libpysal", "geoda": "GeoDa"}
TESTS = {"local-moran": "local Moran", "gi-star": "Gi*"}
TITLES = {
    "all-draws": "{test}, {map}, all draws",
    "decided": "{test}, {map}, to a decided set",
    "queen": "weights: queen",
    "knn8": "weights: 8 nearest",
    "scan": "circular scan, areas",
    "survey": "survey, means of 500 domains, rows",
}
R_VERSIONS = "cat(R.version.string, 'survey', format(packageVersion('survey')))"
COMMANDS = {
    "ours": [OURS, FOLDER],
    "r": ["Rscript", str(HERE / "survey.R"), FOLDER],
    **{peer: [sys.executable, str(HERE / "peers.py"), peer, FOLDER] for peer in ("esda", "geoda", "geoda-table", "numpy")},
}


class Side:
    """A process that answers tasks."""

    def __init__(self, name):
        threads = {key: "2" for key in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(COMMANDS[name], stdin=pipe, stdout=pipe, text=True, env=os.environ | threads)

    def ask(self, task):
        self.process.stdin.write(" ".join(map(str, task)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 4:
            raise RuntimeError(f"no answer to {task}: {' '.join(self.process.args)}")
        return tuple(map(float, answer))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def tasks():
    """(our task, [(peer, its task, target ratio)]); a map's file is kind-size."""
    for kind, wanted in (("queen", ("local-moran", "gi-star")), ("knn8", ("local-moran",))):
        for n in SIZES:
            reach = math.ceil(2 * n / ALPHA - 1e-6) - 1
            for what, draws, peers_draws in (("all-draws", FEW, FEW), ("all-draws", MANY, MANY), ("decided", reach, MANY)):
                least = {"esda": 10, "geoda": 2} if what == "decided" else {"esda": 1, "geoda": 1}
                peers = [(peer, (test, f"{kind}-{n}", peers_draws), least.get(peer)) for test in wanted for peer in ("esda", "geoda", "geoda-table")]
                yield (what, f"{kind}-{n}", draws), peers
    for kind in ("queen", "knn8"):
        yield (kind, f"{kind}-{SIZES[-1]}", 0), [(peer, (kind, f"{kind}-{SIZES[-1]}", 0), None) for peer in ("esda", "geoda")]
    yield ("scan", f"scan-{AREAS}", FEW), [("numpy", ("scan", f"scan-{AREAS}", 99), 20)]
    yield ("survey", f"survey-{ROWS}", 0), [("r", ("survey", f"survey-{ROWS}", 0), 20)]


def has_r():
    question = ["Rscript", "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    return shutil.which("Rscript") is not None and subprocess.run(question, capture_output=True).returncode == 0


def measure():
    """(side, task) -> answers."""
    answers, missing = {}, set() if has_r() else {"r"}
    for repetition in range(REPETITIONS):
        esda = Side("esda")
        for own, peers in tasks():
            for side, task in [("ours", own)] + [peer[:2] for peer in peers]:
                known = answers.setdefault((side, task), [])
                is_known = len(known) > repetition or (known and known[0][0] > LONG)
                if is_known or side in missing or would_take(side, task, answers) > TOO_LONG:
                    continue
                one = esda if side == "esda" else Side(side)
                known.append(one.ask(task))
                print(f"{repetition + 1}/{REPETITIONS} {side}: {' '.join(map(str, task))}: {known[-1][0]:.3f} s", file=sys.stderr, flush=True)
                if one is not esda:
                    one.close()
        esda.close()
    return answers


def median(answers, at=0):
    return statistics.median(answer[at] for answer in answers)


def extrapolated(peer, task, draws, answers):
    """The peer's time for more draws than it made: on the line through what it took for fewer."""
    kind, map_name, made = task
    if kind == "scan":
        fixed = median(answers[peer, task], 1)
        return fixed + (median(answers[peer, task]) - fixed) * (draws + 1) / (made + 1)  # the data are one more map
    few = median(answers[peer, (kind, map_name, FEW)])
    if not answers[peer, task]:
        return few * draws / FEW
    many = median(answers[peer, task])
    return many + (draws - MANY) * (many - few) / (MANY - FEW)


def would_take(side, task, answers):
    """What many draws would take a peer, from what few took; 0 where that does not matter."""
    few = answers.get((side, (*task[:2], FEW)))
    return few[0][0] * MANY / FEW if task[2] == MANY and side != "ours" and few else 0


def row(own, peer, task, least, answers):
    ours, theirs = answers["ours", own], answers[peer, task]
    if not theirs and peer == "r":
        return None
    what, map_name, draws = own
    seconds, peak = median(ours), max(answer[2] for answer in ours)
    is_measured = draws == task[2] and bool(theirs)
    other = median(theirs) if is_measured else extrapolated(peer, task, draws, answers)
    is_met = seconds * (least or 0) <= other and peak < LIMIT_MB and (what != "scan" or seconds <= 20)
    # A mean p of draws, or a number without chance.
    tolerance = 0.02 if what == "all-draws" else 1e-6 * ours[0][3]
    is_same = what == "decided" or not theirs or abs(ours[0][3] - theirs[0][3]) <= tolerance
    kind, _, size = map_name.partition("-")
    names = NAMES_OF_WEIGHTS if what in ("queen", "knn8") else NAMES
    return (
        TITLES[what].format(test=TESTS.get(task[0]), map=kind),
        grouped(size),
        grouped(draws) if draws else "–",
        names[peer],
        three(seconds),
        ("" if is_measured else "≈ ") + three(other),
        f"{other / seconds:.1f}",
        f"≥ {least}" if least else "–",
        "OTHER RESULT" if not is_same else "–" if not least else "yes" if is_met else "NO",
        f"{peak:.0f}",
    )


def grouped(number):
    return f"{int(number):,}".replace(",", " ")


def three(seconds):
    return f"{seconds:.3g}" if seconds < 100 else f"{seconds:.0f}"


def main():
    load = os.getloadavg()[0]
    answers = measure()
    rows = [row(own, *peer, answers) for own, peers in tasks() for peer in peers]
    packages = ", ".join(f"{name} {version(name)}" for name in ("esda", "libpysal", "numba", "pygeoda", "numpy"))
    r = subprocess.run(["Rscript", "-e", R_VERSIONS], capture_output=True, text=True).stdout if shutil.which("Rscript") else "no R"
    processor = next(line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    print(f"{processor}, {os.cpu_count()} processors, load {load:.1f} before; Python {platform.python_version()}, {packages}; {r}\n")
    header = ("task", "n", "draws", "peer", "ours, s", "theirs, s", "ratio", "target", "met", "our peak, MB")
    print("|", " | ".join(header), "|\n|---|" + "---:|" * 2 + "---|" + "---:|" * 6)
    for cells in filter(None, rows):
        print("|", " | ".join(cells), "|")
    if None in rows:
        print("\nLeft out, because it is not installed: R survey.")
    print("\n≈: extrapolated along the draws, see What is extrapolated.")


main()
