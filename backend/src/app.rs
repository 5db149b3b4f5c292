//! The composition root: everything that lives as long as the server, handed around as one [`Ctx`].

use std::{
    collections::{HashMap, HashSet},
    ops::Deref,
    sync::Arc,
};

use kpi_api::time::{Date, Period};
use kpi_engine::{Engine, Limits};

use crate::{
    admin::settings::{self, Settings},
    auth::{attempts::Attempts, sessions::SessionCache},
    evidence::{arriving::Arriving, child::Looker},
    jobs::Desk,
    kpi::{repo, rows::Rows, tally::Tallies, totals::Totals},
    live::hub::Hub,
    people::directory::Directory,
    periods,
    platform::{
        cached::Cached,
        clock::Clock,
        config::Config,
        db::{
            Db,
            work::{By, Work},
        },
        failure::Outcome,
        files::Store,
        metrics::Metrics,
        password::Passwords,
        signals::{Signals, Topic},
        smtp::Mailer,
        token::Signer,
    },
    plugins::{Fleet, Plugins},
    rules::{
        impact::previews::Previews,
        shadow::{self, Shadow, Shadowing},
        shelf::Shelf,
        stats::Stats,
        trouble::Troubles,
    },
};

/// The application, cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<App>);

pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub db: Db,
    pub signals: Signals,
    pub engine: Arc<Engine>,
    /// Contents of evidence.
    pub files: Store,
    /// Those on their way in.
    pub arriving: Arriving,
    /// Looks into them.
    pub looker: Looker,
    pub signer: Signer,
    pub passwords: Passwords,
    pub attempts: Attempts,
    pub sessions: SessionCache,
    pub rows: Rows,
    pub totals: Totals,
    pub tallies: Tallies,
    /// Rules that failed, until administrators are told.
    pub troubles: Troubles,
    /// What running rules costs.
    pub stats: Stats,
    /// Drafts that run in the shadow.
    pub shadowing: Shadowing,
    /// Previews of rules under way.
    pub previews: Previews,
    /// Open pages that are told what happens.
    pub live: Hub,
    pub jobs: Desk,
    /// Plugins that were read and compiled, and whose turn it is.
    pub fleet: Fleet,
    pub metrics: Arc<Metrics>,
    /// Absent where no mail server is configured.
    pub mailer: Option<Mailer>,
    directory: Cached<Directory>,
    settings: Cached<Settings>,
    shelf: Cached<Shelf>,
    shadows: Cached<Vec<Shadow>>,
    template_names: Cached<HashMap<i64, String>>,
    closed_periods: Cached<HashSet<i64>>,
    plugins: Cached<Plugins>,
}

impl Deref for Ctx {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl Ctx {
    pub fn new(config: Config, clock: Clock, db: Db, signer: Signer, metrics: Arc<Metrics>) -> Self {
        let mailer = Mailer::of(&config);
        let files = Store::new(config.upload_dir.clone());
        let looker = Looker::new(config.program.clone());
        Self(Arc::new(App {
            files,
            arriving: Arriving::default(),
            looker,
            config,
            clock,
            db,
            signals: Signals::default(),
            engine: Arc::new(Engine::new(Limits::default())),
            signer,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            sessions: SessionCache::default(),
            rows: Rows::default(),
            totals: Totals::default(),
            tallies: Tallies::default(),
            troubles: Troubles::default(),
            stats: Stats::default(),
            shadowing: Shadowing::default(),
            previews: Previews::default(),
            live: Hub::default(),
            mailer,
            jobs: Desk::default(),
            fleet: Fleet::default(),
            metrics,
            directory: Cached::new(Topic::People),
            settings: Cached::new(Topic::Settings),
            shelf: Cached::new(Topic::Rules),
            shadows: Cached::new(Topic::Rules),
            template_names: Cached::new(Topic::Templates),
            closed_periods: Cached::new(Topic::Periods),
            plugins: Cached::new(Topic::Plugins),
        }))
    }

    /// Begins a command's transaction.
    pub async fn begin(&self, by: By) -> Outcome<Work> {
        Work::begin(&self.db, &self.signals, by, self.clock.now()).await
    }

    /// Everybody, the tree of departments, and who decides in whose place today.
    pub async fn directory(&self) -> Outcome<Arc<Directory>> {
        let today = self.today();
        let load = Directory::load(self.db.read(), today);
        self.directory.get_at(&self.signals, today.to_julian_day().into(), load).await
    }

    pub async fn settings(&self) -> Outcome<Arc<Settings>> {
        self.settings.get(&self.signals, settings::load(self.db.read())).await
    }

    /// The published rules, compiled.
    pub async fn rules(&self) -> Outcome<Arc<Shelf>> {
        self.shelf
            .get(&self.signals, Shelf::load(self.db.read(), &self.engine, &self.troubles, &self.stats))
            .await
    }

    /// The rules whose drafts run in the shadow, and of which quarters.
    pub async fn shadows(&self) -> Outcome<Arc<Vec<Shadow>>> {
        self.shadows.get(&self.signals, shadow::all(self.db.read())).await
    }

    /// Names of the templates by id.
    pub async fn template_names(&self) -> Outcome<Arc<HashMap<i64, String>>> {
        let load = async { Ok(repo::template_names(self.db.read()).await?) };
        self.template_names.get(&self.signals, load).await
    }

    /// The quarters that take no values any more, as numbers.
    pub async fn closed_periods(&self) -> Outcome<Arc<HashSet<i64>>> {
        self.closed_periods.get(&self.signals, periods::all_closed(self.db.read())).await
    }

    /// The installed plugins.
    pub async fn plugins(&self) -> Outcome<Arc<Plugins>> {
        self.plugins.get(&self.signals, Plugins::load(self)).await
    }

    /// Today in the company's zone.
    pub fn today(&self) -> Date {
        self.clock.today()
    }

    /// The quarter that today falls into.
    pub fn period_now(&self) -> Period {
        Period::containing(self.today(), self.config.fiscal_year_start)
    }
}
