//! Templates: what the KPIs of a role and department start from. One template may extend another and then sets only
//! what differs.
//!
//! Reading order: [`catalogue`] (chains, who may use what; pure), [`service`], [`versions`], `repo`. Other features ask
//! [`service::effective`]; who writes templates calls [`versions::record`].

pub mod catalogue;
pub mod handlers;
pub mod repo;
pub mod routes;
pub mod service;
pub mod versions;
