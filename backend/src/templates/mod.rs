//! Templates: what the KPIs of a role and department start from. One template may extend another and then sets only
//! what differs.
//!
//! Reading order: [`catalogue`] (chains, who may use what; pure), [`service`], `repo`. Other features ask
//! [`service::effective`].

pub mod catalogue;
pub mod handlers;
mod repo;
pub mod routes;
pub mod service;
