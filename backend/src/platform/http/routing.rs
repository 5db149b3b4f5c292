//! Which route a request is for. One look into the table of endpoints decides: the route, 404 or 405. Asking every
//! route in turn would cost each request the set-up of all of them, and could not tell a wrong method from a wrong
//! path.

use kpi_api::{endpoint::Endpoint, error::Code};
use warp::{Filter, Rejection, http::HeaderValue, http::header, reply::Response};

use super::{
    Route,
    reply::{BASE, problem},
    request,
};
use crate::platform::failure::Failure;

/// All routes of the server. Each API route sees its path below `/api/v1`.
#[derive(Default)]
pub struct Routes {
    pub(super) rows: Vec<(&'static str, &'static str)>,
    pub(super) own: Vec<Route>,
    /// A joined tree, asked where a row has no route of its own.
    pub(super) tree: Option<Route>,
    /// Everything outside `/api`.
    pub(super) rest: Option<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// The route of one endpoint; its filter begins below `/api/v1`, e.g. `warp::path!("kpis" / KpiId)`.
    pub fn endpoint(self, endpoint: Endpoint, route: Route) -> Self {
        self.also(endpoint.method().as_str(), endpoint.path(), route)
    }

    pub fn endpoints(self, routes: impl IntoIterator<Item = (Endpoint, Route)>) -> Self {
        routes.into_iter().fold(self, |all, (endpoint, route)| all.endpoint(endpoint, route))
    }

    /// A route of the API that is not in the table of endpoints, such as the description of the API itself.
    pub fn also(mut self, method: &'static str, path: &'static str, route: Route) -> Self {
        self.rows.push((method, path));
        self.own.push(warp::path("api").and(warp::path("v1")).and(closed(route)).boxed());
        self
    }

    /// Everything outside `/api`: the web app and the documentation of the API.
    pub fn rest(mut self, route: Route) -> Self {
        self.rest = Some(closed(route));
        self
    }

    /// Endpoints of the table that have no route.
    pub fn missing(&self) -> Vec<Endpoint> {
        if self.tree.is_some() {
            return Vec::new();
        }
        let has = |e: &Endpoint| self.rows.contains(&(e.method().as_str(), e.path()));
        Endpoint::ALL.iter().copied().filter(|endpoint| !has(endpoint)).collect()
    }
}

impl From<Route> for Routes {
    /// A joined tree that sees whole paths, beginning with `/api/v1`; the table of endpoints decides 404 and 405.
    fn from(tree: Route) -> Self {
        let tree = closed(tree);
        Self {
            rows: Endpoint::ALL.iter().map(|e| (e.method().as_str(), e.path())).collect(),
            own: Vec::new(),
            rest: Some(tree.clone()),
            tree: Some(tree),
        }
    }
}

/// Closes a tree of API routes, which sees its paths below `/api/v1`: whatever it rejects is answered as 404 or,
/// where `known` has the path with another method, as 405 with `Allow`.
pub fn close_api(routes: Route, known: &[(&'static str, &'static str)]) -> Route {
    let table = std::sync::Arc::new(Table::new(known.iter().copied()));
    routes
        .recover(move |_: Rejection| {
            let table = table.clone();
            async move {
                let answer = request::current().map(|meta| {
                    let below = meta.path.strip_prefix(BASE).unwrap_or(&meta.path);
                    match table.find(meta.method.as_str(), below) {
                        Found::WrongMethod { allow } => method_not_allowed(allow),
                        Found::Row(_) | Found::Nothing => not_found(),
                    }
                });
                Ok::<_, std::convert::Infallible>(answer.unwrap_or_else(not_found))
            }
        })
        .unify()
        .boxed()
}

/// What the route itself rejects (an id that is no number) does not exist.
fn closed(route: Route) -> Route {
    route.recover(async |_: Rejection| Ok::<_, std::convert::Infallible>(not_found())).unify().boxed()
}

pub(super) fn not_found() -> Response {
    problem(&Failure::not_found())
}

pub(super) fn method_not_allowed(allow: &str) -> Response {
    let mut response = problem(&Failure::new(Code::MethodNotAllowed, format!("Allowed here: {allow}.")));
    if let Ok(value) = HeaderValue::try_from(allow) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// Finds rows of method and path template by a real path.
pub struct Table {
    /// By number of segments.
    templates: Vec<Vec<Template>>,
}

struct Template {
    path: &'static str,
    segments: Vec<Segment>,
    /// Method and number of the row.
    rows: Vec<(&'static str, usize)>,
    allow: String,
}

#[derive(PartialEq)]
enum Segment {
    Literal(&'static str),
    Parameter,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// The row's place in the order it was given.
    Row(usize),
    WrongMethod {
        allow: &'a str,
    },
    Nothing,
}

impl Table {
    /// From methods and templates such as `/kpis/{id}`.
    pub fn new(rows: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let mut templates: Vec<Vec<Template>> = Vec::new();
        for (number, (method, path)) in rows.into_iter().enumerate() {
            let segments: Vec<Segment> = split(path)
                .map(|text| if text.starts_with('{') { Segment::Parameter } else { Segment::Literal(text) })
                .collect();
            if templates.len() <= segments.len() {
                templates.resize_with(segments.len() + 1, Vec::new);
            }
            let same_length = &mut templates[segments.len()];
            match same_length.iter_mut().find(|template| template.segments == segments) {
                Some(template) => template.rows.push((method, number)),
                None => {
                    same_length.push(Template {
                        path,
                        segments,
                        rows: vec![(method, number)],
                        allow: String::new(),
                    });
                }
            }
        }
        for template in templates.iter_mut().flatten() {
            let methods: Vec<&str> = template.rows.iter().map(|(method, _)| *method).collect();
            template.allow = methods.join(", ");
        }
        for same_length in &mut templates {
            // A literal beats a parameter: `/kpis/stats` is not the KPI called "stats".
            same_length.sort_by_key(|template| {
                let literal = |segment: &Segment| u8::from(*segment == Segment::Parameter);
                template.segments.iter().map(literal).collect::<Vec<_>>()
            });
        }
        Self { templates }
    }

    /// `path` begins below `/api/v1`.
    pub fn find(&self, method: &str, path: &str) -> Found<'_> {
        let Some(template) = self.template(path) else { return Found::Nothing };
        match template.rows.iter().find(|(known, _)| *known == method) {
            Some((_, row)) => Found::Row(*row),
            None => Found::WrongMethod { allow: &template.allow },
        }
    }

    /// The template that the path fits, for labels and logs.
    pub fn template_of(&self, path: &str) -> Option<&'static str> {
        self.template(path).map(|template| template.path)
    }

    fn template(&self, path: &str) -> Option<&Template> {
        if !path.starts_with('/') {
            return None;
        }
        self.templates.get(split(path).count())?.iter().find(|template| {
            template.segments.iter().zip(split(path)).all(|(segment, text)| match segment {
                Segment::Literal(literal) => *literal == text,
                Segment::Parameter => !text.is_empty(),
            })
        })
    }
}

fn split(path: &str) -> std::str::Split<'_, char> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new([
            ("GET", "/kpis/{id}"),
            ("PATCH", "/kpis/{id}"),
            ("GET", "/kpis/stats"),
            ("POST", "/kpis/{id}/approve"),
        ])
    }

    #[test]
    fn a_literal_beats_a_parameter() {
        assert_eq!(table().find("GET", "/kpis/stats"), Found::Row(2));
        assert_eq!(table().find("GET", "/kpis/7"), Found::Row(0));
        assert_eq!(table().find("PATCH", "/kpis/stats"), Found::WrongMethod { allow: "GET" });
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_path() {
        assert_eq!(table().find("DELETE", "/kpis/7"), Found::WrongMethod { allow: "GET, PATCH" });
        for path in ["/kpis", "/kpis/", "/kpis/7/", "/kpis//approve", "kpis/7", "", "/", "/kpis/7/approve/x"]
        {
            assert_eq!(table().find("GET", path), Found::Nothing, "{path}");
        }
    }

    #[test]
    fn every_endpoint_finds_itself() {
        let all = Table::new(Endpoint::ALL.iter().map(|e| (e.method().as_str(), e.path())));
        for (row, endpoint) in Endpoint::ALL.iter().enumerate() {
            let path = endpoint.path().replace("{id}", "17");
            assert_eq!(all.find(endpoint.method().as_str(), &path), Found::Row(row), "{path}");
        }
    }
}
