//! lanecheck's reference subject: small, but a real runtime of its own. It keeps its timers on its own wheel,
//! and reaches WebSocket and streaming fetch through web-sys.

mod host;
mod lifetime;
mod requests;
mod sockets;
mod timers;
mod wheel;

use std::rc::Rc;

use js_sys::{Array, Function, Promise, WebAssembly};
use wasm_bindgen::prelude::*;

use lifetime::Lifetime;
use requests::{ExchangeEvents, RequestPlan, Requests};
use sockets::{SocketEvents, Sockets};
use timers::Timers;

/// A panic leaves as a `WebAssembly.RuntimeError` with its message, not as a bare `unreachable`.
#[wasm_bindgen(start)]
fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let error = WebAssembly::RuntimeError::new(&panic.to_string());
        wasm_bindgen::throw_val(error.into())
    }));
}

/// Everything the subject keeps alive, by handles that are plain numbers.
#[wasm_bindgen]
pub struct Runtime {
    lifetime: Rc<Lifetime>,
    timers: Rc<Timers>,
    sockets: Rc<Sockets>,
    requests: Rc<Requests>,
}

// Every method takes `&self`: a callback may call in again while the call that fired it is still on the stack.
#[wasm_bindgen]
impl Runtime {
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Runtime {
        let lifetime = Rc::new(Lifetime::default());
        Runtime {
            timers: Timers::new(),
            sockets: Sockets::new(lifetime.clone()),
            requests: Requests::new(lifetime.clone()),
            lifetime,
        }
    }

    #[wasm_bindgen(js_name = timerSet)]
    pub fn timer_set(&self, ms: f64, fire: Function) -> Result<u32, JsValue> {
        self.lifetime.check()?;
        Ok(self.timers.set(ms, fire))
    }

    #[wasm_bindgen(js_name = timerInterval)]
    pub fn timer_interval(&self, ms: f64, fire: Function) -> Result<u32, JsValue> {
        self.lifetime.check()?;
        Ok(self.timers.interval(ms, fire))
    }

    #[wasm_bindgen(js_name = timerDeadline)]
    pub fn timer_deadline(&self, ms: f64, expire: Function) -> Result<u32, JsValue> {
        self.lifetime.check()?;
        Ok(self.timers.deadline(ms, expire))
    }

    #[wasm_bindgen(js_name = timerClear)]
    pub fn timer_clear(&self, timer: u32) {
        self.timers.clear(timer);
    }

    #[wasm_bindgen(js_name = socketOpen)]
    pub fn socket_open(&self, url: &str, protocols: Array, events: SocketEvents) -> Result<u32, JsValue> {
        self.lifetime.check()?;
        self.sockets.open(url, &protocols, events)
    }

    #[wasm_bindgen(js_name = socketSend)]
    pub fn socket_send(&self, socket: u32, #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] data: JsValue) -> Result<(), JsValue> {
        self.sockets.send(socket, &data)
    }

    #[wasm_bindgen(js_name = socketClose)]
    pub fn socket_close(&self, socket: u32, code: Option<u16>, reason: Option<String>) -> Result<(), JsValue> {
        self.sockets.close(socket, code, reason)
    }

    #[wasm_bindgen(js_name = requestSend)]
    pub fn request_send(&self, url: String, plan: RequestPlan, events: ExchangeEvents) -> Result<u32, JsValue> {
        self.lifetime.check()?;
        self.requests.send(url, &plan, events)
    }

    #[wasm_bindgen(js_name = requestCancel)]
    pub fn request_cancel(&self, exchange: u32) {
        self.requests.cancel(exchange);
    }

    /// Clears all timers, closes all channels with 1000 and cancels all exchanges; resolves when none is left.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn shutdown(&self) -> Promise {
        self.lifetime.begin_shutdown();
        self.timers.clear_all();
        self.sockets.close_all();
        self.requests.cancel_all();
        self.lifetime.ended()
    }

    /// Panics with this message, so that a test can see how a panic arrives.
    pub fn panic(&self, message: &str) {
        panic!("{message}");
    }
}
