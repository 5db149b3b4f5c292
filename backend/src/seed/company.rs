//! The company: its tree of departments and who works where. The first dozen people are always the same.

use std::collections::HashMap;

use kpi_api::permission::Role;

use super::{
    cast::{self, CAST, Known},
    names,
    random::Random,
};
use crate::entity::{department, user};

/// What a part of the company does; decides which KPIs its people have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    Board,
    Sales,
    Marketing,
    Finance,
    Service,
    Production,
    People,
}

struct Branch {
    area: Area,
    name: &'static str,
    /// Of a hundred people beyond the first dozen.
    share: usize,
    /// Made even where there are few people.
    always: usize,
    teams: &'static [&'static str],
    positions: &'static [&'static str],
}

const BRANCHES: &[Branch] = &[
    Branch {
        area: Area::Sales,
        name: "Sales",
        share: 30,
        always: 2,
        teams: &["Sales North", "Sales South", "Key Accounts", "Inside Sales"],
        positions: &["Account manager", "Sales representative", "Sales assistant"],
    },
    Branch {
        area: Area::Production,
        name: "Production",
        share: 25,
        always: 2,
        teams: &["Assembly", "Quality", "Logistics", "Purchasing"],
        positions: &["Production planner", "Quality engineer", "Shift lead", "Warehouse specialist"],
    },
    Branch {
        area: Area::Service,
        name: "IT Service",
        share: 18,
        always: 1,
        teams: &["Service Desk", "Platform", "Applications"],
        positions: &["Support engineer", "System engineer", "Application owner"],
    },
    Branch {
        area: Area::Marketing,
        name: "Marketing",
        share: 12,
        always: 0,
        teams: &["Online Marketing", "Brand"],
        positions: &["Campaign lead", "Content editor", "Market analyst"],
    },
    Branch {
        area: Area::Finance,
        name: "Finance",
        share: 8,
        always: 0,
        teams: &["Controlling", "Accounting"],
        positions: &["Controller", "Accountant", "Payroll specialist"],
    },
    Branch {
        area: Area::People,
        name: "People & Culture",
        share: 7,
        always: 0,
        teams: &["Recruiting", "Learning"],
        positions: &["Recruiter", "HR partner", "Trainer"],
    },
];

/// People in a team before another one is made.
const TEAM: usize = 12;

/// What the entities do not say about a person.
#[derive(Debug, Clone)]
pub struct Post {
    pub user_id: i64,
    pub department_id: i64,
    pub area: Area,
    pub leads: bool,
    /// Index of the first quarter with KPIs.
    pub joined: usize,
    /// Has left before the present quarter.
    pub left: bool,
    /// How much of a target the person usually reaches, around 1.
    pub skill: f64,
}

pub struct Company {
    pub departments: Vec<department::Model>,
    pub people: Vec<user::Model>,
    /// In the order of the people.
    pub posts: Vec<Post>,
}

impl Company {
    /// `users` people, at least the dozen; `quarters` with KPIs, the present one last. `since` gives the instant at
    /// which somebody joins who has KPIs from that quarter on.
    pub fn new(users: usize, quarters: usize, password_hash: &str, since: impl Fn(usize) -> i64) -> Self {
        let founded = since(0);
        let mut company = Self { departments: Vec::new(), people: Vec::new(), posts: Vec::new() };
        let root = company.department("Nordlicht", None, Some(cast::CHIEF), founded);
        let extra = users.saturating_sub(cast::COUNT);
        let counts = shares(extra);
        let mut homes = HashMap::from([(Area::Board, root)]);
        let mut teams: Vec<(usize, i64)> = Vec::new();
        for (index, branch) in BRANCHES.iter().enumerate() {
            let lead = CAST.iter().position(|known| known.leads && known.area == branch.area);
            let lead = lead.map(|place| place as i64 + 1);
            let home = company.department(branch.name, Some(root), lead, founded);
            homes.insert(branch.area, home);
            let few = branch.always.min(counts[index] / 2);
            let wanted = if counts[index] < TEAM / 2 { few } else { counts[index].div_ceil(TEAM).max(few) };
            for number in 0..wanted {
                let name = branch
                    .teams
                    .get(number)
                    .map_or_else(|| format!("{} {}", branch.name, number + 1), ToString::to_string);
                let team = company.department(&name, Some(home), None, founded);
                teams.push((index, team));
            }
        }
        for known in &CAST {
            let home = homes.get(&known.area).copied().unwrap_or(root);
            company.hire(known, home, password_hash, founded);
        }
        let mut usernames: HashMap<String, usize> = HashMap::new();
        for (index, branch) in BRANCHES.iter().enumerate() {
            let own: Vec<i64> = teams.iter().filter(|(of, _)| *of == index).map(|(_, id)| *id).collect();
            let home = homes.get(&branch.area).copied().unwrap_or(root);
            for number in 0..counts[index] {
                let team = own.get(number % own.len().max(1)).copied();
                company.draw(
                    branch,
                    team.unwrap_or(home),
                    number < own.len(),
                    quarters,
                    password_hash,
                    &since,
                    &mut usernames,
                );
            }
        }
        if extra >= TEAM {
            company.farewell(since(quarters - 1));
        }
        company
    }

    /// The department of an area.
    pub fn home_of(&self, area: Area) -> Option<i64> {
        let name = BRANCHES.iter().find(|branch| branch.area == area)?.name;
        self.departments.iter().find(|department| department.name == name).map(|department| department.id)
    }

    fn department(&mut self, name: &str, parent_id: Option<i64>, manager_id: Option<i64>, at: i64) -> i64 {
        let id = self.departments.len() as i64 + 1;
        let name = name.to_owned();
        self.departments.push(department::Model {
            id,
            name,
            parent_id,
            manager_id,
            created_at: at,
            updated_at: at,
            version: 1,
        });
        id
    }

    fn hire(&mut self, known: &Known, department_id: i64, password_hash: &str, at: i64) {
        let mut random = Random::of(&[1, self.people.len() as u64]);
        let username = known.username.to_owned();
        let mut person = self.person(&username, known.name, known.position, department_id, password_hash, at);
        person.role = known.role.as_str().to_owned();
        self.posts.push(Post {
            user_id: person.id,
            department_id,
            area: known.area,
            leads: known.leads,
            joined: 0,
            left: false,
            skill: random.between(0.93, 1.04),
        });
        self.people.push(person);
    }

    #[expect(clippy::too_many_arguments, reason = "one place fills a person from where the loop stands")]
    fn draw(
        &mut self,
        branch: &Branch,
        department_id: i64,
        leads: bool,
        quarters: usize,
        password_hash: &str,
        since: &impl Fn(usize) -> i64,
        usernames: &mut HashMap<String, usize>,
    ) {
        let mut random = Random::of(&[2, self.people.len() as u64]);
        let (name, plain) = names::draw(&mut random);
        let count = usernames.entry(plain.clone()).or_insert(0);
        *count += 1;
        let username = if *count == 1 { plain } else { format!("{plain}{count}") };
        // Three in four were there from the start; nobody comes in the present quarter.
        let joined = if random.chance(0.75) { 0 } else { random.below(quarters.saturating_sub(1)) };
        let position = random.pick(branch.positions).copied().unwrap_or_default();
        let position = if leads { format!("{position}, team lead") } else { position.to_owned() };
        let mut person =
            self.person(&username, &name, &position, department_id, password_hash, since(joined));
        if leads {
            person.role = Role::Manager.as_str().to_owned();
            if let Some(team) = self.departments.iter_mut().find(|team| team.id == department_id) {
                team.manager_id = Some(person.id);
            }
        }
        if random.chance(0.3) {
            person.locale = "de".into();
        }
        self.posts.push(Post {
            user_id: person.id,
            department_id,
            area: branch.area,
            leads,
            joined,
            left: false,
            skill: 0.93 + 0.07 * random.normal().clamp(-2.5, 2.0),
        });
        self.people.push(person);
    }

    fn person(
        &self,
        username: &str,
        name: &str,
        position: &str,
        department_id: i64,
        password_hash: &str,
        at: i64,
    ) -> user::Model {
        let email = format!("{username}@nordlicht.example");
        user::Model {
            id: self.people.len() as i64 + 1,
            email_key: email.clone(),
            email,
            username_key: username.to_owned(),
            username: username.to_owned(),
            full_name: name.to_owned(),
            password_hash: password_hash.to_owned(),
            must_change_password: false,
            role: Role::Employee.as_str().to_owned(),
            department_id: Some(department_id),
            position: position.to_owned(),
            is_active: true,
            locale: "en".into(),
            last_login_at: None,
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    /// The last one hired who leads nobody has left again.
    fn farewell(&mut self, at: i64) {
        let last = self.posts.iter().rposition(|post| !post.leads);
        if let Some(index) = last
            && let (Some(person), Some(post)) = (self.people.get_mut(index), self.posts.get_mut(index))
        {
            person.is_active = false;
            person.updated_at = at;
            person.version = 2;
            post.left = true;
        }
    }
}

/// How many people beyond the dozen each branch has; together exactly `extra`.
fn shares(extra: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = BRANCHES.iter().map(|branch| extra * branch.share / 100).collect();
    let rest = extra - counts.iter().sum::<usize>();
    for index in 0..rest {
        let branch = index % counts.len();
        counts[branch] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn company(users: usize) -> Company {
        Company::new(users, 8, "hash", |quarter| quarter as i64 * 1000)
    }

    #[test]
    fn there_are_as_many_people_as_asked_for_and_all_user_names_differ() {
        for users in [12, 13, 30, 300, 3000] {
            let company = company(users);
            assert_eq!((company.people.len(), company.posts.len()), (users, users));
            let names: HashSet<_> = company.people.iter().map(|person| &person.username_key).collect();
            assert_eq!(names.len(), users);
            assert!(company.people.iter().all(|p| (3..=40).contains(&p.username.chars().count())));
        }
    }

    #[test]
    fn the_known_log_ins_are_where_the_guides_say() {
        let company = company(30);
        let of = |name: &str| {
            let person = company.people.iter().find(|person| person.username == name).unwrap();
            let home = company.departments.iter().find(|d| Some(d.id) == person.department_id).unwrap();
            (person, home)
        };
        assert_eq!(of("admin").0.role, "admin");
        let (manager, sales) = of("manager");
        assert_eq!((sales.name.as_str(), sales.manager_id), ("Sales", Some(manager.id)));
        assert_eq!(of("employee").1.name, "Sales");
        assert_eq!((of("outsider").1.name.as_str(), of("outsider").0.role.as_str()), ("Finance", "employee"));
        for (index, known) in CAST.iter().enumerate() {
            assert_eq!(company.people[index].username, known.username);
        }
    }

    #[test]
    fn every_team_lead_may_decide() {
        let company = company(300);
        let leaders: HashSet<i64> = company.departments.iter().filter_map(|d| d.manager_id).collect();
        assert!(leaders.len() > 15, "{}", leaders.len());
        for person in company.people.iter().filter(|person| leaders.contains(&person.id)) {
            assert_ne!(person.role, "employee", "{}", person.full_name);
        }
    }
}
