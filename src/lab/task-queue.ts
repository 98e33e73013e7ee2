/** Tasks by due time, then by order of asking. A slot names a task until it is taken or removed. */
export interface TaskQueue {
  add(due_ms: number, kind: number, argument: number): number
  /** Removing what is no longer there does nothing. */
  remove(slot: number): void
  /** The first task's slot, still queued; -1 when there is none. */
  first(): number
  /** Takes the first task out; its fields may be read until the next `add`. Gives -1 when there is none. */
  take(): number
  due(slot: number): number
  kind(slot: number): number
  argument(slot: number): number
  size(): number
}

const START_CAPACITY = 1024

/** A binary heap over plain number arrays: a task allocates nothing, and removing one leaves nothing behind. */
export function createTaskQueue(): TaskQueue {
  let capacity = START_CAPACITY
  let dues = new Float64Array(capacity)
  let order = new Float64Array(capacity)
  let kinds = new Uint8Array(capacity)
  let contents = new Float64Array(capacity)
  /** Slots in heap order, and each slot's place there; -1 when it is free. */
  let heap = new Int32Array(capacity)
  let places = new Int32Array(capacity).fill(-1)
  let free = new Int32Array(capacity)
  let freeCount = 0
  let used = 0
  let size = 0
  let asked = 0

  function grow(): void {
    capacity *= 2
    const wider = <Numbers extends Float64Array | Int32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers => {
      to.set(from)
      return to
    }
    dues = wider(dues, new Float64Array(capacity))
    order = wider(order, new Float64Array(capacity))
    kinds = wider(kinds, new Uint8Array(capacity))
    contents = wider(contents, new Float64Array(capacity))
    heap = wider(heap, new Int32Array(capacity))
    places = wider(places, new Int32Array(capacity).fill(-1))
    free = wider(free, new Int32Array(capacity))
  }

  const before = (a: number, b: number): boolean => {
    const earlier = dues[a]! - dues[b]!
    return earlier < 0 || (earlier === 0 && order[a]! < order[b]!)
  }

  function up(slot: number, from: number): void {
    let place = from
    while (place > 0) {
      const parentPlace = (place - 1) >> 1
      const parent = heap[parentPlace]!
      if (!before(slot, parent)) break
      heap[place] = parent
      places[parent] = place
      place = parentPlace
    }
    heap[place] = slot
    places[slot] = place
  }

  function down(slot: number, from: number): void {
    let place = from
    for (;;) {
      let childPlace = 2 * place + 1
      if (childPlace >= size) break
      if (childPlace + 1 < size && before(heap[childPlace + 1]!, heap[childPlace]!)) childPlace += 1
      const child = heap[childPlace]!
      if (!before(child, slot)) break
      heap[place] = child
      places[child] = place
      place = childPlace
    }
    heap[place] = slot
    places[slot] = place
  }

  function release(slot: number): void {
    const place = places[slot]!
    places[slot] = -1
    free[freeCount++] = slot
    const last = heap[--size]!
    if (last === slot) return
    if (place > 0 && before(last, heap[(place - 1) >> 1]!)) up(last, place)
    else down(last, place)
  }

  return {
    add(due_ms, kind, argument) {
      if (freeCount === 0 && used === capacity) grow()
      const slot = freeCount > 0 ? free[--freeCount]! : used++
      dues[slot] = due_ms
      order[slot] = asked++
      kinds[slot] = kind
      contents[slot] = argument
      up(slot, size++)
      return slot
    },
    remove(slot) {
      if (slot >= 0 && slot < used && places[slot] !== -1) release(slot)
    },
    first: () => (size === 0 ? -1 : heap[0]!),
    take() {
      if (size === 0) return -1
      const slot = heap[0]!
      release(slot)
      return slot
    },
    due: (slot) => dues[slot]!,
    kind: (slot) => kinds[slot]!,
    argument: (slot) => contents[slot]!,
    size: () => size,
  }
}
