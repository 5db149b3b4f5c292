//! What is typed into the editor, and the request it becomes.

use kpi_api::{
    error::FieldError,
    id::{DepartmentId, TemplateId},
    patch::Patch,
    permission::Role,
    template::{TemplateFields, TemplateNew, TemplatePatch, TemplateView},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The own fields are kept by name: there is what is set here, `null` while nothing is typed yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateForm {
    pub name: String,
    pub description: String,
    pub role: Option<Role>,
    pub department_id: Option<DepartmentId>,
    pub extends_id: Option<TemplateId>,
    pub is_active: bool,
    pub fields: Map<String, Value>,
}

impl TemplateForm {
    pub fn blank(extends_id: Option<TemplateId>) -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            role: None,
            department_id: None,
            extends_id,
            is_active: true,
            fields: Map::new(),
        }
    }

    pub fn of(template: &TemplateView) -> Self {
        Self {
            name: template.name.clone(),
            description: template.description.clone(),
            role: template.role,
            department_id: template.department_id,
            extends_id: template.extends_id,
            is_active: template.is_active,
            fields: by_name(&template.own),
        }
    }

    /// What a KPI would start with: the own fields over those of the base.
    pub fn effective(&self, base: &Map<String, Value>) -> Map<String, Value> {
        let mut all = base.clone();
        all.extend(
            self.fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        all
    }

    pub fn create(&self) -> Result<TemplateNew, Vec<FieldError>> {
        let new = TemplateNew {
            name: self.name.clone(),
            description: self.description.clone(),
            role: self.role,
            department_id: self.department_id,
            extends_id: self.extends_id,
            fields: typed(&self.fields)?,
        };
        new.check()?;
        Ok(new)
    }

    /// Only what differs from the template as last seen.
    pub fn patch(&self, old: &TemplateView) -> Result<TemplatePatch, Vec<FieldError>> {
        let fields = typed(&self.fields)?;
        let text = |old: &str, new: &str| (old != new).then(|| new.to_owned());
        let patch = TemplatePatch {
            name: text(&old.name, &self.name),
            description: text(&old.description, &self.description),
            role: Patch::between(&old.role, self.role),
            department_id: Patch::between(&old.department_id, self.department_id),
            extends_id: Patch::between(&old.extends_id, self.extends_id),
            is_active: (old.is_active != self.is_active).then_some(self.is_active),
            fields: (old.own != fields).then_some(fields),
        };
        patch.check()?;
        Ok(patch)
    }
}

/// The fields that are set, by name.
pub fn by_name(fields: &TemplateFields) -> Map<String, Value> {
    match serde_json::to_value(fields) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// The fields as the API has them; otherwise which of them are missing or of the wrong form.
fn typed(fields: &Map<String, Value>) -> Result<TemplateFields, Vec<FieldError>> {
    let mut errors = Vec::new();
    for (name, value) in fields {
        let at = format!("fields.{name}");
        let blank: Vec<usize> = value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, item)| item.get("weight").is_some_and(Value::is_null))
            .map(|(index, _)| index)
            .collect();
        if value.is_null() {
            errors.push(FieldError::new(at, "required", "Fill this in."));
        } else if !blank.is_empty() {
            errors.extend(
                blank.into_iter().map(|index| {
                    FieldError::new(format!("{at}.{index}.weight"), "required", "Fill this in.")
                }),
            );
        } else if serde_json::from_value::<TemplateFields>(Value::Object(Map::from_iter([(
            name.clone(),
            value.clone(),
        )])))
        .is_err()
        {
            errors.push(FieldError::new(at, "wrong_type", "This has the wrong form."));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    serde_json::from_value(Value::Object(fields.clone()))
        .map_err(|fault| vec![FieldError::new("fields", "wrong_type", fault.to_string())])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(fields: Value) -> TemplateForm {
        let Value::Object(fields) = fields else { panic!("an object") };
        TemplateForm { name: "Calls".into(), fields, ..TemplateForm::blank(None) }
    }

    #[test]
    fn a_field_without_a_value_is_named() {
        let faults =
            |fields| form(fields).create().unwrap_err().into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(faults(json!({ "target": null })), ["fields.target"]);
        assert_eq!(faults(json!({ "decimals": 1.5 })), ["fields.decimals"]);
        assert_eq!(
            faults(json!({ "milestones": [{ "title": "a", "weight": null, "done": false }] })),
            ["fields.milestones.0.weight"]
        );
        assert_eq!(faults(json!({ "weight": 101.0 })), ["fields.weight"]);
    }

    #[test]
    fn what_is_set_here_stands_over_the_base() {
        let form = form(json!({ "target": 5.0, "unit": null }));
        let base = Map::from_iter([("target".to_owned(), json!(9.0)), ("unit".to_owned(), json!("h"))]);
        assert_eq!(Value::Object(form.effective(&base)), json!({ "target": 5.0, "unit": "h" }));
    }

    #[test]
    fn fields_survive_the_way_through_the_form() {
        let fields = TemplateFields {
            target: Some(12.5),
            decimals: Some(2),
            tags: Some(vec!["a".into()]),
            ..Default::default()
        };
        assert_eq!(typed(&by_name(&fields)).unwrap(), fields);
    }
}
