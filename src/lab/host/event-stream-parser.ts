/** What the lines of an event stream amount to. */
export interface EventStreamHandlers {
  event(type: string, data: string, lastEventId: string): void
  /** At each blank line, before its event: an id counts though no data came with it. */
  id(lastEventId: string): void
  retry(ms: number): void
}

/** HTML's event stream interpretation; fed with text as it comes in. */
export function createEventStreamParser(handlers: EventStreamHandlers, lastEventId: string): (text: string) => void {
  let [pending, first, afterCr] = ['', true, false]
  let [type, data, id] = ['', '', lastEventId]

  function field(name: string, value: string): void {
    if (name === 'event') type = value
    else if (name === 'data') data += `${value}\n`
    else if (name === 'id' && !value.includes('\0')) id = value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) handlers.retry(Number(value))
  }
  function line(text: string): void {
    if (text === '') {
      handlers.id(id)
      if (data !== '') handlers.event(type === '' ? 'message' : type, data.slice(0, -1), id)
      ;[type, data] = ['', '']
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    if (colon < 0) field(text, '')
    else field(text.slice(0, colon), text.slice(colon + 1).replace(/^ /, ''))
  }

  return (text) => {
    let rest = pending + text
    if (first && rest !== '') {
      rest = rest.replace(/^\ufeff/, '')
      first = false
    }
    // The LF of a CRLF that two chunks share ends no second line.
    if (afterCr && rest.startsWith('\n')) rest = rest.slice(1)
    if (rest !== '') afterCr = rest.endsWith('\r')
    const lines = rest.split(/\r\n|\n|\r/)
    pending = lines.pop()!
    for (const one of lines) line(one)
  }
}
