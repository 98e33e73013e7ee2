//! The host's functions, called as free names: so they are looked up on the realm's global each time,
//! be it a window or a worker, and whatever a recorder has put there is what is called.

use js_sys::{Error, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;

    /// The handle is a number in a browser and an object in other hosts.
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(handler: &JsValue, ms: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(handle: &JsValue);

    #[wasm_bindgen(catch)]
    pub fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

pub fn call(function: &Function) -> Result<(), JsValue> {
    function.call0(&JsValue::UNDEFINED).map(drop)
}

/// An error named as the platform names what is done in the wrong state.
pub fn invalid_state(message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("InvalidStateError");
    error.into()
}
