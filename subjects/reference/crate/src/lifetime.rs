//! What is alive besides timers, so that a shutdown can wait until nothing is.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use crate::host::{call, invalid_state};

#[derive(Default)]
pub struct Lifetime {
    closing: Cell<bool>,
    alive: Cell<usize>,
    waiting: RefCell<Vec<Function>>,
}

impl Lifetime {
    /// Refuses what would start after the shutdown did.
    pub fn check(&self) -> Result<(), JsValue> {
        match self.closing.get() {
            true => Err(invalid_state("the subject is shut down")),
            false => Ok(()),
        }
    }

    pub fn enter(&self) {
        self.alive.set(self.alive.get() + 1);
    }

    pub fn leave(&self) {
        self.alive.set(self.alive.get() - 1);
        self.settle();
    }

    pub fn begin_shutdown(&self) {
        self.closing.set(true);
    }

    /// Resolves when nothing is alive. It has no limit of its own: that would be one more timer.
    pub fn ended(&self) -> Promise {
        let promise = Promise::new(&mut |resolve, _| self.waiting.borrow_mut().push(resolve));
        self.settle();
        promise
    }

    fn settle(&self) {
        if self.alive.get() == 0 {
            for resolve in self.waiting.take() {
                let _ = call(&resolve);
            }
        }
    }
}
