//! All templates at once: what one inherits, and the tree, need them together.

use kpi_api::template::TemplateView;

use crate::core::{api, client::Answer, query::Params};

pub async fn all() -> Answer<Vec<TemplateView>> {
    let mut found = Vec::new();
    let mut page = 1_u32;
    loop {
        let answer = api::templates::list(&Params::new().with("page", page).with("per_page", 100)).await?;
        let done = answer.items.is_empty() || u64::from(page) * 100 >= answer.total;
        found.extend(answer.items);
        if done {
            return Ok(found);
        }
        page += 1;
    }
}
