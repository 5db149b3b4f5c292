//! Who is asking, proven: the first thing every handler holds.

use std::sync::Arc;

use kpi_api::{
    auth::TokenScope,
    endpoint::Endpoint,
    error::Code,
    id::{SessionId, TokenId, UserId, Version},
    permission::{Capability, Relation, Role, allows},
};

use crate::{
    app::Ctx,
    people::directory::Person,
    platform::{
        db::work::{By, Work},
        failure::{Failure, Outcome},
        http::Meta,
    },
};

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Session(SessionId),
    Token(TokenId, TokenScope),
}

#[derive(Clone)]
pub struct Actor {
    pub person: Arc<Person>,
    pub via: Via,
    pub meta: Meta,
}

impl Actor {
    pub fn id(&self) -> UserId {
        self.person.id
    }

    pub fn role(&self) -> Role {
        self.person.role
    }

    pub fn may(&self, capability: Capability, relation: Relation) -> bool {
        allows(self.person.role, capability, relation)
    }

    /// The version from `If-Match`; 428 without it.
    pub fn version(&self) -> Outcome<Version> {
        self.meta.version()
    }

    /// As whom a command writes.
    pub fn by(&self) -> Outcome<By> {
        Ok(By {
            user_id: Some(self.person.id),
            request_id: self.meta.request_id.clone(),
            idempotency_key: self.meta.idempotency_key()?.map(str::to_owned),
        })
    }
}

/// A request that has passed the guard: the application, and who asks it.
#[derive(Clone)]
pub struct Call {
    pub ctx: Ctx,
    pub who: Actor,
}

impl Call {
    /// Begins the transaction of a command by this actor.
    pub async fn begin(&self) -> Outcome<Work> {
        self.ctx.begin(self.who.by()?).await
    }
}

/// What the guard hands to a handler.
pub type Entered = Outcome<Call>;

/// Whether the role alone already refuses. Where the object decides too, its service does, after looking whether it
/// may be seen at all.
pub fn check_role(person: &Person, endpoint: Endpoint) -> Outcome<()> {
    match endpoint.access() {
        kpi_api::endpoint::Access::Public => Ok(()),
        kpi_api::endpoint::Access::With(capability) => {
            if capability.depends_on_relation() || capability.held_by(person.role) {
                Ok(())
            } else {
                Err(Failure::new(Code::NotAllowed, Code::NotAllowed.title()))
            }
        }
    }
}
