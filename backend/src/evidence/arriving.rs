//! Files on their way in. What a person is sending takes room before there is a row that says so; counted here, it
//! fits into the quota together with what they keep, however many files arrive at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kpi_api::{error::Code, id::UserId};

use super::limits::Room;
use crate::platform::failure::{Failure, Outcome};

/// Files that one person may be sending at once.
pub const MOST_OF_ONE: usize = 20;

/// Seconds after which it is worth trying again.
const RETRY_AFTER: u64 = 10;

/// Cheap to clone; all clones count together.
#[derive(Clone, Default)]
pub struct Arriving(Arc<Mutex<HashMap<UserId, Sending>>>);

/// What one person is sending.
#[derive(Default)]
struct Sending {
    files: usize,
    /// Bytes: as announced, or as many as have come where those are more.
    size: u64,
}

impl Arriving {
    /// A place for one more file, of which so many bytes are announced.
    ///
    /// # Errors
    /// 413 when it does not fit into the room there is; 429 when it does not beside the person's other files that are
    /// arriving, or when those are too many.
    pub fn enter(&self, person: UserId, room: Room, announced: u64) -> Outcome<Place> {
        let mut all = self.all();
        if all.get(&person).is_some_and(|sending| sending.files >= MOST_OF_ONE) {
            let detail = format!("At most {MOST_OF_ONE} of your files may be arriving at once.");
            return Err(Failure::new(Code::TooMany, detail).retry_after(RETRY_AFTER));
        }
        all.entry(person).or_default().files += 1;
        drop(all);
        let mut place = Place { arriving: self.clone(), person, room, size: 0 };
        place.hold(announced)?;
        Ok(place)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<UserId, Sending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One file's place; given back when dropped.
pub struct Place {
    arriving: Arriving,
    person: UserId,
    /// As it was when the file began to arrive.
    room: Room,
    size: u64,
}

impl Place {
    /// Takes room for a file of at least so many bytes.
    ///
    /// # Errors
    /// As [`Arriving::enter`].
    pub fn hold(&mut self, size: u64) -> Outcome<()> {
        let more = size.saturating_sub(self.size);
        if more == 0 {
            return Ok(());
        }
        self.room.ensure(size)?;
        let mut all = self.arriving.all();
        let sending = all.entry(self.person).or_default();
        if !self.room.fits(sending.size.saturating_add(more)) {
            let detail = "Other files of yours are arriving, and there is no room for this one beside them.";
            return Err(Failure::new(Code::TooMany, detail).retry_after(RETRY_AFTER));
        }
        sending.size += more;
        self.size = size;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.arriving.all();
        if let Some(sending) = all.get_mut(&self.person) {
            sending.files -= 1;
            sending.size -= self.size;
            if sending.files == 0 {
                all.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<T>(entered: Outcome<T>) -> Option<Code> {
        entered.err().map(|failure| failure.code())
    }

    #[test]
    fn what_arrives_together_fits_together() {
        let arriving = Arriving::default();
        let room = Room { used: 40, quota: 100 };
        let first = arriving.enter(UserId(1), room, 35).unwrap();
        // Says nothing of its size, and takes what comes.
        let mut second = arriving.enter(UserId(1), room, 0).unwrap();
        assert_eq!(second.hold(25).ok(), Some(()));
        assert_eq!(second.hold(20).ok(), Some(()), "what is held is not counted twice");
        assert_eq!(refused(second.hold(26)), Some(Code::TooMany));
        assert_eq!(refused(second.hold(61)), Some(Code::QuotaFull));
        assert_eq!(refused(arriving.enter(UserId(1), room, 1)), Some(Code::TooMany));
        let other = arriving.enter(UserId(2), room, 60).unwrap();
        drop(first);
        second.hold(60).unwrap();
        drop((second, other));
        assert!(arriving.all().is_empty());
    }

    #[test]
    fn a_place_is_given_back_and_nobody_takes_them_all() {
        let arriving = Arriving::default();
        let room = Room { used: 0, quota: 100 };
        let enter = |person| arriving.enter(UserId(person), room, 1);
        let mut places: Vec<Place> = (0..MOST_OF_ONE).map(|_| enter(1).unwrap()).collect();
        assert_eq!(refused(enter(1)), Some(Code::TooMany));
        assert!(enter(2).is_ok());
        places.pop();
        assert!(enter(1).is_ok());
        drop(places);
        assert!(arriving.all().is_empty());
    }
}
