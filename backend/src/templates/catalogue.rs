//! All templates together: what one sets in the end, who may use it, whether a chain would bite its tail. Pure.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use kpi_api::{
    id::{DepartmentId, TemplateId},
    permission::Role,
    template::TemplateFields,
};

use crate::{
    entity::template,
    people::directory::{Directory, Person},
    platform::failure::Outcome,
};

/// A template with its own fields read.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub role: Option<Role>,
    pub department_id: Option<DepartmentId>,
    pub extends_id: Option<TemplateId>,
    pub is_active: bool,
    pub own: TemplateFields,
}

impl Template {
    pub fn read(row: &template::Model) -> Outcome<Self> {
        let role = row.role.as_deref().map(str::parse).transpose();
        Ok(Self {
            id: TemplateId(row.id),
            name: row.name.clone(),
            role: role.map_err(|e| anyhow!("role of template {}: {e}", row.id))?,
            department_id: row.department_id.map(DepartmentId),
            extends_id: row.extends_id.map(TemplateId),
            is_active: row.is_active,
            own: serde_json::from_str(&row.fields)
                .with_context(|| format!("fields of template {}", row.id))?,
        })
    }
}

/// What a KPI made from a template starts with, and for whom the template is.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    pub id: TemplateId,
    pub name: String,
    pub role: Option<Role>,
    pub department_id: Option<DepartmentId>,
    pub is_active: bool,
    pub fields: TemplateFields,
    /// Which version of the fields these are, where that was asked for.
    pub version: Option<i64>,
}

impl Effective {
    /// Whether it is meant for people of this role.
    pub fn for_role(&self, role: Role) -> bool {
        self.role.is_none_or(|wanted| wanted == role)
    }

    /// Whether it is meant for people of this department: its own, or one below.
    pub fn for_department(&self, of: Option<DepartmentId>, directory: &Directory) -> bool {
        self.department_id.is_none_or(|wanted| {
            of.is_some_and(|own| directory.ancestry(own).any(|above| above.id == wanted))
        })
    }

    /// Whether the person may make KPIs from it: of their role, and for their department or one above it.
    /// Administrators may use all, as they make KPIs for everybody.
    pub fn usable_by(&self, person: &Person, directory: &Directory) -> bool {
        if person.role == Role::Admin {
            return true;
        }
        self.is_active && self.for_department(person.department_id, directory) && self.for_role(person.role)
    }
}

#[derive(Debug, Default)]
pub struct Catalogue(BTreeMap<TemplateId, Template>);

impl Catalogue {
    pub fn new(templates: impl IntoIterator<Item = Template>) -> Self {
        Self(templates.into_iter().map(|template| (template.id, template)).collect())
    }

    pub fn read(rows: &[template::Model]) -> Outcome<Self> {
        Ok(Self::new(rows.iter().map(Template::read).collect::<Outcome<Vec<_>>>()?))
    }

    /// Every template with what it sets in the end.
    pub fn all(&self) -> impl Iterator<Item = Effective> + '_ {
        self.0.keys().filter_map(|id| self.effective(*id))
    }

    pub fn get(&self, id: TemplateId) -> Option<&Template> {
        self.0.get(&id)
    }

    /// From the template itself to the one that extends nothing.
    fn chain(&self, id: TemplateId) -> impl Iterator<Item = &Template> {
        std::iter::successors(self.0.get(&id), |template| self.0.get(&template.extends_id?))
            // A chain as long as there are templates: more would mean a cycle, which the service refuses.
            .take(self.0.len())
    }

    pub fn effective(&self, id: TemplateId) -> Option<Effective> {
        let template = self.0.get(&id)?;
        let fields = self.chain(id).fold(TemplateFields::default(), |fields, below| fields.over(&below.own));
        Some(Effective {
            id,
            name: template.name.clone(),
            role: template.role,
            department_id: template.department_id,
            is_active: template.is_active,
            fields,
            version: None,
        })
    }

    /// Whether `id` would extend itself, directly or through others, if it extended `base`.
    pub fn would_cycle(&self, id: TemplateId, base: TemplateId) -> bool {
        self.chain(base).any(|template| template.id == id)
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::id::UserId;

    use super::*;
    use crate::people::directory::Department;

    fn template(id: i64, extends: Option<i64>, own: TemplateFields) -> Template {
        Template {
            id: TemplateId(id),
            name: format!("Template {id}"),
            role: None,
            department_id: None,
            extends_id: extends.map(TemplateId),
            is_active: true,
            own,
        }
    }

    fn target(target: f64) -> TemplateFields {
        TemplateFields { target: Some(target), ..TemplateFields::default() }
    }

    #[test]
    fn the_nearest_template_that_sets_a_field_wins() {
        let unit = TemplateFields { unit: Some("h".into()), ..target(1.0) };
        let all = Catalogue::new([
            template(1, None, unit),
            template(2, Some(1), target(2.0)),
            template(3, Some(2), TemplateFields::default()),
        ]);
        let fields = all.effective(TemplateId(3)).unwrap().fields;
        assert_eq!((fields.target, fields.unit.as_deref()), (Some(2.0), Some("h")));
        assert_eq!(all.effective(TemplateId(4)), None);
    }

    #[test]
    fn a_chain_that_bites_its_tail_is_seen() {
        let all = Catalogue::new([
            template(1, None, TemplateFields::default()),
            template(2, Some(1), TemplateFields::default()),
            template(3, Some(2), TemplateFields::default()),
        ]);
        for base in [1, 2, 3] {
            assert!(all.would_cycle(TemplateId(1), TemplateId(base)), "{base}");
        }
        assert!(!all.would_cycle(TemplateId(3), TemplateId(1)));
    }

    #[test]
    fn a_template_is_for_its_role_and_the_departments_below() {
        let department = |id, parent: Option<i64>| Department {
            id: DepartmentId(id),
            name: String::new(),
            parent_id: parent.map(DepartmentId),
            manager_id: None,
        };
        let directory =
            Directory::new(vec![], vec![department(1, None), department(2, Some(1)), department(3, None)]);
        let person = |role, department: i64| Person {
            id: UserId(1),
            full_name: String::new(),
            email: String::new(),
            username: String::new(),
            role,
            department_id: Some(DepartmentId(department)),
            position: String::new(),
            is_active: true,
            must_change_password: false,
            locale: "en".into(),
        };
        let effective = Effective {
            id: TemplateId(1),
            name: String::new(),
            role: Some(Role::Employee),
            department_id: Some(DepartmentId(1)),
            is_active: true,
            fields: TemplateFields::default(),
            version: None,
        };
        let usable = |template: &Effective, role, at| template.usable_by(&person(role, at), &directory);
        assert!(usable(&effective, Role::Employee, 2));
        assert!(!usable(&effective, Role::Employee, 3));
        assert!(!usable(&effective, Role::Manager, 2));
        assert!(usable(&effective, Role::Admin, 3));
        let inactive = Effective { is_active: false, ..effective };
        assert!(!usable(&inactive, Role::Employee, 2));
    }
}
