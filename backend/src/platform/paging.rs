//! Pages and sort keys of lists, read from a query and held to what the list offers.

use kpi_api::page::{DEFAULT_PER_PAGE, MAX_PER_PAGE, Page};

use super::failure::{Failure, Outcome};

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u32,
    /// 1 to 100.
    pub per_page: u32,
}

impl Paging {
    /// # Errors
    /// 422 naming `page` or `per_page` when it is out of range.
    pub fn read(page: Option<u32>, per_page: Option<u32>) -> Outcome<Self> {
        let page = page.unwrap_or(1);
        if page == 0 {
            return Err(Failure::field("page", "out_of_range", "Pages count from 1."));
        }
        let per_page = per_page.unwrap_or(DEFAULT_PER_PAGE);
        if !(1..=MAX_PER_PAGE).contains(&per_page) {
            return Err(Failure::field("per_page", "out_of_range", format!("Between 1 and {MAX_PER_PAGE}.")));
        }
        Ok(Self { page, per_page })
    }

    /// How many rows come before the page.
    pub fn offset(self) -> u64 {
        u64::from(self.page - 1) * u64::from(self.per_page)
    }

    pub fn limit(self) -> u64 {
        u64::from(self.per_page)
    }

    /// The page from its rows and the size of the whole.
    pub fn page<T>(self, items: Vec<T>, total: u64) -> Page<T> {
        Page { items, page: self.page, per_page: self.per_page, total }
    }

    /// The page cut out of the whole list.
    pub fn cut<T>(self, all: Vec<T>) -> Page<T> {
        let total = all.len() as u64;
        let skip = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let items = all.into_iter().skip(skip).take(self.per_page as usize).collect();
        self.page(items, total)
    }
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// The sort key of a list: `name` upwards, `-name` downwards, `default` when none is given.
///
/// # Errors
/// 422 naming `sort` and the keys on offer.
pub fn sort<K: Copy>(text: Option<&str>, offered: &[(&str, K)], default: (K, Way)) -> Outcome<(K, Way)> {
    let Some(text) = text else { return Ok(default) };
    let (name, way) = text.strip_prefix('-').map_or((text, Way::Up), |name| (name, Way::Down));
    offered.iter().find(|(known, _)| *known == name).map(|(_, key)| (*key, way)).ok_or_else(|| {
        let names: Vec<&str> = offered.iter().map(|(name, _)| *name).collect();
        let message = format!("One of {}, with - in front for downwards.", names.join(", "));
        Failure::field("sort", "unknown_value", message)
    })
}

#[cfg(test)]
mod tests {
    use kpi_api::error::Code;

    use super::*;

    #[test]
    fn a_page_is_cut_out_of_the_whole() {
        let paging = Paging::read(Some(2), Some(3)).unwrap();
        let page = paging.cut((1..=8).collect());
        assert_eq!((page.items, page.total), (vec![4, 5, 6], 8));
        assert!(Paging::read(Some(u32::MAX), Some(100)).unwrap().cut(vec![1]).items.is_empty());
    }

    #[test]
    fn pages_outside_their_range_are_refused() {
        for (page, per_page) in [(Some(0), None), (None, Some(0)), (None, Some(101))] {
            assert_eq!(Paging::read(page, per_page).unwrap_err().code(), Code::Invalid);
        }
    }

    #[test]
    fn a_sort_key_has_to_be_offered() {
        let offered = [("name", 1), ("id", 2)];
        assert_eq!(sort(Some("-id"), &offered, (1, Way::Up)).unwrap(), (2, Way::Down));
        assert_eq!(sort(None, &offered, (1, Way::Up)).unwrap(), (1, Way::Up));
        assert!(sort(Some("password_hash"), &offered, (1, Way::Up)).is_err());
    }
}
