//! The tree out of the server's list.

use std::{collections::HashMap, rc::Rc};

use kpi_api::{department::DepartmentView, id::DepartmentId};

/// A department with those below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub department: Rc<DepartmentView>,
    pub below: Vec<Branch>,
}

/// The trees of a list; siblings stay in its order. A department whose parent is not in the list stands on top.
pub fn forest(list: &[DepartmentView]) -> Vec<Branch> {
    let known: Vec<DepartmentId> = list.iter().map(|department| department.id).collect();
    let mut below: HashMap<Option<DepartmentId>, Vec<&DepartmentView>> = HashMap::new();
    for department in list {
        let parent = department.parent_id.filter(|parent| known.contains(parent));
        below.entry(parent).or_default().push(department);
    }
    grow(None, &mut below)
}

/// Takes what it uses, so that it ends on any input.
fn grow(
    parent: Option<DepartmentId>,
    below: &mut HashMap<Option<DepartmentId>, Vec<&DepartmentView>>,
) -> Vec<Branch> {
    let children = below.remove(&parent).unwrap_or_default();
    children
        .into_iter()
        .map(|department| Branch {
            department: Rc::new(department.clone()),
            below: grow(Some(department.id), below),
        })
        .collect()
}

/// What is left when only departments called like that are wanted, each with the way to it and all below it.
pub fn search(trees: Vec<Branch>, text: &str) -> Vec<Branch> {
    let wanted = text.to_lowercase();
    trees.into_iter().filter_map(|branch| keep(branch, &wanted)).collect()
}

fn keep(branch: Branch, wanted: &str) -> Option<Branch> {
    let named = |text: &str| text.to_lowercase().contains(wanted);
    if named(&branch.department.name) || branch.department.manager_name.as_deref().is_some_and(named) {
        return Some(branch);
    }
    let below: Vec<Branch> = branch.below.into_iter().filter_map(|branch| keep(branch, wanted)).collect();
    (!below.is_empty()).then_some(Branch { below, department: branch.department })
}

#[cfg(test)]
mod tests {
    use kpi_api::{id::Version, time::Timestamp};

    use super::*;

    fn department(id: i64, parent: Option<i64>, name: &str) -> DepartmentView {
        DepartmentView {
            id: DepartmentId(id),
            name: name.into(),
            parent_id: parent.map(DepartmentId),
            path: vec![name.into()],
            manager_id: None,
            manager_name: None,
            people: 0,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            version: Version(1),
        }
    }

    fn written(trees: &[Branch]) -> String {
        trees.iter().map(|branch| format!("{}({})", branch.department.name, written(&branch.below))).collect()
    }

    #[test]
    fn a_list_becomes_a_tree_and_nobody_is_lost() {
        let list = [department(1, None, "A"), department(2, Some(1), "B"), department(3, Some(9), "C")];
        assert_eq!(written(&forest(&list)), "A(B())C()");
    }

    #[test]
    fn a_find_keeps_the_way_to_it() {
        let list = [
            department(1, None, "A"),
            department(2, Some(1), "Sales"),
            department(3, Some(2), "North"),
            department(4, Some(1), "X"),
        ];
        assert_eq!(written(&search(forest(&list), "sal")), "A(Sales(North()))");
        assert_eq!(written(&search(forest(&list), "zzz")), "");
    }
}
