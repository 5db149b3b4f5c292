//! The first administrator: made with a one-time link that the server prints while there is none, from the
//! environment, or on the command line.

use kpi_api::{
    auth::{Setup, SetupState},
    check::{Check, NAME_MAX},
    error::{Code, FieldError},
    id::UserId,
    permission::Role,
    user::LOCALES,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    repo,
    service::{Opened, begin_as_nobody, open_session},
};
use crate::{
    app::Ctx,
    entity::user,
    platform::{
        db::work::{By, Event, Work},
        failure::{Failure, Outcome},
        http::Meta,
        password,
        secret::Secret,
        signals::Topic,
        token,
    },
};

/// Who is to become an administrator.
#[derive(Clone)]
pub struct NewAdmin {
    pub email: String,
    pub username: String,
    pub full_name: String,
    pub password: Secret,
}

impl NewAdmin {
    /// # Errors
    /// 422 with everything that is wrong.
    fn check(&self) -> Outcome<()> {
        let mut check = Check::new();
        check.email("email", &self.email);
        check.username("username", &self.username);
        check.required("full_name", &self.full_name, NAME_MAX);
        let mut errors = check.errors();
        errors.extend(password::check("password", &self.password, &[&self.username, &self.email]).err());
        if errors.is_empty() { Ok(()) } else { Err(Failure::invalid(errors)) }
    }
}

pub async fn state(ctx: &Ctx) -> Outcome<SetupState> {
    let needed = !repo::has_admin(ctx.db.read()).await?;
    Ok(SetupState { needed, app_name: ctx.config.app_name.clone() })
}

/// The link that makes the first administrator, where there is none yet. Only the hash of its token is kept, so every
/// start makes a new one; the link before does not work any more.
pub async fn ensure_token(ctx: &Ctx) -> Outcome<Option<Secret>> {
    let work = ctx.begin(By::system("start")).await?;
    if repo::has_admin(work.tx()).await? {
        return Ok(None);
    }
    let secret = token::random_token();
    repo::put_setup_hash(work.tx(), token::token_hash(secret.reveal()), work.at().0).await?;
    work.commit(&()).await?;
    Ok(Some(Secret::new(format!("{}/setup#token={}", ctx.config.public_url, secret.reveal()))))
}

/// Makes the first administrator and logs them in. Of many at once exactly one succeeds.
pub async fn set_up(ctx: &Ctx, meta: &Meta, setup: Setup) -> Outcome<Opened> {
    if repo::has_admin(ctx.db.read()).await? {
        return Err(done_already());
    }
    let known = repo::setup_hash(ctx.db.read()).await?;
    let given = token::token_hash(&setup.token);
    if !known.is_some_and(|known| token::same_secret(&known, &given)) {
        return Err(Failure::field(
            "token",
            "invalid_token",
            "This is not the link that the server printed last.",
        ));
    }
    let admin = NewAdmin {
        email: setup.email,
        username: setup.username,
        full_name: setup.full_name,
        password: Secret::new(setup.password),
    };
    admin.check()?;
    let hash = ctx.passwords.hash(&admin.password).await?;
    let mut work = begin_as_nobody(ctx, meta).await?;
    if repo::has_admin(work.tx()).await? {
        return Err(done_already());
    }
    let id = insert(&mut work, admin, hash).await?;
    let opened = open_session(ctx, &mut work, meta, id).await?;
    work.audit("auth.setup", "user", Some(id.0), json!({})).await?;
    work.commit(&()).await?;
    Ok(opened)
}

/// Makes an administrator for the command line.
pub async fn create_admin(ctx: &Ctx, admin: NewAdmin) -> Outcome<UserId> {
    admin.check()?;
    let hash = ctx.passwords.hash(&admin.password).await?;
    let mut work = ctx.begin(By::system("command line")).await?;
    let id = insert(&mut work, admin, hash).await?;
    work.audit("user.create", "user", Some(id.0), json!({ "role": Role::Admin })).await?;
    work.commit(&()).await?;
    Ok(id)
}

/// Makes the administrator that the environment names, where there is none yet; whether one was made.
pub async fn ensure_admin(ctx: &Ctx) -> Outcome<bool> {
    let Some(first) = &ctx.config.first_admin else { return Ok(false) };
    if repo::has_admin(ctx.db.read()).await? {
        return Ok(false);
    }
    let admin = NewAdmin {
        email: first.email.clone(),
        username: "admin".into(),
        full_name: "Administrator".into(),
        password: first.password.clone(),
    };
    create_admin(ctx, admin).await?;
    Ok(true)
}

async fn insert(work: &mut Work, admin: NewAdmin, password_hash: String) -> Outcome<UserId> {
    for (login, field) in [(&admin.email, "email"), (&admin.username, "username")] {
        if repo::user_by_login(work.tx(), login).await?.is_some() {
            let taken = vec![FieldError::new(field, "duplicate", "Somebody has this already.")];
            return Err(Failure::with_errors(Code::Duplicate, Code::Duplicate.title(), taken));
        }
    }
    let at = work.at().0;
    let row = user::ActiveModel {
        email_key: Set(admin.email.to_lowercase()),
        email: Set(admin.email),
        username_key: Set(admin.username.to_lowercase()),
        username: Set(admin.username),
        full_name: Set(admin.full_name.trim().to_owned()),
        password_hash: Set(password_hash),
        must_change_password: Set(false),
        role: Set(Role::Admin.to_string()),
        position: Set(String::new()),
        is_active: Set(true),
        locale: Set(LOCALES[0].into()),
        created_at: Set(at),
        updated_at: Set(at),
        version: Set(1),
        ..Default::default()
    };
    let id = repo::insert_user(work.tx(), row).await?.id;
    repo::drop_setup_hash(work.tx()).await?;
    let payload = json!({ "user_id": id });
    work.emit(Event { name: "user.created", entity: "user", entity_id: id, payload }).await?;
    work.touch(Topic::People);
    Ok(UserId(id))
}

fn done_already() -> Failure {
    Failure::new(Code::SetupDone, Code::SetupDone.title())
}
