"""The peers' side of benches/peers: one peer in a process of its own.

peers.py data FOLDER [quick]   writes the files that all sides read
peers.py PEER FOLDER           reads lines `task map draws`, answers `seconds fixed peak_mb check` (see statistics.rs)
"""
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
GRIDS = {3000: (50, 60), 10_000: (100, 100), 50_000: (200, 250)}


def data(folder, sizes, areas, rows):
    """The maps and the survey of the project's baselines."""
    from scipy.spatial import cKDTree

    for n in sizes:
        high, wide = GRIDS[n]
        row, column = np.divmod(np.arange(n), wide)
        grid = [
            [r * wide + c for r in range(max(i - 1, 0), min(i + 2, high)) for c in range(max(j - 1, 0), min(j + 2, wide)) if (r, c) != (i, j)]
            for i, j in zip(row, column)
        ]
        for kind in ("queen", "knn8"):
            random = np.random.default_rng(5)
            if kind == "queen":
                places, lists = np.c_[column, row].astype(float), grid
            else:
                places = random.random((n, 2)) * 100
                lists = cKDTree(places).query(places, 9)[1][:, 1:].tolist()
            values = random.gamma(2, 1, n)
            values += 0.5 * np.array([values[others].mean() for others in lists])
            write(folder / f"{kind}-{n}.csv", "x,y,value", np.c_[places, values])
            links = (f"{own} {len(others)}\n{' '.join(str(other + 1) for other in others)}\n" for own, others in enumerate(lists, 1))
            (folder / f"{kind}-{n}.gal").write_text(f"0 {n} map id\n" + "".join(links))

    random = np.random.default_rng(6)
    places = random.random((areas, 2))
    population = random.integers(500, 5000, areas)
    write(folder / f"scan-{areas}.csv", "x,y,population,cases", np.c_[places, population, random.poisson(population * 0.002)])

    random = np.random.default_rng(4)
    stratum = random.integers(0, 100, rows)
    psu = stratum * 20 + random.integers(0, 20, rows)
    domain = random.integers(0, 500, rows)
    value = 50 + 5 * random.standard_normal(2000)[psu] + 0.02 * domain + 10 * random.standard_normal(rows)
    weight = random.uniform(10, 100, rows).round(3)
    write(folder / f"survey-{rows}.csv", "stratum,psu,domain,weight,value", np.c_[stratum, psu, domain, weight, value.round(4)])


def write(path, header, table):
    np.savetxt(path, table, fmt="%.17g", delimiter=",", header=header, comments="")


def read(path):
    return np.loadtxt(path.with_suffix(".csv"), delimiter=",", skiprows=1)


def esda(task, path, draws):
    import esda
    import libpysal

    if task in ("queen", "knn8"):
        return libpysal_links(libpysal.graph.Graph, task, read(path))
    values = read(path)[:, 2]
    lines = path.with_suffix(".gal").read_text().splitlines()[2::2]
    weights = libpysal.weights.W({at: [int(id) - 1 for id in line.split()] for at, line in enumerate(lines)}, silence_warnings=True)
    weights.transform = "r" if task == "local-moran" else "b"
    weights.sparse
    settings = {"n_jobs": 2, "keep_simulations": False, "seed": 1}
    if task == "local-moran":
        test = lambda draws: esda.Moran_Local(values, weights, permutations=draws, **settings)
    else:
        test = lambda draws: esda.G_Local(values, weights, transform="B", star=True, permutations=draws, **settings)
    test(99)  # compiles, in both workers
    started = time.perf_counter()
    p = test(draws).p_sim
    return time.perf_counter() - started, 0, mean_p(p)


def libpysal_links(graph, task, table):
    if task == "queen":
        import geopandas
        import shapely

        x, y = table[:, 0], table[:, 1]
        frame = geopandas.GeoDataFrame(geometry=shapely.box(x, y, x + 1, y + 1))
        build = lambda: graph.build_contiguity(frame, rook=False)
    else:
        build = lambda: graph.build_knn(table[:, :2], k=8)
    started = time.perf_counter()
    n = build().n_edges
    seconds = time.perf_counter() - started
    return seconds, seconds, n


def geoda(task, path, draws, method="complete"):
    import pygeoda

    table = read(path)
    n = len(table)
    if task in ("queen", "knn8"):
        import geopandas
        import shapely

        x, y = table[:, 0], table[:, 1]
        shapes = shapely.box(x, y, x + 1, y + 1) if task == "queen" else shapely.points(x, y)
        layer = pygeoda.open(geopandas.GeoDataFrame({"id": np.arange(n)}, geometry=shapes))
        build = lambda: pygeoda.queen_weights(layer) if task == "queen" else pygeoda.knn_weights(layer, 8)
        started = time.perf_counter()
        weights = build()
        seconds = time.perf_counter() - started
        return seconds, seconds, round(weights.mean_neighbors() * n)
    weights = pygeoda.read_gal(str(path.with_suffix(".gal")), [str(id) for id in range(1, n + 1)])
    values = table[:, 2].tolist()
    test = pygeoda.local_moran if task == "local-moran" else pygeoda.local_gstar
    started = time.perf_counter()
    p = test(weights, values, permutations=draws, cpu_threads=2, permutation_method=method, seed=1).lisa_pvalues()
    return time.perf_counter() - started, 0, mean_p(np.array(p))


def geoda_table(task, path, draws):
    return geoda(task, path, draws, "lookup-table")


def mean_p(folded):
    """Both peers fold: the smaller tail. Ours is two-sided."""
    return np.minimum(2 * folded, 1).mean()


def numpy_scan(task, path, draws):
    """Kulldorff's circular Poisson scan, every draw of a centre at once."""
    x, y, population, cases = read(path).T
    places = np.c_[x, y]
    total = cases.sum()
    expected = population / population.sum() * total
    started = time.perf_counter()
    circles = []
    for place in places:
        distance = np.hypot(*(places - place).T)
        order = np.lexsort((np.arange(len(distance)), distance))
        ends = np.flatnonzero(np.r_[distance[order][1:] > distance[order][:-1], True])
        circles.append((order, ends[np.cumsum(population[order])[ends] <= 0.5 * population.sum() * (1 + 1e-12)]))
    fixed = time.perf_counter() - started
    maps = np.vstack([cases, np.random.default_rng(6).multinomial(int(total), expected / total, size=draws)]).astype(float)
    largest = np.zeros(draws + 1)
    for order, ends in circles:
        if len(ends):
            inside = np.cumsum(maps[:, order[: ends[-1] + 1]], axis=1)[:, ends]
            largest = np.maximum(largest, ratio(inside, np.cumsum(expected[order])[ends], total).max(1))
    return time.perf_counter() - started, fixed, largest[0]


def ratio(cases, expected, total):
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(cases > 0, cases * np.log(cases / expected), 0)
        outside = np.where(total > cases, (total - cases) * np.log((total - cases) / (total - expected)), 0)
    return np.where(cases * (total - expected) > (total - cases) * expected, inside + outside, 0)


def serve(peer, folder):
    for line in sys.stdin:
        task, name, draws = line.split()
        Path("/proc/self/clear_refs").write_text("5")  # peak memory from here on
        seconds, fixed, check = peer(task, folder / name, int(draws))
        peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
        print(f"{seconds:.6f} {fixed:.6f} {peak} {check:.12e}", flush=True)


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "data":
        quick = sys.argv[3:] == ["quick"]
        data(folder, [3000] if quick else GRIDS, 1000 if quick else 3143, 100_000 if quick else 1_000_000)
    else:
        serve({"esda": esda, "geoda": geoda, "geoda-table": geoda_table, "numpy": numpy_scan}[what], folder)
