//! Requests by fetch: the body is handed on as it comes in, and can be broken off.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{spawn_local, JsFuture};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestInit, RequestRedirect, Response};

use crate::host::fetch;
use crate::lifetime::Lifetime;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "RequestPlan")]
    pub type RequestPlan;
    #[wasm_bindgen(method, getter)]
    fn method(this: &RequestPlan) -> String;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &RequestPlan) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn body(this: &RequestPlan) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn redirect(this: &RequestPlan) -> String;

    #[wasm_bindgen(typescript_type = "ExchangeEvents")]
    pub type ExchangeEvents;
    #[wasm_bindgen(method, catch)]
    fn head(this: &ExchangeEvents, status: u16, redirected: bool, headers: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn chunk(this: &ExchangeEvents, bytes: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn end(this: &ExchangeEvents) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn error(this: &ExchangeEvents, name: &str, message: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancelled(this: &ExchangeEvents) -> Result<(), JsValue>;
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "export interface RequestPlan {
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | null
  redirect: 'follow' | 'error'
}
export interface ExchangeEvents {
  head(status: number, redirected: boolean, headers: Record<string, string>): void
  chunk(bytes: Uint8Array): void
  end(): void
  error(name: string, message: string): void
  cancelled(): void
}";

struct Exchange {
    controller: AbortController,
    cancelled: Cell<bool>,
}

pub struct Requests {
    lifetime: Rc<Lifetime>,
    next_id: Cell<u32>,
    exchanges: RefCell<BTreeMap<u32, Rc<Exchange>>>,
}

impl Requests {
    pub fn new(lifetime: Rc<Lifetime>) -> Rc<Self> {
        Rc::new(Requests { lifetime, next_id: Cell::new(1), exchanges: RefCell::default() })
    }

    pub fn send(self: &Rc<Self>, url: String, plan: &RequestPlan, events: ExchangeEvents) -> Result<u32, JsValue> {
        let exchange = Rc::new(Exchange { controller: AbortController::new()?, cancelled: Cell::new(false) });
        let response = fetch(&url, &request_init(plan, &exchange.controller))?;
        let id = self.next_id.replace(self.next_id.get() + 1);
        self.exchanges.borrow_mut().insert(id, exchange.clone());
        self.lifetime.enter();
        let requests = self.clone();
        spawn_local(async move {
            let result = receive(JsFuture::from(response), &events, &exchange).await;
            requests.exchanges.borrow_mut().remove(&id);
            if let Err(error) = finish(result, &events, &exchange) {
                // Nobody waits for it, so the host reports it: as an unhandled rejection.
                let _ = Promise::reject(&error);
            }
            requests.lifetime.leave();
        });
        Ok(id)
    }

    /// Does nothing when the exchange has ended.
    pub fn cancel(&self, id: u32) {
        let exchange = self.exchanges.borrow().get(&id).cloned();
        if let Some(exchange) = exchange {
            exchange.cancelled.set(true);
            exchange.controller.abort();
        }
    }

    pub fn cancel_all(&self) {
        let ids: Vec<u32> = self.exchanges.borrow().keys().copied().collect();
        for id in ids {
            self.cancel(id);
        }
    }
}

fn request_init(plan: &RequestPlan, controller: &AbortController) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(&plan.method());
    init.set_headers(&plan.headers());
    if !plan.body().is_null() {
        init.set_body(&plan.body());
    }
    init.set_redirect(if plan.redirect() == "error" { RequestRedirect::Error } else { RequestRedirect::Follow });
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    init
}

/// Hands on the head and the body. A handler that throws ends its exchange as failed.
async fn receive(response: JsFuture, events: &ExchangeEvents, exchange: &Exchange) -> Result<(), JsValue> {
    // Not `dyn_into`: a response may come from another realm, or be a recorder's own.
    let response: Response = response.await?.unchecked_into();
    if exchange.cancelled.get() {
        return Ok(());
    }
    events.head(response.status(), response.redirected(), &Object::from_entries(&response.headers())?)?;
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let step = JsFuture::from(reader.read()).await?;
        if exchange.cancelled.get() || Reflect::get(&step, &"done".into())?.is_truthy() {
            return Ok(());
        }
        events.chunk(&Reflect::get(&step, &"value".into())?)?;
    }
}

fn finish(result: Result<(), JsValue>, events: &ExchangeEvents, exchange: &Exchange) -> Result<(), JsValue> {
    if exchange.cancelled.get() {
        return events.cancelled();
    }
    match result {
        Ok(()) => events.end(),
        Err(error) => {
            // Stops the transfer when it was a handler that threw.
            exchange.controller.abort();
            events.error(&text_of(&error, "name", "Error"), &text_of(&error, "message", ""))
        }
    }
}

fn text_of(error: &JsValue, key: &str, or: &str) -> String {
    Reflect::get(error, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_else(|| or.to_owned())
}
