//! Commands and questions about people.

use anyhow::anyhow;
use kpi_api::{
    error::{Code, FieldError},
    id::{DepartmentId, UserId},
    page::Page,
    permission::Role,
    user::{TemporaryPassword, UserCreated, UserNew, UserPatch, UserView},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::{
    convert,
    repo::{self, Filter, Key},
};
use crate::{
    auth::{
        self, Ending,
        actor::{Actor, Call, Via},
        end_sessions,
    },
    entity::user,
    platform::{
        db::work::Event,
        failure::{Failure, Outcome},
        paging::{Paging, Way, sort},
        password,
        secret::Secret,
        signals::Topic,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UserQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    /// `id`, `full_name` (the default), `email`, `role`, `created_at` or `last_login_at`; `-` in front for downwards.
    sort: Option<String>,
    /// Stands anywhere in name, user name or e-mail address, in whatever case.
    q: Option<String>,
    role: Option<Role>,
    #[param(value_type = Option<i64>)]
    department_id: Option<DepartmentId>,
    is_active: Option<bool>,
}

pub async fn list(call: &Call, query: &UserQuery) -> Outcome<Page<UserView>> {
    let paging = Paging::read(query.page, query.per_page)?;
    let keys = [
        ("id", Key::Id),
        ("full_name", Key::FullName),
        ("email", Key::Email),
        ("role", Key::Role),
        ("created_at", Key::CreatedAt),
        ("last_login_at", Key::LastLoginAt),
    ];
    let order = sort(query.sort.as_deref(), &keys, (Key::FullName, Way::Up))?;
    let directory = call.ctx.directory().await?;
    // The database knows upper and lower case of ASCII only; names have more letters than that.
    let ids = query.q.as_deref().map(str::to_lowercase).filter(|text| !text.is_empty()).map(|text| {
        let named = |words: &str| words.to_lowercase().contains(&text);
        let found =
            directory.people().filter(|p| named(&p.full_name) || named(&p.username) || named(&p.email));
        found.map(|person| person.id.0).collect()
    });
    let filter = Filter {
        ids,
        role: query.role.map(|role| role.to_string()),
        department_id: query.department_id.map(|id| id.0),
        is_active: query.is_active,
    };
    let (rows, total) = repo::page(call.ctx.db.read(), filter, order, paging).await?;
    let items = rows.into_iter().map(|row| convert::view(row, &directory)).collect::<Outcome<_>>()?;
    Ok(paging.page(items, total))
}

pub async fn get(call: &Call, id: UserId) -> Outcome<UserView> {
    let row = repo::by_id(call.ctx.db.read(), id.0).await?.ok_or_else(Failure::not_found)?;
    convert::view(row, &*call.ctx.directory().await?)
}

/// The answer as it is kept for a repeated request: the temporary password only sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: UserView,
    sealed: Option<String>,
}

pub async fn create(call: &Call, new: UserNew) -> Outcome<UserCreated> {
    forbid_tokens(&call.who)?;
    new.check().map_err(Failure::invalid)?;
    let (password, temporary) = match new.password.clone() {
        Some(given) => (Secret::new(given), None),
        None => {
            let made = temporary_password();
            (made.clone(), Some(made))
        }
    };
    password::check("password", &password, &[&new.username, &new.email])
        .map_err(|fault| Failure::invalid(vec![fault]))?;
    let password_hash = call.ctx.passwords.hash(&password).await?;

    let mut work = call.begin().await?;
    // What is kept of the request must not be a fast hash of a password.
    let request = UserNew { password: None, ..new.clone() };
    if let Some(kept) = work.replay::<Kept>("user.create", &request).await? {
        let open = |sealed: String| auth::unseal(&call.ctx.config, &sealed);
        return Ok(UserCreated { user: kept.user, temporary_password: kept.sealed.map(open).transpose()? });
    }
    ensure_free(work.tx(), &new.email, &new.username, None).await?;
    ensure_department(work.tx(), new.department_id).await?;
    let at = work.at().0;
    let row = user::ActiveModel {
        email_key: Set(new.email.to_lowercase()),
        email: Set(new.email),
        username_key: Set(new.username.to_lowercase()),
        username: Set(new.username),
        full_name: Set(new.full_name.trim().to_owned()),
        password_hash: Set(password_hash),
        must_change_password: Set(temporary.is_some()),
        role: Set(new.role.to_string()),
        department_id: Set(new.department_id.map(|id| id.0)),
        position: Set(new.position.trim().to_owned()),
        is_active: Set(true),
        locale: Set(new.locale),
        created_at: Set(at),
        updated_at: Set(at),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    work.audit("user.create", "user", Some(row.id), outline(&row)).await?;
    work.emit(Event {
        name: "user.created",
        entity: "user",
        entity_id: row.id,
        payload: json!({ "user_id": row.id }),
    })
    .await?;
    work.touch(Topic::People);
    let user = convert::view(row, &*call.ctx.directory().await?)?;
    let sealed =
        temporary.as_ref().map(|secret| auth::seal(&call.ctx.config, secret.reveal())).transpose()?;
    let kept = Kept { user, sealed };
    work.commit(&kept).await?;
    let temporary_password = temporary.map(|secret| secret.reveal().to_owned());
    Ok(UserCreated { user: kept.user, temporary_password })
}

/// Changes a person. A role acts from their next request on; somebody deactivated is logged out at once.
pub async fn update(call: &Call, id: UserId, patch: UserPatch) -> Outcome<UserView> {
    patch.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let old = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    if old.version != seen.0 {
        return Err(stale());
    }
    let old_role: Role = old.role.parse().map_err(|e| anyhow!("role of user {id}: {e}"))?;
    let email = patch.email.unwrap_or_else(|| old.email.clone());
    let username = patch.username.unwrap_or_else(|| old.username.clone());
    let role = patch.role.unwrap_or(old_role);
    let is_active = patch.is_active.unwrap_or(old.is_active);
    let department_id = patch.department_id.apply(old.department_id.map(DepartmentId));
    ensure_free(work.tx(), &email, &username, Some(id)).await?;
    ensure_department(work.tx(), department_id).await?;
    let was_admin = old_role == Role::Admin && old.is_active;
    let stays_admin = role == Role::Admin && is_active;
    if was_admin && !stays_admin && repo::other_admins(work.tx(), id.0).await? == 0 {
        return Err(Failure::new(Code::LastAdmin, Code::LastAdmin.title()));
    }
    let row = user::ActiveModel {
        email_key: Set(email.to_lowercase()),
        email: Set(email),
        username_key: Set(username.to_lowercase()),
        username: Set(username),
        full_name: Set(patch.full_name.map_or_else(|| old.full_name.clone(), |name| name.trim().to_owned())),
        role: Set(role.to_string()),
        department_id: Set(department_id.map(|id| id.0)),
        position: Set(patch.position.map_or_else(|| old.position.clone(), |text| text.trim().to_owned())),
        is_active: Set(is_active),
        locale: Set(patch.locale.unwrap_or_else(|| old.locale.clone())),
        updated_at: Set(work.at().0),
        version: Set(seen.0 + 1),
        ..Default::default()
    };
    if !repo::update(work.tx(), id.0, seen.0, row).await? {
        return Err(stale());
    }
    if old.is_active && !is_active {
        end_sessions(&mut work, Ending::AllOf { user: id.0, except: None }, "deactivated").await?;
    }
    let new = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    work.audit("user.update", "user", Some(id.0), changes(&outline(&old), &outline(&new))).await?;
    work.touch(Topic::People);
    let answer = convert::view(new, &*call.ctx.directory().await?)?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// Gives somebody a temporary password. All their sessions end.
pub async fn reset_password(call: &Call, id: UserId) -> Outcome<TemporaryPassword> {
    forbid_tokens(&call.who)?;
    if repo::by_id(call.ctx.db.read(), id.0).await?.is_none() {
        return Err(Failure::not_found());
    }
    let temporary = temporary_password();
    let hash = call.ctx.passwords.hash(&temporary).await?;
    let mut work = call.begin().await?;
    let user = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    auth::set_password(&mut work, &user, hash, true, None).await?;
    work.audit("user.reset_password", "user", Some(id.0), json!({})).await?;
    work.commit(&()).await?;
    Ok(TemporaryPassword { temporary_password: temporary.reveal().to_owned() })
}

/// Passwords of others are for administrators who are logged in: a script's token that leaked must not become a way
/// to log in.
fn forbid_tokens(who: &Actor) -> Outcome<()> {
    match who.via {
        Via::Session(_) => Ok(()),
        Via::Token(..) => {
            Err(Failure::new(Code::NotAllowed, "A personal token does not give out passwords."))
        }
    }
}

async fn ensure_free(
    db: &impl ConnectionTrait,
    email: &str,
    username: &str,
    except: Option<UserId>,
) -> Outcome<()> {
    let except = except.map(|id| id.0);
    let mut errors = Vec::new();
    if repo::taken(db, user::Column::EmailKey, &email.to_lowercase(), except).await? {
        errors.push(FieldError::new("email", "duplicate", "Somebody has this address already."));
    }
    if repo::taken(db, user::Column::UsernameKey, &username.to_lowercase(), except).await? {
        errors.push(FieldError::new("username", "duplicate", "Somebody has this user name already."));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Failure::with_errors(Code::Duplicate, Code::Duplicate.title(), errors))
}

async fn ensure_department(db: &impl ConnectionTrait, id: Option<DepartmentId>) -> Outcome<()> {
    match id {
        Some(id) if !repo::department_exists(db, id.0).await? => {
            Err(Failure::field("department_id", "unknown", "There is no such department."))
        }
        _ => Ok(()),
    }
}

/// 16 letters and digits that are not mistaken for one another: 80 bits and easy to read out.
fn temporary_password() -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let letters = rand::random::<[u8; 16]>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Secret::new(groups.join("-"))
}

/// A person as the audit log keeps them.
fn outline(row: &user::Model) -> Value {
    json!({
        "email": row.email,
        "username": row.username,
        "full_name": row.full_name,
        "role": row.role,
        "department_id": row.department_id,
        "position": row.position,
        "is_active": row.is_active,
        "locale": row.locale,
    })
}

/// The fields that differ, each with its old and new value.
pub(in crate::people) fn changes(old: &Value, new: &Value) -> Value {
    let fields = old.as_object().into_iter().flatten().filter_map(|(field, before)| {
        let after = new.get(field)?;
        (before != after).then(|| (field.clone(), json!({ "old": before, "new": after })))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn stale() -> Failure {
    Failure::new(Code::StaleVersion, Code::StaleVersion.title())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_password_is_accepted_and_never_the_same() {
        let (one, other) = (temporary_password(), temporary_password());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), 19);
        assert!(password::check("password", &one, &["anna"]).is_ok());
    }

    #[test]
    fn changes_name_what_differs_only() {
        let (old, new) =
            (json!({"role": "employee", "locale": "en"}), json!({"role": "admin", "locale": "en"}));
        assert_eq!(changes(&old, &new), json!({"role": {"old": "employee", "new": "admin"}}));
    }
}
