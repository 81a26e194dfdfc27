//! The country itself: its areas and people, its national rates, and what is expected where.

use std::collections::BTreeMap;

use super::{
    DemoOptions, DistrictTruth, Flaws, Hotbed, LAST_YEAR, Truth,
    areas::{self, Areas},
    interviews,
    lattice::Lattice,
    names::Names,
    outline, people,
    plan::{self, IDEOLOGIES},
};

/// Negative-binomial size of counts around what is expected: a coefficient of variation of 20 % at large counts.
pub(super) const SIZE: f64 = 25.0;

/// Everything the files are written from.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) seed: u64,
    /// First and last year.
    pub(super) years: (i32, i32),
    pub(super) name: String,
    pub(super) lattice: Lattice,
    pub(super) areas: Areas,
    /// Codes and names, by district.
    pub(super) districts: Vec<(String, String)>,
    /// Codes and names, by province.
    pub(super) provinces: Vec<(String, String)>,
    /// By district, then by year: 31 December before the first year, and of every year.
    pub(super) persons: Vec<Vec<u64>>,
    pub(super) hotbeds: Vec<Hotbed>,
    /// Events per person and year without trend and planted areas, all ideologies together.
    rate: f64,
}

impl Country {
    /// The country of these options.
    pub(super) fn new(options: &DemoOptions) -> Self {
        let seed = options.seed;
        let n_years = i32::try_from(options.years).expect("invariant: checked by the caller");
        let years = (LAST_YEAR - n_years + 1, LAST_YEAR);
        let lattice = Lattice::new(seed, areas::n_land_cells(options.regions));
        let areas = Areas::grow(&lattice, seed, options.regions);
        let mut names = Names::new(seed);
        let name = names.next();
        let provinces: Vec<(String, String)> = (0..areas.n_provinces())
            .map(|province| (format!("{:02}", province + 1), names.next()))
            .collect();
        let districts: Vec<(String, String)> = (0..areas.cells.len())
            .map(|district| {
                let province = areas.province[district];
                let number = district - areas.districts_of(province).start + 1;
                let code = format!("{}{number:03}", provinces[province].0);
                let kind = if areas.is_town[district] { "" } else { " district" };
                (code, format!("{}{kind}", names.next()))
            })
            .collect();
        let persons = people::persons(&areas, seed, options.years);
        let codes: Vec<String> = districts.iter().map(|(code, _)| code.clone()).collect();
        let hotbeds = plan::plant(&areas, &persons, &codes, seed, years);
        let mut country = Self {
            seed,
            years,
            name,
            lattice,
            areas,
            districts,
            provinces,
            persons,
            hotbeds,
            rate: 1.0,
        };
        #[allow(clippy::cast_precision_loss, reason = "at most a hundred million")]
        let wanted = options.events as f64;
        country.rate = wanted / country.cells().map(|(.., expected)| expected).sum::<f64>();
        country
    }

    /// Number of years.
    pub(super) fn n_years(&self) -> usize {
        self.persons[0].len() - 1
    }

    /// The calendar year at a position.
    pub(super) fn year(&self, year_idx: usize) -> i32 {
        self.years.0 + i32::try_from(year_idx).expect("invariant: at most forty years")
    }

    /// Events expected in a district and year under an ideology, by its position in [`IDEOLOGIES`].
    pub(super) fn expected_events(&self, district: usize, year_idx: usize, ideology: usize) -> f64 {
        let (id, _, share) = IDEOLOGIES[ideology];
        let risk = plan::relative_risk(&self.hotbeds, district, id, self.year(year_idx));
        self.rate
            * self.exposure(district, year_idx)
            * share
            * self.trend(ideology, year_idx)
            * risk
    }

    /// Every district × year × ideology with what is expected there.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, usize, f64)> {
        (0..self.districts.len()).flat_map(move |district| {
            (0..self.n_years()).flat_map(move |year_idx| {
                (0..IDEOLOGIES.len()).map(move |ideology| {
                    (
                        district,
                        year_idx,
                        ideology,
                        self.expected_events(district, year_idx, ideology),
                    )
                })
            })
        })
    }

    /// Persons at the start of a year.
    #[allow(clippy::cast_precision_loss, reason = "persons are few enough")]
    pub(super) fn exposure(&self, district: usize, year_idx: usize) -> f64 {
        self.persons[district][year_idx] as f64
    }

    /// The national trend: a straight line through 1 in the middle year.
    #[allow(clippy::cast_precision_loss, reason = "at most forty years")]
    fn trend(&self, ideology: usize, year_idx: usize) -> f64 {
        let through = year_idx as f64 / (self.n_years() - 1) as f64 - 0.5;
        let rise = [0.35, -0.2, 0.1, 0.0][ideology];
        1.0 + rise * through
    }

    /// The outlines of the districts.
    pub(super) fn districts_geojson(&self) -> String {
        let features = self.districts.iter().enumerate().map(|(district, (code, name))| {
            let province = self.provinces[self.areas.province[district]].0.clone();
            let properties =
                vec![("code", code.clone()), ("name", name.clone()), ("province", province)];
            (self.areas.cells[district].clone(), properties)
        });
        outline::geojson(&self.lattice, &self.areas, features)
    }

    /// The outlines of the provinces, dissolved from their districts.
    pub(super) fn provinces_geojson(&self) -> String {
        let features = self.provinces.iter().enumerate().map(|(province, (code, name))| {
            let districts = &self.areas.cells[self.areas.districts_of(province)];
            (districts.concat(), vec![("code", code.clone()), ("name", name.clone())])
        });
        outline::geojson(&self.lattice, &self.areas, features)
    }

    /// What a reader of the results may compare them with.
    pub(super) fn truth(&self, flaws: Flaws) -> Truth {
        let by_year = |value: &dyn Fn(usize) -> f64| (0..self.n_years()).map(value).collect();
        let district = |district: usize| {
            let risk = |ideology: &str, year_idx: usize| {
                plan::relative_risk(&self.hotbeds, district, ideology, self.year(year_idx))
            };
            let relative_risk = IDEOLOGIES
                .iter()
                .filter(|(id, ..)| self.hotbeds.iter().any(|hotbed| hotbed.concerns(district, id)))
                .map(|(id, ..)| ((*id).to_owned(), by_year(&|year_idx| risk(id, year_idx))))
                .collect();
            let expected = |ideology: usize| {
                by_year(&|year_idx| {
                    (self.expected_events(district, year_idx, ideology) * 1e3).round() / 1e3
                })
            };
            let expected_events: BTreeMap<String, Vec<f64>> = IDEOLOGIES
                .iter()
                .enumerate()
                .map(|(ideology, (id, ..))| ((*id).to_owned(), expected(ideology)))
                .collect();
            DistrictTruth {
                id: self.districts[district].0.clone(),
                name: self.districts[district].1.clone(),
                province: self.provinces[self.areas.province[district]].0.clone(),
                persons: self.persons[district][..self.n_years()].to_vec(),
                relative_risk,
                expected_events,
            }
        };
        Truth {
            seed: self.seed,
            years: self.years,
            size: SIZE,
            hotbeds: self.hotbeds.clone(),
            districts: (0..self.districts.len()).map(district).collect(),
            survey: interviews::truth(self),
            flaws,
        }
    }
}
