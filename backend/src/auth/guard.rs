//! The door in front of every handler. It asks for a row of the endpoint table, so that no route exists without
//! one: method, who is logged in, where the request came from, what the role allows.

use std::sync::Arc;

use kpi_api::{
    auth::TokenScope,
    endpoint::{Access, Endpoint, Method},
    error::Code,
    id::UserId,
};
use warp::{Filter, Rejection, filters::BoxedFilter};

use super::{
    actor::{Actor, Call, Entered, Via, check_role},
    cookies, sessions,
};
use crate::{
    app::Ctx,
    platform::{
        failure::{Failure, Outcome},
        http::{Meta, meta},
    },
};

/// For endpoints that need somebody logged in. Rejects only when the method is another one.
pub fn guard(ctx: &Ctx, endpoint: Endpoint) -> BoxedFilter<(Entered,)> {
    debug_assert!(endpoint.access() != Access::Public, "{endpoint:?} is public: use `open`");
    let ctx = ctx.clone();
    method(endpoint)
        .and(meta())
        .then(move |meta: Meta| {
            let ctx = ctx.clone();
            async move {
                let who = authenticate(&ctx, meta, endpoint).await?;
                check_role(&who.person, endpoint)?;
                Ok(Call { ctx, who })
            }
        })
        .boxed()
}

/// For public endpoints. Browsers are still held to come from our own pages when the request changes something.
pub fn open(ctx: &Ctx, endpoint: Endpoint) -> BoxedFilter<(Outcome<(Ctx, Meta)>,)> {
    debug_assert!(endpoint.access() == Access::Public, "{endpoint:?} is not public: use `guard`");
    let ctx = ctx.clone();
    method(endpoint)
        .and(meta())
        .map(move |meta: Meta| {
            if endpoint.is_unsafe() {
                cookies::check_origin(&meta, &ctx.config)?;
            }
            Ok((ctx.clone(), meta))
        })
        .boxed()
}

fn method(endpoint: Endpoint) -> BoxedFilter<()> {
    fn only(
        filter: impl Filter<Extract = (), Error = Rejection> + Clone + Send + Sync + 'static,
    ) -> BoxedFilter<()> {
        filter.boxed()
    }
    match endpoint.method() {
        Method::Get => only(warp::get()),
        Method::Post => only(warp::post()),
        Method::Put => only(warp::put()),
        Method::Patch => only(warp::patch()),
        Method::Delete => only(warp::delete()),
    }
}

async fn authenticate(ctx: &Ctx, meta: Meta, endpoint: Endpoint) -> Outcome<Actor> {
    let (user_id, via) = match meta.bearer() {
        Some(secret) if secret.starts_with(sessions::PERSONAL) => {
            let token = sessions::personal(ctx, secret).await?;
            if endpoint.is_unsafe() && token.scope == TokenScope::Read {
                return Err(Failure::new(Code::ReadOnlyToken, Code::ReadOnlyToken.title()));
            }
            (token.user_id, Via::Token(token.id, token.scope))
        }
        Some(jwt) => session(ctx, jwt).await?,
        None if meta.has_authorization() => return Err(not_logged_in()),
        None => {
            let jwt = meta.cookie(cookies::ACCESS).ok_or_else(not_logged_in)?;
            let entered = session(ctx, jwt).await?;
            if endpoint.is_unsafe() {
                cookies::check_csrf(&meta, &ctx.config)?;
            }
            entered
        }
    };
    let directory = ctx.directory().await?;
    let person = directory.person(user_id).filter(|person| person.is_active).ok_or_else(ended)?;
    if person.must_change_password && !reachable_with_temporary_password(endpoint) {
        return Err(Failure::new(Code::PasswordChangeNeeded, Code::PasswordChangeNeeded.title()));
    }
    Ok(Actor { person: Arc::clone(person), via, meta })
}

/// The session behind an access token. The row is asked on every request, so that a logout acts at once.
async fn session(ctx: &Ctx, jwt: &str) -> Outcome<(UserId, Via)> {
    let claims = ctx.signer.verify(jwt, ctx.clock.now()).map_err(|_| ended())?;
    let session = sessions::live(ctx, claims.session).await?.filter(|session| session.user_id == claims.user);
    session.map(|session| (session.user_id, Via::Session(claims.session))).ok_or_else(ended)
}

fn reachable_with_temporary_password(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Me | Endpoint::ChangePassword | Endpoint::Logout)
}

fn not_logged_in() -> Failure {
    Failure::new(Code::NotLoggedIn, Code::NotLoggedIn.title())
}

fn ended() -> Failure {
    Failure::new(Code::SessionEnded, Code::SessionEnded.title())
}
