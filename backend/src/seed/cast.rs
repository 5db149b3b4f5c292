//! The people whom screenshots, guides and tests know by name.

use kpi_api::permission::Role;

use super::company::Area;

pub const ADMIN: i64 = 1;
pub const MANAGER: i64 = 2;
pub const EMPLOYEE: i64 = 3;
pub const OUTSIDER: i64 = 4;
pub const CHIEF: i64 = 5;
/// Has not recorded a value yet.
pub const LATE: i64 = 11;
/// Whose KPIs wait for the manager.
pub const ASSISTANT: i64 = 12;
pub const COUNT: usize = 12;

pub struct Known {
    pub username: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub area: Area,
    pub position: &'static str,
    pub leads: bool,
}

const fn known(
    username: &'static str,
    name: &'static str,
    role: Role,
    area: Area,
    position: &'static str,
    leads: bool,
) -> Known {
    Known { username, name, role, area, position, leads }
}

/// In the order of their ids.
pub const CAST: [Known; COUNT] = [
    known("admin", "Alexandra Weiß", Role::Admin, Area::Service, "System administrator", false),
    known("manager", "Marek Sommer", Role::Manager, Area::Sales, "Head of Sales", true),
    known("employee", "Eva Brandt", Role::Employee, Area::Sales, "Account manager", false),
    known("outsider", "Nguyễn Thị Minh Châu", Role::Employee, Area::Finance, "Controller", false),
    known("ingrid.halvorsen", "Ingrid Halvorsen", Role::Manager, Area::Board, "Managing director", true),
    known("tomasz.zielinski", "Tomasz Zieliński", Role::Manager, Area::Finance, "Head of Finance", true),
    known(
        "eleni.papadopoulou",
        "Ελένη Παπαδοπούλου",
        Role::Manager,
        Area::Marketing,
        "Head of Marketing",
        true,
    ),
    known("taras.melnyk", "Тарас Мельник", Role::Manager, Area::Service, "Head of IT Service", true),
    known("birgit.koehler", "Birgit Köhler", Role::Manager, Area::Production, "Head of Production", true),
    known("amina.diallo", "Amina Diallo", Role::Manager, Area::People, "Head of People & Culture", true),
    known("jonas.feld", "Jonas Feld", Role::Employee, Area::Sales, "Sales representative", false),
    known("sofie.lindholm", "Sofie Lindholm", Role::Employee, Area::Sales, "Sales assistant", false),
];
