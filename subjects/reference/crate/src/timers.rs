//! The wheel, driven by host timers.
//!
//! One host timer, the wake, is armed for the earliest due. A host runs its microtasks when a host callback
//! returns, so each host callback fires exactly one entry; firing all of them in one would let the second
//! overtake the first one's microtasks. When the wake finds more entries due it opens one zero-delay host
//! timer, a turn, for each of the others at once. Opened one after the other, each would be nested in the one
//! before, and from the sixth on engines hold nested timers back 4 ms: a thousand would take 4 s. Opened
//! together they are one level deep, whatever their number.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::host::{call, clear_timeout, now, set_timeout};
use crate::wheel::{html_delay, TimerId, Wheel};

/// The longest delay a host timer takes; what is due later is waited for in pieces.
const LONGEST_HOST_DELAY: f64 = i32::MAX as f64;
/// HTML holds a nested repeat to this period; here it holds from the first tick, so that none can starve the realm.
const SHORTEST_PERIOD: f64 = 4.0;

type HostCallback = Closure<dyn Fn() -> Result<(), JsValue>>;

struct Wake {
    due: f64,
    /// The time that has come when it fires: short of `due` when the host could not wait so long at once.
    reaches: f64,
    handle: JsValue,
}

struct State {
    wheel: Wheel<Function>,
    wake: Option<Wake>,
    turns: VecDeque<JsValue>,
    /// The latest time that a wake reached. A host's clock may be coarser than its timers, and read a little less
    /// after it has waited the whole delay; waiting again for that little would cost the hold of 4 ms.
    reached: f64,
}

impl State {
    fn wake_fired(&mut self) {
        if let Some(wake) = self.wake.take() {
            self.reached = self.reached.max(wake.reaches);
        }
    }

    fn turn_fired(&mut self) {
        self.turns.pop_front();
    }
}

pub struct Timers {
    state: RefCell<State>,
    on_wake: HostCallback,
    on_turn: HostCallback,
}

impl Timers {
    pub fn new() -> Rc<Self> {
        Rc::new_cyclic(|timers| Timers {
            state: RefCell::new(State { wheel: Wheel::new(), wake: None, turns: VecDeque::new(), reached: 0.0 }),
            on_wake: host_callback(timers, State::wake_fired),
            on_turn: host_callback(timers, State::turn_fired),
        })
    }

    pub fn set(&self, ms: f64, fire: Function) -> TimerId {
        self.insert(html_delay(ms), None, fire)
    }

    pub fn interval(&self, ms: f64, fire: Function) -> TimerId {
        let period = html_delay(ms).max(SHORTEST_PERIOD);
        self.insert(period, Some(period), fire)
    }

    /// A deadline is the wheel's own: it does not wrap at 2^31 ms.
    pub fn deadline(&self, ms: f64, expire: Function) -> TimerId {
        self.insert(ms.max(0.0), None, expire)
    }

    pub fn clear(&self, id: TimerId) {
        self.state.borrow_mut().wheel.remove(id);
        self.rearm();
    }

    pub fn clear_all(&self) {
        self.state.borrow_mut().wheel.clear();
        self.rearm();
    }

    fn insert(&self, delay: f64, repeat: Option<f64>, action: Function) -> TimerId {
        let id = self.state.borrow_mut().wheel.insert(now() + delay, repeat, action);
        self.rearm();
        id
    }

    /// Fires the first entry that is due. What it throws goes to the host, as from any timer.
    fn turn(&self) -> Result<(), JsValue> {
        let entry = {
            let mut state = self.state.borrow_mut();
            let at = now().max(state.reached);
            if state.turns.is_empty() {
                let others = state.wheel.count_due(at).saturating_sub(1);
                state.turns.extend((0..others).map(|_| set_timeout(self.on_turn.as_ref(), 0)));
            }
            state.wheel.take_due(at)
        };
        // The state is free again here: the action may set and clear timers.
        let result = entry.as_ref().map_or(Ok(()), |entry| call(&entry.action));
        if let Some(entry) = entry {
            if let Some(period) = entry.repeat {
                self.state.borrow_mut().wheel.again(now() + period, entry);
            }
        }
        self.rearm();
        result
    }

    /// Makes the host's timers fit the wheel: none for an empty wheel; open turns need no wake, the last arms it.
    fn rearm(&self) {
        let mut state = self.state.borrow_mut();
        let earliest = state.wheel.earliest();
        if earliest.is_none() {
            for turn in state.turns.drain(..) {
                clear_timeout(&turn);
            }
        }
        let want = if state.turns.is_empty() { earliest } else { None };
        if state.wake.as_ref().map(|wake| wake.due) == want {
            return;
        }
        if let Some(wake) = state.wake.take() {
            clear_timeout(&wake.handle);
        }
        state.wake = want.map(|due| self.wake_at(due));
    }

    fn wake_at(&self, due: f64) -> Wake {
        let from = now();
        let delay = (due - from).ceil().clamp(0.0, LONGEST_HOST_DELAY);
        Wake { due, reaches: due.min(from + delay), handle: set_timeout(self.on_wake.as_ref(), delay as i32) }
    }
}

fn host_callback(timers: &Weak<Timers>, forget: fn(&mut State)) -> HostCallback {
    let timers = timers.clone();
    Closure::new(move || {
        let Some(timers) = timers.upgrade() else { return Ok(()) };
        forget(&mut timers.state.borrow_mut());
        timers.turn()
    })
}
