//! Personal tokens: what scripts log in with.

use anyhow::anyhow;
use kpi_api::{
    auth::{TokenCreated, TokenList, TokenNew, TokenView},
    error::Code,
    id::TokenId,
    time::Timestamp,
};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    actor::{Call, Via},
    repo,
    seal::Sealer,
    sessions::PERSONAL,
};
use crate::{
    entity::personal_token,
    platform::{
        failure::{Failure, Outcome},
        signals::Topic,
        token,
    },
};

/// Tokens that one person may have at a time.
const MOST: usize = 50;

/// The answer as it is kept for a repeated request: the secret only sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    token: TokenView,
    sealed: String,
}

pub async fn list(call: &Call) -> Outcome<TokenList> {
    let rows = repo::tokens(call.ctx.db.read(), call.who.id().0).await?;
    Ok(TokenList { items: rows.into_iter().map(view).collect::<Outcome<_>>()? })
}

/// Makes a token. A token cannot make others: what it can do ends with it.
pub async fn create(call: &Call, new: TokenNew) -> Outcome<TokenCreated> {
    if let Via::Token(..) = call.who.via {
        return Err(Failure::new(Code::NotAllowed, "Log in to make a token; a token cannot make another."));
    }
    new.check().map_err(Failure::invalid)?;
    let sealer = Sealer::of(&call.ctx.config)?;
    let user = call.who.id().0;
    let mut work = call.begin().await?;
    if let Some(kept) = work.replay::<Kept>("token.create", &new).await? {
        return Ok(TokenCreated { token: kept.token, secret: sealer.open(&kept.sealed)? });
    }
    let now = work.at();
    if repo::tokens(work.tx(), user).await?.len() >= MOST {
        return Err(Failure::field("name", "too_many", format!("At most {MOST} tokens; revoke one first.")));
    }
    let secret = format!("{PERSONAL}{}", token::random_token().reveal());
    let row = personal_token::ActiveModel {
        user_id: Set(user),
        name: Set(new.name.trim().to_owned()),
        hash: Set(token::token_hash(&secret)),
        scope: Set(new.scope.to_string()),
        created_at: Set(now.0),
        expires_at: Set(now.plus_seconds(i64::from(new.expires_in_days) * 24 * 3600).0),
        ..Default::default()
    };
    let row = repo::insert_token(work.tx(), row).await?;
    let detail = json!({ "name": row.name, "scope": row.scope, "expires_at": Timestamp(row.expires_at) });
    work.audit("token.create", "token", Some(row.id), detail).await?;
    let kept = Kept { token: view(row)?, sealed: sealer.seal(&secret)? };
    work.commit(&kept).await?;
    Ok(TokenCreated { token: kept.token, secret })
}

pub async fn revoke(call: &Call, id: TokenId) -> Outcome<()> {
    let mut work = call.begin().await?;
    if !repo::revoke_token(work.tx(), call.who.id().0, id.0, work.at().0).await? {
        return Err(Failure::not_found());
    }
    work.audit("token.revoke", "token", Some(id.0), json!({})).await?;
    work.touch(Topic::Sessions);
    work.commit(&()).await
}

fn view(row: personal_token::Model) -> Outcome<TokenView> {
    Ok(TokenView {
        id: TokenId(row.id),
        name: row.name,
        scope: row.scope.parse().map_err(|e| anyhow!("scope of token {}: {e}", row.id))?,
        created_at: Timestamp(row.created_at),
        expires_at: Timestamp(row.expires_at),
        last_used_at: row.last_used_at.map(Timestamp),
    })
}
