//! Alarms that can be stopped, one by one and all at once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A free name, so that it is found in a window and in a worker alike.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, ms: u32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// An alarm that is set: the host's handle, and the closure that the host calls.
struct Alarm {
    handle: JsValue,
    _ring: Closure<dyn FnMut()>,
}

#[wasm_bindgen]
#[derive(Default)]
pub struct Alarms {
    next: u32,
    set: Rc<RefCell<HashMap<u32, Alarm>>>,
}

#[wasm_bindgen]
impl Alarms {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Alarms {
        Alarms::default()
    }

    /// Calls `ring` once after `ms` milliseconds. The number stops it.
    pub fn set(&mut self, ms: u32, ring: Function) -> u32 {
        let id = self.next;
        self.next += 1;
        let set = Rc::clone(&self.set);
        let closure = Closure::once(move || {
            // Kept until the call has ended: it is running.
            let _alarm = set.borrow_mut().remove(&id);
            let _ = ring.call0(&JsValue::UNDEFINED);
        });
        let handle = set_timeout(closure.as_ref().unchecked_ref(), ms);
        self.set.borrow_mut().insert(id, Alarm { handle, _ring: closure });
        id
    }

    /// Stops one; one that has rung or was stopped is left alone.
    pub fn stop(&mut self, id: u32) {
        if let Some(alarm) = self.set.borrow_mut().remove(&id) {
            clear_timeout(&alarm.handle);
        }
    }

    pub fn stop_all(&mut self) {
        for (_, alarm) in self.set.borrow_mut().drain() {
            clear_timeout(&alarm.handle);
        }
    }
}
