//! Queries on sessions, refresh tokens, personal tokens, resets, and on people as far as logging in needs them.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{
    entity::{password_reset, personal_token, refresh_token, session, setting, user},
    platform::db::work::Work,
    platform::signals::Topic,
};

/// The one that `login` names: an e-mail address when it has an `@`, a user name otherwise.
pub async fn user_by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<user::Model>, DbErr> {
    let key = login.trim().to_lowercase();
    let column = if key.contains('@') { user::Column::EmailKey } else { user::Column::UsernameKey };
    user::Entity::find().filter(column.eq(key)).one(db).await
}

pub async fn user(db: &impl ConnectionTrait, id: i64) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(db).await
}

/// Changes the row whatever its version is.
pub async fn update_user(db: &impl ConnectionTrait, id: i64, row: user::ActiveModel) -> Result<(), DbErr> {
    user::Entity::update_many().set(row).filter(user::Column::Id.eq(id)).exec(db).await.map(drop)
}

/// Whether the row was still at `version`.
pub async fn update_user_at(
    db: &impl ConnectionTrait,
    id: i64,
    version: i64,
    row: user::ActiveModel,
) -> Result<bool, DbErr> {
    let done = user::Entity::update_many()
        .set(row)
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Puts a new password in and ends what the old one had opened, except the session `keep`.
pub async fn set_password(
    work: &mut Work,
    user: &user::Model,
    hash: String,
    must_change: bool,
    keep: Option<i64>,
) -> Result<(), DbErr> {
    let row = user::ActiveModel {
        password_hash: Set(hash),
        must_change_password: Set(must_change),
        updated_at: Set(work.at().0),
        version: Set(user.version + 1),
        ..Default::default()
    };
    update_user(work.tx(), user.id, row).await?;
    use_up_resets(work.tx(), user.id, work.at().0).await?;
    end_sessions(work, Ending::AllOf { user: user.id, except: keep }, "password").await?;
    work.touch(Topic::People);
    Ok(())
}

pub async fn has_admin(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(user::Entity::find().filter(user::Column::Role.eq("admin")).count(db).await? > 0)
}

pub async fn insert_user(db: &impl ConnectionTrait, row: user::ActiveModel) -> Result<user::Model, DbErr> {
    row.insert(db).await
}

pub struct NewSession<'a> {
    pub user_id: i64,
    pub ip: &'a str,
    pub user_agent: &'a str,
    pub at: i64,
    pub expires_at: i64,
}

pub async fn insert_session(db: &impl ConnectionTrait, new: NewSession<'_>) -> Result<i64, DbErr> {
    let row = session::ActiveModel {
        user_id: Set(new.user_id),
        ip: Set(new.ip.to_owned()),
        user_agent: Set(new.user_agent.to_owned()),
        created_at: Set(new.at),
        last_seen_at: Set(new.at),
        expires_at: Set(new.expires_at),
        ..Default::default()
    };
    Ok(row.insert(db).await?.id)
}

pub async fn session(db: &impl ConnectionTrait, id: i64) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(id).one(db).await
}

pub async fn extend_session(
    db: &impl ConnectionTrait,
    id: i64,
    seen_at: i64,
    expires_at: i64,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        last_seen_at: Set(seen_at),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    session::Entity::update_many().set(row).filter(session::Column::Id.eq(id)).exec(db).await.map(drop)
}

/// Sessions that have neither ended nor run out, the one used last first.
pub async fn live_sessions(
    db: &impl ConnectionTrait,
    user_id: i64,
    now: i64,
) -> Result<Vec<session::Model>, DbErr> {
    session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::Id)
        .all(db)
        .await
}

/// Which sessions end.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    One { user: i64, session: i64 },
    AllOf { user: i64, except: Option<i64> },
}

/// Ends sessions that have not ended yet; how many.
pub async fn end_sessions(work: &mut Work, which: Ending, why: &str) -> Result<u64, DbErr> {
    let row = session::ActiveModel {
        ended_at: Set(Some(work.at().0)),
        ended_why: Set(Some(why.to_owned())),
        ..Default::default()
    };
    let update = session::Entity::update_many().set(row).filter(session::Column::EndedAt.is_null());
    let update = match which {
        Ending::One { user, session } => {
            update.filter(session::Column::UserId.eq(user)).filter(session::Column::Id.eq(session))
        }
        Ending::AllOf { user, except } => {
            let update = update.filter(session::Column::UserId.eq(user));
            match except {
                Some(kept) => update.filter(session::Column::Id.ne(kept)),
                None => update,
            }
        }
    };
    let done = update.exec(work.tx()).await?;
    work.touch(Topic::Sessions);
    Ok(done.rows_affected)
}

pub async fn insert_refresh(
    db: &impl ConnectionTrait,
    session_id: i64,
    hash: String,
    at: i64,
    expires_at: i64,
) -> Result<(), DbErr> {
    let row = refresh_token::ActiveModel {
        session_id: Set(session_id),
        hash: Set(hash),
        created_at: Set(at),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    row.insert(db).await.map(drop)
}

pub async fn refresh_by_hash(
    db: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<refresh_token::Model>, DbErr> {
    refresh_token::Entity::find().filter(refresh_token::Column::Hash.eq(hash)).one(db).await
}

/// Whether the token had not been used yet.
pub async fn use_refresh(db: &impl ConnectionTrait, id: i64, at: i64) -> Result<bool, DbErr> {
    let row = refresh_token::ActiveModel { used_at: Set(Some(at)), ..Default::default() };
    let done = refresh_token::Entity::update_many()
        .set(row)
        .filter(refresh_token::Column::Id.eq(id))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Personal tokens that were not revoked, newest first.
pub async fn tokens(db: &impl ConnectionTrait, user_id: i64) -> Result<Vec<personal_token::Model>, DbErr> {
    personal_token::Entity::find()
        .filter(personal_token::Column::UserId.eq(user_id))
        .filter(personal_token::Column::RevokedAt.is_null())
        .order_by_desc(personal_token::Column::Id)
        .all(db)
        .await
}

pub async fn insert_token(
    db: &impl ConnectionTrait,
    row: personal_token::ActiveModel,
) -> Result<personal_token::Model, DbErr> {
    row.insert(db).await
}

/// Whether there was such a token of theirs to revoke.
pub async fn revoke_token(db: &impl ConnectionTrait, user_id: i64, id: i64, at: i64) -> Result<bool, DbErr> {
    let row = personal_token::ActiveModel { revoked_at: Set(Some(at)), ..Default::default() };
    let done = personal_token::Entity::update_many()
        .set(row)
        .filter(personal_token::Column::Id.eq(id))
        .filter(personal_token::Column::UserId.eq(user_id))
        .filter(personal_token::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn insert_reset(db: &impl ConnectionTrait, row: password_reset::ActiveModel) -> Result<i64, DbErr> {
    Ok(row.insert(db).await?.id)
}

pub async fn reset_by_hash(
    db: &impl ConnectionTrait,
    hash: &str,
    now: i64,
) -> Result<Option<password_reset::Model>, DbErr> {
    password_reset::Entity::find()
        .filter(password_reset::Column::Hash.eq(hash))
        .filter(password_reset::Column::UsedAt.is_null())
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// Resets that may still be used, newest first.
pub async fn pending_resets(
    db: &impl ConnectionTrait,
    now: i64,
) -> Result<Vec<password_reset::Model>, DbErr> {
    password_reset::Entity::find()
        .filter(password_reset::Column::UsedAt.is_null())
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .order_by_desc(password_reset::Column::Id)
        .all(db)
        .await
}

/// Whether the reset had not been used yet.
pub async fn use_reset(db: &impl ConnectionTrait, id: i64, at: i64) -> Result<bool, DbErr> {
    let done = password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedAt, Expr::value(at))
        .col_expr(password_reset::Column::SealedLink, Expr::value(None::<String>))
        .filter(password_reset::Column::Id.eq(id))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// No older link works any more.
pub async fn use_up_resets(db: &impl ConnectionTrait, user_id: i64, at: i64) -> Result<(), DbErr> {
    password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedAt, Expr::value(at))
        .col_expr(password_reset::Column::SealedLink, Expr::value(None::<String>))
        .filter(password_reset::Column::UserId.eq(user_id))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// Where the hash of the setup token is kept.
const SETUP_TOKEN: &str = "internal.setup_token";

pub async fn setup_hash(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Ok(setting::Entity::find_by_id(SETUP_TOKEN).one(db).await?.map(|row| row.value))
}

pub async fn put_setup_hash(db: &impl ConnectionTrait, hash: String, at: i64) -> Result<(), DbErr> {
    let row = setting::ActiveModel {
        key: Set(SETUP_TOKEN.to_owned()),
        value: Set(hash),
        updated_at: Set(at),
        updated_by: Set(None),
    };
    let replace = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Value, setting::Column::UpdatedAt])
        .to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}

pub async fn drop_setup_hash(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    setting::Entity::delete_by_id(SETUP_TOKEN).exec(db).await.map(drop)
}
