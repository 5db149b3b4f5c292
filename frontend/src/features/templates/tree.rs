//! Templates by department, and within one by what extends what.

use std::{collections::HashMap, rc::Rc};

use kpi_api::{
    id::{DepartmentId, TemplateId},
    template::TemplateView,
};

/// A template with those that extend it in the same department.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub template: Rc<TemplateView>,
    pub below: Vec<Node>,
    /// Whether it stands under the one it extends; otherwise the row has to name it.
    pub nested: bool,
}

/// The templates of one department; of all departments when it has no name.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub department_id: Option<DepartmentId>,
    pub department: Option<String>,
    pub nodes: Vec<Node>,
}

/// Those for everybody first, then by department; inside a group the order of the list.
pub fn groups(templates: &[TemplateView]) -> Vec<Group> {
    let mut by_department: HashMap<Option<DepartmentId>, Vec<&TemplateView>> = HashMap::new();
    for template in templates {
        by_department.entry(template.department_id).or_default().push(template);
    }
    let mut groups: Vec<Group> = by_department
        .into_iter()
        .map(|(department_id, members)| Group {
            department_id,
            department: members.first().and_then(|member| member.department_name.clone()),
            nodes: forest(&members),
        })
        .collect();
    groups.sort_by_key(|group| {
        (
            group.department_id.is_some(),
            group.department.as_deref().map(str::to_lowercase),
            group.department_id,
        )
    });
    groups
}

fn forest(members: &[&TemplateView]) -> Vec<Node> {
    let here: Vec<TemplateId> = members.iter().map(|member| member.id).collect();
    let mut below: HashMap<Option<TemplateId>, Vec<&TemplateView>> = HashMap::new();
    for member in members {
        below.entry(member.extends_id.filter(|base| here.contains(base))).or_default().push(member);
    }
    grow(None, &mut below)
}

/// Takes what it uses, so that it ends on any input.
fn grow(base: Option<TemplateId>, below: &mut HashMap<Option<TemplateId>, Vec<&TemplateView>>) -> Vec<Node> {
    let members = below.remove(&base).unwrap_or_default();
    members
        .into_iter()
        .map(|member| Node {
            template: Rc::new(member.clone()),
            below: grow(Some(member.id), below),
            nested: base.is_some(),
        })
        .collect()
}

/// The template itself and everything that extends it, directly or through others: none of these may be its base.
pub fn descends(templates: &[TemplateView], id: TemplateId) -> Vec<TemplateId> {
    let mut found = vec![id];
    let mut next = 0;
    while let Some(base) = found.get(next).copied() {
        next += 1;
        let extending = templates
            .iter()
            .filter(|template| template.extends_id == Some(base) && !found.contains(&template.id));
        let more: Vec<TemplateId> = extending.map(|template| template.id).collect();
        found.extend(more);
    }
    found
}

#[cfg(test)]
mod tests {
    use kpi_api::{id::Version, template::TemplateFields, time::Timestamp};

    use super::*;

    fn template(id: i64, department: Option<i64>, extends: Option<i64>) -> TemplateView {
        TemplateView {
            id: TemplateId(id),
            name: id.to_string(),
            description: String::new(),
            role: None,
            department_id: department.map(DepartmentId),
            department_name: department.map(|id| format!("D{id}")),
            extends_id: extends.map(TemplateId),
            extends_name: None,
            is_active: true,
            own: TemplateFields::default(),
            effective: TemplateFields::default(),
            fields_version: 1,
            used_by: 0,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            version: Version(1),
        }
    }

    fn written(nodes: &[Node]) -> String {
        nodes.iter().map(|node| format!("{}({})", node.template.name, written(&node.below))).collect()
    }

    #[test]
    fn templates_stand_under_what_they_extend_within_a_department() {
        let list = [
            template(1, None, None),
            template(2, Some(7), Some(1)),
            template(3, Some(7), Some(2)),
            template(4, None, Some(1)),
        ];
        let groups = groups(&list);
        assert_eq!(
            groups.iter().map(|group| written(&group.nodes)).collect::<Vec<_>>(),
            ["1(4())", "2(3())"]
        );
        assert!(!groups[1].nodes[0].nested);
    }

    #[test]
    fn nothing_below_a_template_may_be_its_base() {
        let list = [
            template(1, None, None),
            template(2, None, Some(1)),
            template(3, None, Some(2)),
            template(4, None, None),
        ];
        assert_eq!(descends(&list, TemplateId(1)), [TemplateId(1), TemplateId(2), TemplateId(3)]);
        let circle = [template(1, None, Some(2)), template(2, None, Some(1))];
        assert_eq!(descends(&circle, TemplateId(1)).len(), 2);
    }
}
