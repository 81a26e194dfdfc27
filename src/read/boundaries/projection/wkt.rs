//! Well-known text of coordinate systems, version 1, as `.prj` files hold it: enough to project back.

use super::SHIFTED;

/// A coordinate system in the words of PROJ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct System {
    /// Name as written.
    pub(super) name: String,
    /// EPSG code of the whole system, when it has one.
    pub(super) epsg: Option<u16>,
    /// PROJ definition; `None`: degrees on WGS 84.
    pub(super) definition: Option<String>,
}

/// `KEYWORD["text", 1.0, NESTED[…]]`.
#[derive(Debug, Default)]
struct Node {
    keyword: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    nodes: Vec<Node>,
}

impl Node {
    fn child(&self, keyword: &str) -> Option<&Self> {
        self.nodes.iter().find(|node| node.keyword == keyword)
    }

    fn name(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }

    fn number(&self, at: usize) -> Option<f64> {
        self.numbers.get(at).copied()
    }
}

/// Reads a coordinate system.
///
/// # Errors
/// A clause that says what is not understood.
pub(super) fn parse(text: &str) -> Result<System, String> {
    let chars: Vec<char> = text.trim_start_matches('\u{feff}').trim().chars().collect();
    let mut at = 0;
    let root = node(&chars, &mut at, 0).ok_or("projection file is not well-known text")?;
    let name = root.name().to_owned();
    let epsg = root
        .child("AUTHORITY")
        .filter(|node| node.name().eq_ignore_ascii_case("EPSG"))
        .and_then(|node| {
            let text = node.texts.get(1).cloned();
            text.or_else(|| node.number(0).map(|number| number.to_string()))
        })
        .and_then(|code| code.parse().ok());
    let definition = match root.keyword.as_str() {
        "GEOGCS" => match datum(&root)?.as_str() {
            "+datum=WGS84" => None,
            datum => Some(format!("+proj=longlat {datum} +no_defs")),
        },
        "PROJCS" => match projected(&root) {
            Ok(definition) => Some(definition),
            Err(_) if epsg.is_some() => None,
            Err(why) => return Err(format!("projection `{name}` is not supported: {why}")),
        },
        other => return Err(format!("coordinate system `{name}` is of the kind {other}")),
    };
    let epsg = epsg.filter(|_| root.keyword == "PROJCS");
    Ok(System { name, epsg, definition })
}

/// Reads one node from `at` on; nested no deeper than any real file.
fn node(chars: &[char], at: &mut usize, depth: usize) -> Option<Node> {
    let start = *at;
    while chars.get(*at).is_some_and(|next| next.is_alphanumeric() || *next == '_') {
        *at += 1;
    }
    let keyword: String = chars[start..*at].iter().collect::<String>().to_ascii_uppercase();
    if keyword.is_empty() || depth > 16 || !matches!(chars.get(*at), Some('[' | '(')) {
        return None;
    }
    *at += 1;
    let mut found = Node { keyword, ..Node::default() };
    loop {
        match *chars.get(*at)? {
            ']' | ')' => {
                *at += 1;
                return Some(found);
            }
            ',' => *at += 1,
            space if space.is_whitespace() => *at += 1,
            '"' => {
                let length = chars[*at + 1..].iter().position(|next| *next == '"')?;
                found.texts.push(chars[*at + 1..*at + 1 + length].iter().collect());
                *at += length + 2;
            }
            first if first.is_alphabetic() => {
                // Axes hold bare words (`EAST`); everything else holds nodes.
                let word = chars[*at..].iter().take_while(|next| next.is_alphabetic()).count();
                if matches!(chars.get(*at + word), Some(',' | ']' | ')')) {
                    *at += word;
                } else {
                    found.nodes.push(node(chars, at, depth + 1)?);
                }
            }
            _ => {
                let is_end = |next: &char| matches!(next, ',' | ']' | ')');
                let length = chars[*at..].iter().position(is_end)?;
                let text: String = chars[*at..*at + length].iter().collect();
                found.numbers.push(text.trim().parse().ok()?);
                *at += length;
            }
        }
    }
}

/// PROJ's words for the datum of a geographic system.
fn datum(geographic: &Node) -> Result<String, String> {
    let datum = geographic.child("DATUM").ok_or("it has no datum")?;
    if geographic.child("PRIMEM").and_then(|node| node.number(0)).is_some_and(|lon| lon.abs() > 0.0)
    {
        return Err("its prime meridian is not Greenwich".to_owned());
    }
    let spheroid =
        datum.child("SPHEROID").or(datum.child("ELLIPSOID")).ok_or("it has no spheroid")?;
    let (Some(axis), Some(flattening)) = (spheroid.number(0), spheroid.number(1)) else {
        return Err("its spheroid has no size".to_owned());
    };
    if let Some(shift) =
        datum.child("TOWGS84").filter(|shift| shift.numbers.iter().any(|at| *at != 0.0))
    {
        let shift: Vec<String> = shift.numbers.iter().map(f64::to_string).collect();
        return Ok(format!("+a={axis} +rf={flattening} +towgs84={}", shift.join(",")));
    }
    let name: String = datum.name().chars().filter(|c| c.is_alphanumeric()).collect();
    let name = name.to_lowercase();
    if let Some((_, shift)) =
        SHIFTED.iter().find(|(words, _)| words.iter().any(|word| name.contains(word)))
    {
        return Ok((*shift).to_owned());
    }
    // GRS 80 and WGS 84: every datum in use on them lies within a metre or two of WGS 84.
    if (axis - 6_378_137.0).abs() < 0.5 && (flattening - 298.257).abs() < 0.001 {
        return Ok("+datum=WGS84".to_owned());
    }
    Err(format!("the shift of its datum `{}` to WGS 84 is not known", datum.name()))
}

/// PROJ's words for a projected system.
fn projected(root: &Node) -> Result<String, String> {
    let geographic = root.child("GEOGCS").ok_or("it has no geographic system")?;
    let projection = root.child("PROJECTION").ok_or("it has no projection")?;
    let metres = root.child("UNIT").and_then(|unit| unit.number(0)).unwrap_or(1.0);
    let parameter = |names: &[&str]| {
        root.nodes
            .iter()
            .filter(|node| node.keyword == "PARAMETER")
            .find(|node| names.iter().any(|name| node.name().eq_ignore_ascii_case(name)))
            .and_then(|node| node.number(0))
    };
    let lon = parameter(&["central_meridian", "longitude_of_center", "longitude_of_origin"]);
    let lat = parameter(&["latitude_of_origin", "latitude_of_center"]).unwrap_or(0.0);
    let scale = parameter(&["scale_factor"]).unwrap_or(1.0);
    let first = parameter(&["standard_parallel_1"]);
    let second = parameter(&["standard_parallel_2"]);
    let parallels = || match (first, second) {
        (Some(first), Some(second)) => Ok(format!("+lat_1={first} +lat_2={second}")),
        (Some(first), None) => Ok(format!("+lat_1={first} +lat_2={first}")),
        _ => Err("it has no standard parallels".to_owned()),
    };
    let mut datum = datum(geographic)?;
    let shape = match projection.name().to_ascii_lowercase().as_str() {
        "transverse_mercator" | "gauss_kruger" => format!("+proj=tmerc +lat_0={lat} +k={scale}"),
        "lambert_azimuthal_equal_area" => format!("+proj=laea +lat_0={lat}"),
        "albers" | "albers_conic_equal_area" => format!("+proj=aea +lat_0={lat} {}", parallels()?),
        "lambert_conformal_conic" | "lambert_conformal_conic_2sp" => {
            format!("+proj=lcc +lat_0={lat} +k_0={scale} {}", parallels()?)
        }
        "double_stereographic" | "oblique_stereographic" => {
            format!("+proj=sterea +lat_0={lat} +k={scale}")
        }
        "mercator_auxiliary_sphere" | "popular_visualisation_pseudo_mercator" => {
            "+a=6378137 +b=6378137 +nadgrids=@null".clone_into(&mut datum);
            "+proj=merc +lat_ts=0 +k=1".to_owned()
        }
        "mercator" | "mercator_1sp" if first.is_none_or(|first| first.abs() < 1e-12) => {
            format!("+proj=merc +k={scale}")
        }
        other => return Err(format!("`{other}` is not among the projections known here")),
    };
    let lon = lon.ok_or("it has no central meridian")?;
    let east = parameter(&["false_easting"]).unwrap_or(0.0) * metres;
    let north = parameter(&["false_northing"]).unwrap_or(0.0) * metres;
    Ok(format!("{shape} +lon_0={lon} +x_0={east} +y_0={north} {datum} +to_meter={metres} +no_defs"))
}

#[test]
fn the_prj_of_vg250_is_understood() {
    let text = r#"PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    let system = parse(text).unwrap();
    assert_eq!(system.name, "ETRS_1989_UTM_Zone_32N");
    assert_eq!(system.epsg, None);
    assert_eq!(
        system.definition.unwrap(),
        "+proj=tmerc +lat_0=0 +k=0.9996 +lon_0=9 +x_0=500000 +y_0=0 +datum=WGS84 +to_meter=1 +no_defs"
    );
}

#[test]
fn degrees_an_authority_and_bare_axis_words_are_understood() {
    let wgs = r#"GEOGCS["WGS 84", DATUM["WGS_1984", SPHEROID["WGS 84",6378137,298.257223563]], PRIMEM["Greenwich",0], AXIS["Latitude",NORTH], AUTHORITY["EPSG","4326"]]"#;
    let system = parse(wgs).unwrap();
    assert_eq!((system.epsg, system.definition), (None, None));
    let gk = format!(
        r#"PROJCS["GK 3",{},PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",9],PARAMETER["false_easting",3500000],UNIT["metre",1],AUTHORITY["EPSG","31467"]]"#,
        wgs.replace("WGS_1984", "Deutsches_Hauptdreiecksnetz")
    );
    let system = parse(&gk).unwrap();
    assert_eq!(system.epsg, Some(31467));
    assert!(system.definition.unwrap().contains("+towgs84=598.1"));
}

#[test]
fn what_is_not_understood_is_said() {
    assert!(parse("metres, I think").is_err());
    assert!(parse("PROJCS[\"x\",").is_err());
    let clarke = r#"GEOGCS["Old",DATUM["Old_1880",SPHEROID["Clarke",6378249.2,293.46]],PRIMEM["Greenwich",0]]"#;
    assert!(parse(clarke).unwrap_err().contains("Old_1880"));
}
