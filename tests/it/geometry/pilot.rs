//! The German pilot: 401 Kreise, 16 Länder, 6 918 events.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use geo::{
    BoundingRect, Contains, Coord, Kernel, Line, MultiPolygon, Orientation, kernels::RobustKernel,
};
use rstar::{
    RTree, RTreeObject,
    primitives::{GeomWithData, Rectangle},
};
use saet::{
    assessment::{IslandPolicy, LevelSource, ParentRule},
    locate::{self, Area, Layer, PointIndex},
    model::{Boundaries, RegionId, RegionTree},
    read::boundaries::{self, BoundaryFile},
};

use super::{area, declared, edges, rule};

const KREISE: &str = "boundaries/kreise_wgs84.geojson";
const LAENDER: &str = "boundaries/laender_wgs84.geojson";
const KREISE_SHP: &str = "boundaries/kreise_vg250_2016_utm32_shp/VG250_KRS.shp";

/// The pilot's folder; without it a test says so and passes, except in continuous integration.
fn pilot() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("SAET_SHARED").map_or(default, PathBuf::from);
    let pilot = shared.join("pilots/germany");
    if pilot.is_dir() {
        return Some(pilot);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", pilot.display());
    #[allow(clippy::print_stderr, reason = "a test that could not run has to say so")]
    {
        eprintln!("not run: {} is missing", pilot.display());
    }
    None
}

fn layer(level: &LevelSource, file: BoundaryFile) -> Layer {
    let areas = file.features.into_iter().map(|feature| Area {
        code: feature.code,
        name: feature.name,
        parent: feature.parent,
        outline: feature.outline,
    });
    let (file, place) = (level.path.clone(), level.place.clone());
    Layer { level: level.level, file, place, areas: areas.collect() }
}

/// Länder and Kreise, built once for all tests.
fn germany(pilot: &Path) -> &'static (RegionTree, Boundaries) {
    static GERMANY: OnceLock<(RegionTree, Boundaries)> = OnceLock::new();
    GERMANY.get_or_init(|| {
        let sources =
            [declared(1, LAENDER, None), declared(2, KREISE, Some(ParentRule::Slice(0, 2)))];
        let layers =
            sources.map(|source| layer(&source, boundaries::read(&source, pilot).unwrap()));
        let levels = ["country", "land", "kreis"].map(str::to_owned);
        let country = (RegionId::from("DE"), "Deutschland".to_owned());
        locate::build("AGS 2016-12-31", &levels, &country, layers.into()).unwrap()
    })
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let rows = csv::Reader::from_path(path).unwrap().into_deserialize().collect::<Result<_, _>>();
    rows.unwrap()
}

#[test]
fn queen_links_of_the_kreise_equal_those_of_libpysal() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    assert_eq!(tree.len(), 1 + 16 + 401);
    let rule = rule(IslandPolicy::Unnamed, 0.0);
    let (found, report) = locate::neighbourhood(tree, boundaries, 2, &rule, None).unwrap();
    let weights = found.weights;
    // Germany has 401 Kreise; those at its border or coast share a side with none of the others.
    let n_border = found.border.iter().filter(|&&is_border| is_border).count();
    assert!((60..160).contains(&n_border), "{n_border} at the border");
    assert_eq!((report.n_regions, report.n_links), (401, 2092));
    assert_eq!((report.min_degree, report.max_degree), (1, 12));
    assert!(report.islands.is_empty());
    let first = tree.level(2).start;
    let code = |position: usize| tree.get(first + position).id.as_str().to_owned();
    let found: BTreeSet<(String, String)> = (0..weights.n())
        .flat_map(|own| weights.neighbours(own).iter().map(move |other| (own, *other as usize)))
        .map(|(own, other)| (code(own), code(other)))
        .collect();
    let reference: BTreeSet<(String, String)> =
        table(&pilot.join("reference/ref_queen_links_kreise_wgs84.csv"))
            .into_iter()
            .map(|row| (row["ags"].clone(), row["neighbour"].clone()))
            .collect();
    assert_eq!(reference.len(), 2092);
    assert_eq!(found, reference);
}

#[test]
fn every_event_lies_in_the_kreis_of_its_code() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    let rows = table(&pilot.join("events/arvig_events.csv"));
    let number =
        |name: &str| -> Vec<f64> { rows.iter().map(|row| row[name].parse().unwrap()).collect() };
    let codes: Vec<u32> = rows
        .iter()
        .map(|row| RegionId::from(&row["community_id"][..5]))
        .map(|id| u32::try_from(tree.find(2, &id).unwrap()).unwrap())
        .collect();
    let index = PointIndex::new(tree, boundaries, 2);
    let conflicts =
        locate::compare(tree, &index, &codes, &number("longitude"), &number("latitude"));
    assert_eq!(conflicts.n_compared, 6918);
    assert_eq!(conflicts.n_conflicts(), 0, "{conflicts:?}");
}

#[test]
fn conflicts_name_the_rows() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    let index = PointIndex::new(tree, boundaries, 2);
    let idx = |level, code: &str| u32::try_from(tree.find(level, &code.into()).unwrap()).unwrap();
    let flensburg = idx(2, "01001");
    let (lon, lat) = ([9.43, 13.4, 0.0, f64::NAN, 9.43], [54.78, 52.5, 0.0, 54.0, 54.78]);
    let coded = [flensburg, flensburg, flensburg, flensburg, idx(1, "01")];
    let conflicts = locate::compare(tree, &index, &coded, &lon, &lat);
    assert_eq!(conflicts.n_compared, 4);
    assert_eq!(conflicts.elsewhere, [(1, idx(2, "11000") as usize)]);
    assert_eq!(conflicts.outside, [2]);
}

#[test]
fn the_shapefile_reprojected_agrees_with_the_geojson() {
    let Some(pilot) = pilot() else { return };
    let shp = boundaries::read(&declared(2, KREISE_SHP, None), &pilot).unwrap();
    let json = boundaries::read(&declared(2, KREISE, None), &pilot).unwrap();
    assert_eq!((shp.n_rows, shp.features.len()), (401, 401));
    assert_eq!((json.n_rows, json.features.len()), (401, 401));
    assert_eq!(shp.format, "Shapefile, ETRS_1989_UTM_Zone_32N to WGS 84");
    let by_code: BTreeMap<&str, &boundaries::Feature> =
        json.features.iter().map(|feature| (feature.code.as_str(), feature)).collect();
    for feature in &shp.features {
        let other = by_code[feature.code.as_str()];
        assert_eq!(feature.name, other.name);
        let (a, b) = (centroid(&feature.outline), centroid(&other.outline));
        // The GeoJSON is simplified to 150 m and rounded to 1e-5 degrees.
        assert!((a.x - b.x).abs() < 0.0015 && (a.y - b.y).abs() < 0.0010, "{}", feature.code);
    }
}

fn centroid(outline: &MultiPolygon<f64>) -> Coord<f64> {
    geo::Centroid::centroid(outline).unwrap().0
}

#[test]
fn the_full_detail_of_the_shapefile_is_one_coverage() {
    let Some(pilot) = pilot() else { return };
    let source = declared(1, KREISE_SHP, None);
    let layers = vec![layer(&source, boundaries::read(&source, &pilot).unwrap())];
    let levels = ["country", "kreis"].map(str::to_owned);
    let country = (RegionId::from("DE"), "Deutschland".to_owned());
    let (tree, boundaries) = locate::build("2016", &levels, &country, layers).unwrap();
    let (found, _) =
        locate::neighbourhood(&tree, &boundaries, 1, &rule(IslandPolicy::Unnamed, 0.0), None)
            .unwrap();
    let weights = found.weights;
    // Simplification to 150 m leaves the neighbours as they are.
    assert_eq!(weights.n_links(), 2092);
    shared_borders_stay_shared(&boundaries);
}

#[test]
fn simplified_kreise_and_laender_share_their_borders() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    for level in [1, 2] {
        let range = tree.level(level);
        let full = boundaries.full[range.clone()].to_vec();
        let drawn = boundaries.drawn[range.clone()].to_vec();
        assert!((area(&drawn) / area(&full) - 1.0).abs() < 0.005);
        let n_points: usize = drawn.iter().flatten().map(geo::CoordsIter::coords_count).sum();
        assert!(n_points <= locate::points_for(range.len()), "{n_points}");
        shared_borders_stay_shared(&Boundaries { full, drawn });
    }
}

/// Every edge appears once (coast) or twice (border), as many regions are drawn as were given, and who shares a border
/// still does.
#[track_caller]
fn shared_borders_stay_shared(boundaries: &Boundaries) {
    let count = |outlines: &[Option<MultiPolygon<f64>>]| {
        edges(outlines).into_values().fold([0; 3], |mut counts, n| {
            counts[n.min(3) - 1] += 1;
            counts
        })
    };
    let drawn = count(&boundaries.drawn);
    assert_eq!(drawn[2], 0, "edges of more than two rings");
    assert!(drawn[1] > 0);
    assert_eq!(links_by_edge(&boundaries.full), links_by_edge(&boundaries.drawn));
    for (full, drawn) in boundaries.full.iter().zip(&boundaries.drawn) {
        assert_eq!(full.is_some(), drawn.as_ref().is_some_and(|drawn| !drawn.0.is_empty()));
        for polygon in drawn.iter().flatten() {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            for ring in rings {
                assert!(ring.0.len() >= 4 && ring.is_closed());
            }
        }
    }
}

/// Pairs of regions with a common edge.
fn links_by_edge(outlines: &[Option<MultiPolygon<f64>>]) -> BTreeSet<(usize, usize)> {
    let mut owners: BTreeMap<[u64; 4], Vec<usize>> = BTreeMap::new();
    for (idx, outline) in outlines.iter().enumerate() {
        for edge in edges(std::slice::from_ref(outline)).into_keys() {
            owners.entry(edge).or_default().push(idx);
        }
    }
    owners.into_values().filter(|owners| owners.len() == 2).map(|own| (own[0], own[1])).collect()
}

/// Pairs of edges that cross in the middle of both.
fn n_crossings(outlines: &[Option<MultiPolygon<f64>>]) -> usize {
    let at = |x: u64, y: u64| Coord { x: f64::from_bits(x), y: f64::from_bits(y) };
    let lines: Vec<Line<f64>> =
        edges(outlines).into_keys().map(|[x, y, u, v]| Line::new(at(x, y), at(u, v))).collect();
    let boxed = |line: &Line<f64>| {
        let rect = geo::Rect::new(line.start, line.end);
        let (low, high) = (rect.min(), rect.max());
        GeomWithData::new(Rectangle::from_corners((low.x, low.y), (high.x, high.y)), *line)
    };
    let tree = RTree::bulk_load(lines.iter().map(boxed).collect());
    let side = |line: &Line<f64>, point| RobustKernel::orient2d(line.start, line.end, point);
    let splits = |line: &Line<f64>, other: &Line<f64>| {
        let sides = [side(line, other.start), side(line, other.end)];
        sides[0] != sides[1] && !sides.contains(&Orientation::Collinear)
    };
    let crossings = lines.iter().map(|line| {
        let others = tree.locate_in_envelope_intersecting(boxed(line).envelope());
        others.filter(|other| splits(line, &other.data) && splits(&other.data, line)).count()
    });
    crossings.sum::<usize>() / 2
}

#[test]
fn simplified_borders_do_not_cross() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    for level in [1, 2] {
        let full = &boundaries.full[tree.level(level)];
        assert_eq!(n_crossings(full), 0);
        for n_points in [0, 5_000, 20_000, locate::points_for(full.len())] {
            assert_eq!(n_crossings(&locate::simplify(full, n_points).outlines), 0);
        }
    }
}

#[test]
fn every_corner_lies_in_every_region_that_has_it_and_is_given_to_the_first() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    let index = PointIndex::new(tree, boundaries, 2);
    for region_idx in tree.level(2) {
        let outline = boundaries.full[region_idx].as_ref().unwrap();
        for corner in geo::CoordsIter::coords_iter(outline) {
            let all = index.all_at(corner.x, corner.y);
            assert!(all.contains(&region_idx));
            assert_eq!(index.locate(corner.x, corner.y), all.first().copied());
        }
    }
}

#[test]
fn points_are_found_where_a_search_of_all_polygons_finds_them() {
    let Some(pilot) = pilot() else { return };
    let (tree, boundaries) = germany(&pilot);
    let index = PointIndex::new(tree, boundaries, 2);
    let boxes: Vec<(usize, geo::Rect<f64>)> = tree
        .level(2)
        .map(|idx| (idx, boundaries.full[idx].as_ref().unwrap().bounding_rect().unwrap()))
        .collect();
    // A lattice that no corner lies on.
    let points = (0..40).flat_map(|row| (0..40).map(move |column| (row, column)));
    let mut n_inside = 0;
    for (row, column) in points {
        let lon = 5.800_003_7 + 0.235 * f64::from(column);
        let lat = 47.200_003_7 + 0.2 * f64::from(row);
        let point = geo::Point::new(lon, lat);
        let is_in = |idx: usize| boundaries.full[idx].as_ref().unwrap().contains(&point);
        let near = boxes.iter().filter(|(_, bounds)| bounds.contains(&point));
        let expected: Vec<usize> = near.map(|(idx, _)| *idx).filter(|idx| is_in(*idx)).collect();
        n_inside += expected.len();
        assert_eq!(index.all_at(lon, lat), expected, "{lon} {lat}");
    }
    assert!(n_inside > 800);
}
