const forgotten: unknown[] = []

/** Leaves one of each kind behind. Workers are what neither the lab nor the bridge's worker has. */
export function leaveAll(): void {
  setTimeout(forget, 60_000)
  addEventListener('online', forget)
  forgotten.push(new BroadcastChannel('left'))
  const { port1 } = new MessageChannel()
  port1.onmessage = forget
  forgotten.push(port1)
  if (globalThis.navigator?.userAgent !== 'lanecheck-lab' && typeof Worker === 'function') leaveWorker()
}

function leaveWorker(): void {
  const address = URL.createObjectURL(new Blob(['onmessage = () => undefined'], { type: 'text/javascript' }))
  forgotten.push(new Worker(address))
}

function forget(): void {
  forgotten.length = 0
}
