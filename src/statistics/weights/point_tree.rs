//! Points in a tree that halves them by turns along their coordinates: the nearest, and all within a distance.
//!
//! Which points are found does not depend on how the tree is cut: equal distances are told apart by position, so the
//! answer is the one a comparison of all pairs would give.

/// Points a leaf holds at most; they are compared one by one.
const LEAF: usize = 8;

/// Points in a space, by position.
#[derive(Debug)]
pub(super) struct PointTree {
    places: Vec<[f64; 3]>,
    /// Positions, so that every part of the tree is a slice: its lower half, its middle, its upper half.
    order: Vec<u32>,
    n_axes: usize,
}

impl PointTree {
    /// The coordinates must be numbers; they differ on the first `n_axes` only.
    pub(super) fn new(places: Vec<[f64; 3]>, n_axes: usize) -> Self {
        let mut order: Vec<u32> = (0..).take(places.len()).collect();
        cut(&mut order, &places, 0, n_axes);
        Self { places, order, n_axes }
    }

    /// The `k` points nearest to the one at a position, itself left out, as (squared distance, position), nearest first; of
    /// equally near ones those that come first.
    pub(super) fn nearest(&self, position: usize, k: usize) -> Vec<(f64, u32)> {
        let mut found: Vec<(f64, u32)> = Vec::with_capacity(k + 1);
        let at = self.places[position];
        self.visit(&self.order, 0, at, &mut |other, squared| {
            let candidate = (squared, other);
            if other as usize != position
                && (found.len() < k
                    || found.last().is_some_and(|&last| comes_before(candidate, last)))
            {
                let place = found.partition_point(|&one| comes_before(one, candidate));
                found.insert(place, candidate);
                found.truncate(k);
            }
            if found.len() < k { f64::INFINITY } else { found[k - 1].0 }
        });
        found
    }

    /// The points at most `reach` from the one at a position, itself left out, ascending by position.
    pub(super) fn within(&self, position: usize, reach: f64) -> Vec<u32> {
        // A product of rounded numbers: a little more, for callers compare again with their own distance.
        let limit = reach * reach * (1.0 + 1e-12);
        let mut found = Vec::new();
        self.visit(&self.order, 0, self.places[position], &mut |other, squared| {
            if other as usize != position && squared <= limit {
                found.push(other);
            }
            limit
        });
        found.sort_unstable();
        found
    }

    /// Shows points with their squared distance until nothing unseen can be as near as what `see` last returned.
    fn visit(
        &self,
        part: &[u32],
        axis: usize,
        at: [f64; 3],
        see: &mut impl FnMut(u32, f64) -> f64,
    ) -> f64 {
        if part.len() <= LEAF {
            return part
                .iter()
                .fold(f64::INFINITY, |_, &other| see(other, self.squared(at, other)));
        }
        let (lower, rest) = part.split_at(part.len() / 2);
        let (middle, upper) = (rest[0], &rest[1..]);
        let across = at[axis] - self.places[middle as usize][axis];
        let (near, far) = if across < 0.0 { (lower, upper) } else { (upper, lower) };
        let next = (axis + 1) % self.n_axes;
        self.visit(near, next, at, see);
        let limit = see(middle, self.squared(at, middle));
        if across * across <= limit { self.visit(far, next, at, see) } else { limit }
    }

    fn squared(&self, at: [f64; 3], other: u32) -> f64 {
        let place = self.places[other as usize];
        let [x, y, z] = [at[0] - place[0], at[1] - place[1], at[2] - place[2]];
        x * x + y * y + z * z
    }
}

fn comes_before(a: (f64, u32), b: (f64, u32)) -> bool {
    (a.0, a.1) < (b.0, b.1)
}

fn cut(part: &mut [u32], places: &[[f64; 3]], axis: usize, n_axes: usize) {
    if part.len() <= LEAF {
        return;
    }
    let half = part.len() / 2;
    part.select_nth_unstable_by(half, |&a, &b| {
        places[a as usize][axis].total_cmp(&places[b as usize][axis]).then(a.cmp(&b))
    });
    let (lower, rest) = part.split_at_mut(half);
    let next = (axis + 1) % n_axes;
    cut(lower, places, next, n_axes);
    cut(&mut rest[1..], places, next, n_axes);
}

#[test]
fn the_tree_finds_what_comparing_all_pairs_finds() {
    let mut stream = crate::statistics::numerics::random::Key::new(2, 9).stream(0, 0);
    // A coarse grid, so that many points coincide and many distances are equal.
    let places: Vec<[f64; 3]> =
        (0..400).map(|_| [0; 3].map(|_| f64::from(stream.below(6)))).collect();
    let tree = PointTree::new(places.clone(), 3);
    for (position, &place) in places.iter().enumerate() {
        let mut all: Vec<(f64, u32)> = (0..400)
            .filter(|&other| other as usize != position)
            .map(|other| (tree.squared(place, other), other))
            .collect();
        let within: Vec<u32> =
            all.iter().filter(|(squared, _)| *squared <= 2.0).map(|(_, other)| *other).collect();
        assert_eq!(tree.within(position, 2.0_f64.sqrt()), within);
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        assert_eq!(tree.nearest(position, 9), all[..9]);
    }
    assert_eq!(tree.nearest(0, 1_000).len(), 399);
}
