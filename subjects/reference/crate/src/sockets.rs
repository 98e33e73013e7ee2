//! WebSocket channels. Their closures live here until the channel is closed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::host::invalid_state;
use crate::lifetime::Lifetime;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "SocketEvents")]
    pub type SocketEvents;
    #[wasm_bindgen(method, catch)]
    fn open(this: &SocketEvents, protocol: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn message(this: &SocketEvents, data: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn error(this: &SocketEvents) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &SocketEvents, code: u16, reason: &str, clean: bool) -> Result<(), JsValue>;
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "export interface SocketEvents {
  open(protocol: string): void
  message(data: string | Uint8Array): void
  error(): void
  close(code: number, reason: string, clean: boolean): void
}";

type Handler<Event> = Closure<dyn Fn(Event) -> Result<(), JsValue>>;

struct Channel {
    socket: WebSocket,
    _on_open: Handler<JsValue>,
    _on_message: Handler<MessageEvent>,
    _on_error: Handler<JsValue>,
    _on_close: Handler<CloseEvent>,
}

pub struct Sockets {
    lifetime: Rc<Lifetime>,
    next_id: RefCell<u32>,
    channels: RefCell<BTreeMap<u32, Channel>>,
}

impl Sockets {
    pub fn new(lifetime: Rc<Lifetime>) -> Rc<Self> {
        Rc::new(Sockets { lifetime, next_id: RefCell::new(1), channels: RefCell::default() })
    }

    pub fn open(self: &Rc<Self>, url: &str, protocols: &Array, events: SocketEvents) -> Result<u32, JsValue> {
        let socket = WebSocket::new_with_str_sequence(url, protocols)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let id = self.next_id.replace_with(|id| *id + 1);
        let events = Rc::new(events);
        let channel = Channel {
            _on_open: Closure::new({
                let (events, socket) = (events.clone(), socket.clone());
                move |_| events.open(&socket.protocol())
            }),
            _on_message: Closure::new({
                let events = events.clone();
                move |event: MessageEvent| {
                    let data = event.data();
                    if data.is_string() { events.message(&data) } else { events.message(&Uint8Array::new(&data)) }
                }
            }),
            _on_error: Closure::new({
                let events = events.clone();
                move |_| events.error()
            }),
            _on_close: Closure::new({
                let sockets = self.clone();
                move |event: CloseEvent| {
                    let channel = sockets.forget(id);
                    let result = events.close(event.code(), &event.reason(), event.was_clean());
                    sockets.lifetime.leave();
                    // Last: this closure is part of the channel.
                    drop(channel);
                    result
                }
            }),
            socket,
        };
        channel.listen();
        self.channels.borrow_mut().insert(id, channel);
        self.lifetime.enter();
        Ok(id)
    }

    /// Throws when the channel is not open; a WebSocket by itself drops what is sent after `close`.
    pub fn send(&self, id: u32, data: &JsValue) -> Result<(), JsValue> {
        let socket = self.socket(id).filter(|socket| socket.ready_state() == WebSocket::OPEN);
        let socket = socket.ok_or_else(|| invalid_state("the channel is not open"))?;
        match data.as_string() {
            Some(text) => socket.send_with_str(&text),
            None => socket.send_with_js_u8_array(data.unchecked_ref()),
        }
    }

    pub fn close(&self, id: u32, code: Option<u16>, reason: Option<String>) -> Result<(), JsValue> {
        let Some(socket) = self.socket(id) else { return Ok(()) };
        match (code, reason) {
            (None, _) => socket.close(),
            (Some(code), None) => socket.close_with_code(code),
            (Some(code), Some(reason)) => socket.close_with_code_and_reason(code, &reason),
        }
    }

    pub fn close_all(&self) {
        let sockets: Vec<WebSocket> = self.channels.borrow().values().map(|channel| channel.socket.clone()).collect();
        for socket in sockets {
            let _ = socket.close_with_code(1000);
        }
    }

    /// A handle of its own, so that nothing is borrowed while the host runs.
    fn socket(&self, id: u32) -> Option<WebSocket> {
        self.channels.borrow().get(&id).map(|channel| channel.socket.clone())
    }

    fn forget(&self, id: u32) -> Option<Channel> {
        let channel = self.channels.borrow_mut().remove(&id)?;
        channel.deafen();
        Some(channel)
    }
}

impl Channel {
    fn listen(&self) {
        self.socket.set_onopen(Some(self._on_open.as_ref().unchecked_ref()));
        self.socket.set_onmessage(Some(self._on_message.as_ref().unchecked_ref()));
        self.socket.set_onerror(Some(self._on_error.as_ref().unchecked_ref()));
        self.socket.set_onclose(Some(self._on_close.as_ref().unchecked_ref()));
    }

    fn deafen(&self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onerror(None);
        self.socket.set_onclose(None);
    }
}
