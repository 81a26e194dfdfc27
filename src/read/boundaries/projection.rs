//! From projected coordinates to WGS 84 degrees.
//!
//! Only coordinate systems whose datum is known here are accepted: the EPSG definitions at hand leave out the shift of
//! older datums (Bessel, Airy), and leaving it out would move every border by a hundred metres without a word. ETRS89 and
//! its national realisations count as WGS 84; they differ by less than a metre. With a shift, the result is right to a few
//! metres.

mod wkt;

use geo::Coord;
use proj4rs::Proj;

use crate::diagnostics::{Problem, codes};

/// The coordinate system a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) enum Crs {
    /// By EPSG code.
    Epsg(u16),
    /// By well-known text, as in a `.prj` file.
    Wkt(String),
    /// By a name nobody here understands.
    Unknown(String),
}

/// How coordinates become degrees.
#[derive(Debug)]
pub(in crate::read) struct Reprojection {
    /// `None`: they are degrees.
    from: Option<(Proj, Proj)>,
    name: String,
    /// Whether the file or the declaration said what the coordinates are.
    told: bool,
    /// Whether they stay as they are, on a plane.
    plane: bool,
}

/// EPSG codes (from, to) on WGS 84, ETRS89 or a realisation of it, in the order east, north.
const UNSHIFTED: &[(u16, u16)] = &[
    (2154, 2154),   // France, Lambert-93
    (2157, 2157),   // Ireland, ITM
    (2180, 2180),   // Poland, CS92
    (3006, 3006),   // Sweden, SWEREF99 TM
    (3034, 3035),   // Europe, LCC and LAEA
    (3059, 3059),   // Latvia
    (3067, 3067),   // Finland
    (3301, 3301),   // Estonia
    (3346, 3346),   // Lithuania
    (3395, 3395),   // World Mercator
    (3763, 3763),   // Portugal
    (3765, 3765),   // Croatia
    (3794, 3794),   // Slovenia
    (3812, 3812),   // Belgium, Lambert 2008
    (3857, 3857),   // web maps
    (3942, 3950),   // France, CC42 to CC50
    (4647, 4647),   // Germany, UTM 32 with zone number
    (5649, 5650),   // Germany, UTM 31 and 33 with zone number
    (25828, 25838), // Europe, UTM
    (32601, 32660), // UTM north
    (32701, 32760), // UTM south
];

/// Datums with a shift to WGS 84: words of their name in well-known text, ellipsoid and `towgs84` parameters as in PROJ's
/// datum table (Amersfoort: as published for EPSG:28992).
const SHIFTED: &[(&[&str], &str)] = &[
    (&["deutscheshauptdreiecksnetz", "dhdn"], DHDN),
    (&["amersfoort"], AMERSFOORT),
    (&["ch1903"], CH1903),
    (&["osgb", "ordnancesurveyofgreatbritain"], OSGB36),
    (&["mgi", "militargeographische"], MGI),
];
const DHDN: &str = "+ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7";
const AMERSFOORT: &str =
    "+ellps=bessel +towgs84=565.2369,50.0087,465.658,-0.406857,0.350733,-1.87035,4.0812";
const CH1903: &str = "+ellps=bessel +towgs84=674.374,15.056,405.346";
const OSGB36: &str = "+ellps=airy +towgs84=446.448,-125.157,542.060,0.1502,0.2470,0.8421,-20.4894";
const MGI: &str = "+ellps=bessel +towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232";

/// The definition of an EPSG code on a shifted datum.
fn shifted(epsg: u16) -> Option<String> {
    let (projection, datum) = match epsg {
        31466..=31469 => {
            let zone = epsg - 31464;
            let lon = 3 * zone;
            (format!("+proj=tmerc +lat_0=0 +lon_0={lon} +k=1 +x_0={zone}500000 +y_0=0"), DHDN)
        }
        28992 => (
            "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 \
             +x_0=155000 +y_0=463000"
                .to_owned(),
            AMERSFOORT,
        ),
        2056 | 21781 => {
            let (x, y) = if epsg == 2056 { (2_600_000, 1_200_000) } else { (600_000, 200_000) };
            let centre = "+lat_0=46.9524055555556 +lon_0=7.43958333333333";
            (format!("+proj=somerc {centre} +k_0=1 +x_0={x} +y_0={y}"), CH1903)
        }
        27700 => (
            "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000".to_owned(),
            OSGB36,
        ),
        31287 => (
            "+proj=lcc +lat_0=47.5 +lon_0=13.3333333333333 +lat_1=49 +lat_2=46 +x_0=400000 \
             +y_0=400000"
                .to_owned(),
            MGI,
        ),
        _ => return None,
    };
    Some(format!("{projection} {datum} +units=m +no_defs"))
}

impl Reprojection {
    /// Chooses by what the file says; by the declared code when the file says nothing, or nothing that is understood; else
    /// the coordinates are taken for degrees.
    ///
    /// # Errors
    /// [`codes::GEOMETRY`] when the projection is not supported.
    pub(in crate::read) fn choose(
        crs: Option<&Crs>,
        declared: Option<u16>,
    ) -> Result<Self, Problem> {
        let found = match crs {
            Some(Crs::Epsg(epsg)) => Self::epsg(*epsg),
            Some(Crs::Wkt(text)) => Self::wkt(text),
            Some(Crs::Unknown(name)) => Err(format!("coordinate system `{name}` is not known")),
            None => match declared {
                Some(epsg) => return Self::epsg(epsg).map_err(unsupported),
                None => {
                    Ok(Self { from: None, name: "WGS 84".to_owned(), told: false, plane: false })
                }
            },
        };
        match (found, declared) {
            (Err(_), Some(epsg)) => Self::epsg(epsg).map_err(unsupported),
            (found, _) => found.map_err(unsupported),
        }
    }

    /// Coordinates of a plane, which stay as they are.
    pub(in crate::read) fn plane() -> Self {
        Self { from: None, name: "plane coordinates".to_owned(), told: true, plane: true }
    }

    fn epsg(epsg: u16) -> Result<Self, String> {
        let name = format!("EPSG:{epsg}");
        if epsg == 4326 || epsg == 4258 {
            return Ok(Self { from: None, name, told: true, plane: false });
        }
        if let Some(definition) = shifted(epsg) {
            return Self::definition(&definition, name);
        }
        if !UNSHIFTED.iter().any(|(from, to)| (*from..=*to).contains(&epsg)) {
            return Err(format!("coordinate system {name} is not supported"));
        }
        let proj = Proj::from_epsg_code(epsg).map_err(|error| format!("{name}: {error}"))?;
        Self::from(proj, name)
    }

    fn wkt(text: &str) -> Result<Self, String> {
        let system = wkt::parse(text)?;
        match (system.epsg, system.definition) {
            (Some(epsg), None) => Self::epsg(epsg),
            (Some(epsg), Some(_)) if Self::epsg(epsg).is_ok() => Self::epsg(epsg),
            (_, Some(definition)) => Self::definition(&definition, system.name),
            (None, None) => Ok(Self { from: None, name: system.name, told: true, plane: false }),
        }
    }

    fn definition(definition: &str, name: String) -> Result<Self, String> {
        let proj =
            Proj::from_proj_string(definition).map_err(|error| format!("{name}: {error}"))?;
        Self::from(proj, name)
    }

    fn from(proj: Proj, name: String) -> Result<Self, String> {
        let degrees = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")
            .map_err(|error| format!("WGS 84: {error}"))?;
        Ok(Self { from: Some((proj, degrees)), name, told: true, plane: false })
    }

    /// Source and target in words.
    pub(in crate::read) fn words(&self) -> String {
        match self.from {
            Some(_) => format!("{} to WGS 84", self.name),
            None => self.name.clone(),
        }
    }

    /// What to do about an outline that cannot be used.
    pub(in crate::read) fn hint(&self) -> &'static str {
        if self.told {
            "mend the outline in the boundary file"
        } else {
            "mend the outline; if its coordinates are metres, say in which system: `epsg = 25832`"
        }
    }

    /// One point in degrees. Reprojected degrees are rounded to nine decimals (a tenth of a millimetre), because the last
    /// bits of sines differ between platforms.
    ///
    /// # Errors
    /// The rest of a sentence about the feature.
    pub(in crate::read) fn apply(&self, point: Coord<f64>) -> Result<Coord<f64>, String> {
        let degrees = match &self.from {
            None => point,
            Some((from, to)) => {
                let mut xyz = if from.is_latlong() {
                    (point.x.to_radians(), point.y.to_radians(), 0.0)
                } else {
                    (point.x, point.y, 0.0)
                };
                proj4rs::transform::transform(from, to, &mut xyz)
                    .map_err(|error| format!("cannot be turned into degrees: {error}"))?;
                let round = |radians: f64| (radians.to_degrees() * 1e9).round() / 1e9;
                Coord { x: round(xyz.0), y: round(xyz.1) }
            }
        };
        let on_earth = degrees.x.abs() <= 180.0 && degrees.y.abs() <= 90.0;
        if on_earth || (self.plane && degrees.x.is_finite() && degrees.y.is_finite()) {
            // Adding zero turns -0 into 0, so that equal points have equal bits.
            return Ok(Coord { x: degrees.x + 0.0, y: degrees.y + 0.0 });
        }
        let Coord { x, y } = degrees;
        Err(if x.is_finite() && y.is_finite() {
            format!("has the point {x}, {y} outside ±180° and ±90°")
        } else {
            "has a point that is not a number".to_owned()
        })
    }
}

fn unsupported(why: String) -> Problem {
    Problem::new(&codes::GEOMETRY, why).help(
        "declare `epsg` with a supported code (4326, 3857, 3035, 25832, 25833, 31466 to 31469, …) \
         or convert the file to WGS 84",
    )
}

#[cfg(test)]
#[track_caller]
fn check(epsg: u16, x: f64, y: f64, lon: f64, lat: f64, tolerance: f64) {
    let found = Reprojection::epsg(epsg).unwrap().apply(Coord { x, y }).unwrap();
    assert!((found.x - lon).abs() < tolerance && (found.y - lat).abs() < tolerance, "{found:?}");
}

#[test]
fn published_points_come_out() {
    // The central meridian and the natural origins are exact by definition.
    check(25832, 500_000.0, 0.0, 9.0, 0.0, 1e-9);
    check(3035, 4_321_000.0, 3_210_000.0, 10.0, 52.0, 1e-8);
    check(3857, 20_037_508.342_789_244, 0.0, 180.0, 0.0, 1e-8);
    check(2056, 2_600_000.0, 1_200_000.0, 7.438_637, 46.951_083, 1e-5);
}

#[test]
fn gauss_kruger_is_shifted_and_utm_is_not() {
    let utm = Reprojection::epsg(25832).unwrap().apply(Coord { x: 5e5, y: 5.7e6 }).unwrap();
    let gk = Reprojection::epsg(31467).unwrap().apply(Coord { x: 3.5e6, y: 5.702e6 }).unwrap();
    assert!((utm.x - 9.0).abs() < 1e-9);
    // Without the shift this would be 9.0 exactly.
    assert!((gk.x - 9.0).abs() > 0.0005 && (gk.x - 9.0).abs() < 0.002, "{gk:?}");
}

#[test]
fn an_unknown_system_is_an_error_and_a_declared_one_helps() {
    assert!(Reprojection::choose(Some(&Crs::Epsg(4746)), None).is_err());
    assert!(Reprojection::choose(Some(&Crs::Epsg(4746)), Some(25832)).is_ok());
    let degrees = Reprojection::choose(None, None).unwrap();
    let why = degrees.apply(Coord { x: 5e5, y: 5e6 }).unwrap_err();
    assert_eq!(why, "has the point 500000, 5000000 outside ±180° and ±90°");
    assert!(degrees.hint().contains("epsg"));
}
