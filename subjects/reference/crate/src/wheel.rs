//! The timer wheel itself: a queue by (due, sequence) that knows no host.
//! It imports nothing, so `rustc --test wheel.rs` runs its tests without any crate.

use std::cmp::Ordering;
use std::collections::BTreeMap;

pub type TimerId = u32;

/// Where an entry stands in the queue: the earlier due first, and first in, first out among equals.
#[derive(Clone, Copy, Debug)]
struct Place {
    due: f64,
    sequence: u64,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due.total_cmp(&other.due).then(self.sequence.cmp(&other.sequence))
    }
}
impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Place {}

/// A timer on the wheel. `repeat` is an interval's period in ms.
pub struct Entry<Action> {
    pub id: TimerId,
    pub repeat: Option<f64>,
    pub action: Action,
}

/// Timers ordered by when they are due, in ms of one clock.
pub struct Wheel<Action> {
    sequence: u64,
    next_id: TimerId,
    queue: BTreeMap<Place, Entry<Action>>,
    /// Every timer that is alive; `None` while an interval's own action runs.
    places: BTreeMap<TimerId, Option<Place>>,
}

impl<Action> Wheel<Action> {
    pub fn new() -> Self {
        Wheel { sequence: 0, next_id: 1, queue: BTreeMap::new(), places: BTreeMap::new() }
    }

    pub fn insert(&mut self, due: f64, repeat: Option<f64>, action: Action) -> TimerId {
        let id = self.next_id;
        self.next_id += 1;
        self.put(due, Entry { id, repeat, action });
        id
    }

    /// Takes a timer off the wheel; what has fired or was removed already stays as it is.
    pub fn remove(&mut self, id: TimerId) {
        if let Some(Some(place)) = self.places.remove(&id) {
            self.queue.remove(&place);
        }
    }

    pub fn earliest(&self) -> Option<f64> {
        self.queue.first_key_value().map(|(place, _)| place.due)
    }

    pub fn count_due(&self, now: f64) -> usize {
        self.queue.range(..=Place { due: now, sequence: u64::MAX }).count()
    }

    /// The first entry with `due <= now`. An interval stays alive, to be put back by `again`.
    pub fn take_due(&mut self, now: f64) -> Option<Entry<Action>> {
        if self.earliest()? > now {
            return None;
        }
        let (_, entry) = self.queue.pop_first()?;
        match entry.repeat {
            Some(_) => self.places.insert(entry.id, None),
            None => self.places.remove(&entry.id),
        };
        Some(entry)
    }

    /// Puts an interval back after its action ran, unless the action removed it.
    pub fn again(&mut self, due: f64, entry: Entry<Action>) {
        if self.places.contains_key(&entry.id) {
            self.put(due, entry);
        }
    }

    pub fn clear(&mut self) {
        self.queue.clear();
        self.places.clear();
    }

    fn put(&mut self, due: f64, entry: Entry<Action>) {
        let place = Place { due, sequence: self.sequence };
        self.sequence += 1;
        self.places.insert(entry.id, Some(place));
        self.queue.insert(place, entry);
    }
}

/// A `setTimeout` delay as Web IDL's `long` takes it, then as HTML reads it: modulo 2^32 into a signed
/// 32-bit integer, and 0 for what is negative. So 2^31 ms is 0, and 2^32 + 5 ms is 5.
pub fn html_delay(ms: f64) -> f64 {
    if !ms.is_finite() {
        return 0.0;
    }
    let wrapped = (ms.trunc() % 4_294_967_296.0) as i64 as i32;
    f64::from(wrapped.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(wheel: &mut Wheel<&'static str>, now: f64) -> Vec<&'static str> {
        std::iter::from_fn(|| wheel.take_due(now)).map(|entry| entry.action).collect()
    }

    #[test]
    fn earlier_first_and_equals_in_order_of_insertion() {
        let mut wheel = Wheel::new();
        for (due, name) in [(20.0, "late"), (10.0, "first"), (10.0, "second"), (5.0, "early")] {
            wheel.insert(due, None, name);
        }
        assert_eq!(wheel.count_due(10.0), 3);
        assert_eq!(drain(&mut wheel, 10.0), ["early", "first", "second"]);
        assert_eq!(wheel.earliest(), Some(20.0));
    }

    #[test]
    fn an_interval_comes_back_unless_it_was_removed_meanwhile() {
        let mut wheel = Wheel::new();
        let id = wheel.insert(1.0, Some(1.0), "tick");
        let entry = wheel.take_due(1.0).unwrap();
        wheel.again(2.0, entry);
        assert_eq!(wheel.earliest(), Some(2.0));
        let entry = wheel.take_due(2.0).unwrap();
        wheel.remove(id);
        wheel.again(3.0, entry);
        assert_eq!(wheel.earliest(), None);
    }

    #[test]
    fn removing_twice_or_after_firing_does_nothing() {
        let mut wheel = Wheel::new();
        let (gone, kept) = (wheel.insert(1.0, None, "gone"), wheel.insert(1.0, None, "kept"));
        wheel.remove(gone);
        wheel.remove(gone);
        assert_eq!(drain(&mut wheel, 1.0), ["kept"]);
        wheel.remove(kept);
        assert_eq!(wheel.earliest(), None);
    }

    #[test]
    fn delays_wrap_as_html_says() {
        let two_31 = 2_147_483_648.0;
        for (ms, want) in [(-1.0, 0.0), (0.9, 0.0), (two_31 - 1.0, two_31 - 1.0), (two_31, 0.0), (2.0 * two_31 + 5.0, 5.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
            assert_eq!(html_delay(ms), want, "{ms}");
        }
    }
}
