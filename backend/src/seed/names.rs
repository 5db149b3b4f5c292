//! Plausible people from several places, as a company of today has them: their names have to sort, search and print.

use super::random::Random;

/// A name and how it is written in a user name.
type Name = (&'static str, &'static str);

struct Origin {
    /// Of how many people in twenty.
    weight: usize,
    given: &'static [Name],
    family: &'static [Name],
    family_first: bool,
}

const ORIGINS: &[Origin] = &[
    Origin {
        weight: 11,
        given: &[
            ("Anna", "anna"),
            ("Ben", "ben"),
            ("Clara", "clara"),
            ("David", "david"),
            ("Emilia", "emilia"),
            ("Finn", "finn"),
            ("Greta", "greta"),
            ("Henrik", "henrik"),
            ("Ida", "ida"),
            ("Jürgen", "juergen"),
            ("Katharina", "katharina"),
            ("Lars", "lars"),
            ("Mia", "mia"),
            ("Noah", "noah"),
            ("Oskar", "oskar"),
            ("Paula", "paula"),
            ("Ruben", "ruben"),
            ("Sören", "soeren"),
            ("Theresa", "theresa"),
            ("Ulrike", "ulrike"),
        ],
        family: &[
            ("Albrecht", "albrecht"),
            ("Böhm", "boehm"),
            ("Claußen", "claussen"),
            ("Dietrich", "dietrich"),
            ("Engel", "engel"),
            ("Falk", "falk"),
            ("Größner", "groessner"),
            ("Hansen", "hansen"),
            ("Jahn", "jahn"),
            ("Krüger", "krueger"),
            ("Lorenz", "lorenz"),
            ("Möller", "moeller"),
            ("Nowak", "nowak"),
            ("Ott", "ott"),
            ("Petersen", "petersen"),
            ("Reuter", "reuter"),
            ("Schütz", "schuetz"),
            ("Thomsen", "thomsen"),
            ("Voß", "voss"),
            ("Winter", "winter"),
        ],
        family_first: false,
    },
    Origin {
        weight: 3,
        given: &[
            ("Văn An", "van.an"),
            ("Thị Bích", "thi.bich"),
            ("Quang Dũng", "quang.dung"),
            ("Thu Hương", "thu.huong"),
            ("Đức Long", "duc.long"),
            ("Ngọc Trâm", "ngoc.tram"),
        ],
        family: &[
            ("Nguyễn", "nguyen"),
            ("Trần", "tran"),
            ("Lê", "le"),
            ("Phạm", "pham"),
            ("Đặng", "dang"),
            ("Bùi", "bui"),
        ],
        family_first: true,
    },
    Origin {
        weight: 2,
        given: &[
            ("Γιώργος", "giorgos"),
            ("Δήμητρα", "dimitra"),
            ("Κώστας", "kostas"),
            ("Σοφία", "sofia"),
            ("Νίκος", "nikos"),
        ],
        family: &[
            ("Αντωνίου", "antoniou"),
            ("Γεωργίου", "georgiou"),
            ("Καραγιάννης", "karagiannis"),
            ("Νικολάου", "nikolaou"),
        ],
        family_first: false,
    },
    Origin {
        weight: 2,
        given: &[
            ("Олена", "olena"),
            ("Андрій", "andrii"),
            ("Марія", "mariia"),
            ("Дмитро", "dmytro"),
            ("Светлана", "svetlana"),
        ],
        family: &[
            ("Коваленко", "kovalenko"),
            ("Шевченко", "shevchenko"),
            ("Бондар", "bondar"),
            ("Ткачук", "tkachuk"),
        ],
        family_first: false,
    },
    Origin {
        weight: 2,
        given: &[
            ("Beatriz", "beatriz"),
            ("José", "jose"),
            ("Élodie", "elodie"),
            ("Zoë", "zoe"),
            ("Łukasz", "lukasz"),
            ("Aylin", "aylin"),
        ],
        family: &[
            ("García", "garcia"),
            ("Lefèvre", "lefevre"),
            ("Wiśniewski", "wisniewski"),
            ("Yılmaz", "yilmaz"),
            ("O’Neill", "oneill"),
        ],
        family_first: false,
    },
];

/// A full name, and the same in letters that a user name may have.
pub fn draw(random: &mut Random) -> (String, String) {
    let all: usize = ORIGINS.iter().map(|origin| origin.weight).sum();
    let mut ticket = random.below(all);
    let origin = ORIGINS.iter().find(|origin| match ticket.checked_sub(origin.weight) {
        Some(rest) => {
            ticket = rest;
            false
        }
        None => true,
    });
    let drawn = origin.and_then(|o| Some((o, random.pick(o.given)?, random.pick(o.family)?)));
    let Some((origin, given, family)) = drawn else { return ("Kim Doe".into(), "kim.doe".into()) };
    let full = match origin.family_first {
        true => format!("{} {}", family.0, given.0),
        false => format!("{} {}", given.0, family.0),
    };
    (full, format!("{}.{}", given.1, family.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_plain_letters_and_names_come_from_everywhere() {
        let mut random = Random::of(&[1]);
        let drawn: Vec<_> = (0..500).map(|_| draw(&mut random)).collect();
        assert!(drawn.iter().all(|(_, user)| user.bytes().all(|b| b.is_ascii_lowercase() || b == b'.')));
        for part in ["ễ", "Σ", "ш", "ü", "ł"] {
            assert!(
                drawn.iter().any(|(full, _)| full.to_lowercase().contains(&part.to_lowercase())),
                "{part}"
            );
        }
    }
}
