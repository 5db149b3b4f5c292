//! Deciding in somebody's place for some days. Who does so today is a part of the directory of people, so that every
//! question of who may see and decide what has one answer; here they are agreed, ended and listed.

pub mod handlers;
pub mod repo;
pub mod routes;
mod service;
