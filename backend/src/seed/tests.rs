//! The company as a whole, in a real database.

use std::collections::{BTreeMap, HashSet};

use kpi_api::kpi::Status;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    entity::{
        audit, check_in, comment, delegation, evidence as evidence_row, kpi_history, notification, outbox,
    },
    evidence::sweep,
    kpi::service::template::offer,
    platform::{
        config::{Config, Overrides},
        db::Db,
        ledger,
        metrics::Metrics,
        password::Verdict,
        token::Signer,
    },
};

const SMALL: Size = Size { users: 14, kpis: 140, quarters: 4 };

/// A database of its own that goes with the folder.
struct Fresh {
    ctx: Ctx,
    _folder: tempfile::TempDir,
}

async fn fresh(at: &str) -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let overrides = Overrides { data_dir: Some(folder.path().to_owned()), ..Overrides::default() };
    let variables = [("ENVIRONMENT", "test"), ("KPI_CLOCK", at)];
    let lookup =
        |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let config = Config::read(lookup, &overrides).unwrap_or_else(|fault| panic!("{fault}"));
    let db = Db::open(&format!("sqlite:{}", config.database_file.display()), 2).await.unwrap();
    db.migrate().await.unwrap();
    let signer = Signer::new(&Secret::new("a secret of a test, long enough to be one"));
    let ctx = Ctx::new(config.clone(), config.clock(), db, signer, Arc::new(Metrics::new()));
    Fresh { ctx, _folder: folder }
}

/// A hash of every table that the seed fills. The salt of the password is by chance, so hashes are left out.
async fn hashes(ctx: &Ctx) -> BTreeMap<&'static str, String> {
    let db = ctx.db.read();
    let hash = |rows: String| hex::encode(Sha256::digest(rows));
    let mut people = user::Entity::find().order_by_asc(user::Column::Id).all(db).await.unwrap();
    people.iter_mut().for_each(|person| person.password_hash.clear());
    let mut all = BTreeMap::from([("users", hash(format!("{people:?}")))]);
    macro_rules! tables {
        ($($entity:ident),*) => {$(
            let rows = $entity::Entity::find().order_by_asc($entity::Column::Id).all(db).await.unwrap();
            assert!(!rows.is_empty(), stringify!($entity));
            all.insert(stringify!($entity), hash(format!("{rows:?}")));
        )*};
    }
    tables!(
        department,
        template,
        period,
        kpi,
        check_in,
        comment,
        delegation,
        kpi_history,
        notification,
        audit
    );
    all
}

#[tokio::test]
async fn the_same_day_gives_the_same_company_and_another_day_another() {
    let mut made = Vec::new();
    for at in ["2026-05-20T09:00:00Z", "2026-05-20T09:00:00Z", "2026-06-20T09:00:00Z"] {
        let fresh = fresh(at).await;
        make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
        made.push(hashes(&fresh.ctx).await);
    }
    assert_eq!(made[0], made[1]);
    assert_ne!(made[0]["kpi"], made[2]["kpi"]);
}

#[tokio::test]
async fn a_database_with_people_is_left_alone() {
    let fresh = fresh("2026-05-20T09:00:00Z").await;
    make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
    let before = hashes(&fresh.ctx).await;
    let refused = make(&fresh.ctx, SMALL, |_| {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::Duplicate);
    assert_eq!(hashes(&fresh.ctx).await, before);
}

#[tokio::test]
async fn everybody_named_may_log_in_and_the_employee_has_kpis_in_every_state() {
    let fresh = fresh("2026-05-20T09:00:00Z").await;
    let made = make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
    assert_eq!((made.users, made.written.kpis), (14, 140));
    let (ctx, db) = (&fresh.ctx, fresh.ctx.db.read());
    for (name, _) in LOG_INS {
        let person = user::Entity::find().filter(user::Column::UsernameKey.eq(name)).one(db).await.unwrap();
        let person = person.unwrap_or_else(|| panic!("{name} is missing"));
        let verdict =
            ctx.passwords.verify(&Secret::new(PASSWORD), Some(&person.password_hash)).await.unwrap();
        assert_eq!((verdict, person.is_active), (Verdict::Right, true), "{name}");
    }
    let now = periods::number(ctx.period_now());
    let own = kpi::Entity::find()
        .filter(kpi::Column::UserId.eq(cast::EMPLOYEE))
        .filter(kpi::Column::Period.eq(now))
        .all(db)
        .await
        .unwrap();
    let states: HashSet<String> = own.iter().map(|row| row.status.clone()).collect();
    assert_eq!(states, Status::ALL.iter().map(ToString::to_string).collect());
    assert!(own.iter().any(|row| row.status == "approved" && row.returned_reason.is_some()));
    assert!(own.iter().any(|row| row.is_revision && row.submit_comment.is_some()));
    let draft = own.iter().find(|row| row.status == "draft").unwrap();
    let offer = offer(db, draft).await.unwrap().expect("the draft's template has changed since");
    let fields: Vec<&str> = offer.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["measurement_method", "check_in_days"]);
    assert!(offer.changes.iter().all(|change| change.differs_from_mine && !change.edited), "{offer:?}");
    let late = kpi::Entity::find()
        .filter(kpi::Column::UserId.eq(cast::LATE))
        .filter(kpi::Column::Period.eq(now))
        .all(db)
        .await
        .unwrap();
    assert!(
        late.len() == 3 && late.iter().all(|row| row.status == "approved" && row.last_check_in_on.is_none())
    );
    assert!(ctx.settings().await.unwrap().demo);
}

#[tokio::test]
async fn some_files_are_there_and_one_is_used_twice() {
    let fresh = fresh("2026-05-20T09:00:00Z").await;
    make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
    let looked = sweep::look(fresh.ctx.db.read(), &fresh.ctx.files, true).await.unwrap();
    let rows = evidence_row::Entity::find().all(fresh.ctx.db.read()).await.unwrap();
    assert!(looked.missing.is_empty() && looked.damaged.is_empty(), "{looked:?}");
    assert!(rows.len() as u64 > looked.contents && looked.contents > 5, "{} {looked:?}", rows.len());
    assert!(rows.iter().any(|row| row.check_in_id.is_some()));
}

#[tokio::test]
async fn people_talk_in_threads_and_somebody_stands_in_for_somebody() {
    let fresh = fresh("2026-05-20T09:00:00Z").await;
    let made = make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
    let (ctx, db) = (&fresh.ctx, fresh.ctx.db.read());
    let comments = comment::Entity::find().order_by_asc(comment::Column::Id).all(db).await.unwrap();
    assert_eq!(comments.len() as u64, made.written.comments);
    let now = ctx.clock.now().0;
    for row in &comments {
        assert!(row.created_at <= now && !row.body.contains("@ "), "{row:?}");
        let parent = row.parent_id.map(|id| comments.iter().find(|other| other.id == id).unwrap());
        assert!(parent.is_none_or(|p| p.kpi_id == row.kpi_id && p.created_at < row.created_at), "{row:?}");
    }
    assert!(comments.iter().any(|row| row.parent_id.is_some() && row.mentions != "[]"));
    let directory = ctx.directory().await.unwrap();
    assert_eq!(directory.stands_in_for(cast::MANAGER.into()), [7.into()]);
    let over = delegation::Entity::find().filter(delegation::Column::ToDay.lt("2026-05-20")).all(db).await;
    assert_eq!(over.unwrap().len(), 1);
}

/// The bells of those whom everybody logs in as.
#[tokio::test]
async fn who_decides_and_who_is_decided_about_has_something_to_read() {
    let Fresh { ctx, _folder } = fresh("2026-02-16T09:00:00Z").await;
    make(&ctx, Size::default(), |_| {}).await.unwrap();
    let db = ctx.db.read();
    for (user, unread) in [(cast::MANAGER, true), (cast::EMPLOYEE, true), (cast::ADMIN, false)] {
        let told = notification::Entity::find().filter(notification::Column::UserId.eq(user));
        let told = told.all(db).await.unwrap();
        assert!(told.len() >= 2, "{user}: {}", told.len());
        assert!(!unread || told.iter().any(|row| row.read_at.is_none()), "{user}");
        assert!(
            told.iter()
                .all(|row| row.in_app && row.mail_state == "none" && row.read_at <= Some(ctx.clock.now().0))
        );
    }
}

#[tokio::test]
async fn what_is_stored_fits_together() {
    // The first day of a quarter leaves the least room, the last one the most.
    for at in ["2026-04-01T00:30:00Z", "2026-06-30T23:30:00Z"] {
        let fresh = fresh(at).await;
        make(&fresh.ctx, SMALL, |_| {}).await.unwrap();
        let (ctx, db) = (&fresh.ctx, fresh.ctx.db.read());
        assert!(ledger::verify(db).await.unwrap().ok);
        assert!(outbox::Entity::find().all(db).await.unwrap().is_empty());
        let (today, now) = (ctx.today(), ctx.clock.now().0);
        let kpis = kpi::Entity::find().order_by_asc(kpi::Column::Id).all(db).await.unwrap();
        let shelf = ctx.rules().await.unwrap();
        let scene = Scene::now(ctx).await.unwrap();
        for row in kpis {
            let name = format!("{} ({} at {at})", row.title, row.id);
            let (start, end) = periods::from_number(row.period).bounds(1).unwrap();
            let values = check_in::Entity::find()
                .filter(check_in::Column::KpiId.eq(row.id))
                .order_by_asc(check_in::Column::Id)
                .all(db)
                .await
                .unwrap();
            for value in &values {
                let day = crate::kpi::convert::date_of(&value.on_date).unwrap();
                assert!(start <= day && day <= end.min(today), "{name}: a value for {day}");
            }
            let history = kpi_history::Entity::find()
                .filter(kpi_history::Column::KpiId.eq(row.id))
                .order_by_asc(kpi_history::Column::Id)
                .all(db)
                .await
                .unwrap();
            let mut versions: Vec<i64> = history.iter().map(|act| act.kpi_version).collect();
            // What is attached leaves the KPI itself as it was.
            versions.dedup();
            assert_eq!(versions, (1..=row.version).collect::<Vec<_>>(), "{name}");
            assert!(
                history.is_sorted_by_key(|act| act.at) && history.iter().all(|act| act.at <= now),
                "{name}"
            );
            let last = history.last().unwrap();
            assert_eq!((last.to_status.as_ref(), last.score), (Some(&row.status), row.score), "{name}");
            let standing = crate::kpi::scoring::score(&ctx.engine, &shelf, &scene, &row, &values)
                .unwrap_or_else(|e| panic!("{e}"));
            assert_eq!((standing.score, standing.band.as_str()), (row.score, row.band.as_str()), "{name}");
            assert!(history.iter().any(|act| act.receipt.is_some()), "{name}");
            if periods::from_number(row.period) != ctx.period_now() {
                assert_eq!(row.status, "closed", "{name}");
            }
        }
    }
}

#[tokio::test]
async fn the_present_quarter_can_stand_alone() {
    let fresh = fresh("2026-05-20T09:00:00Z").await;
    let made = make(&fresh.ctx, Size { quarters: 1, ..SMALL }, |_| {}).await.unwrap();
    assert_eq!(made.written.kpis, SMALL.kpis as u64);
    let elsewhere = kpi::Column::Period.ne(periods::number(fresh.ctx.period_now()));
    assert_eq!(kpi::Entity::find().filter(elsewhere).count(fresh.ctx.db.read()).await.unwrap(), 0);
}
