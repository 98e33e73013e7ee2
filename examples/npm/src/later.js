/** The package under test: work for later, that can be taken back. Plain JavaScript, as it is published. */
export class Later {
  #waiting = new Set()

  /** Does `work` after `ms` milliseconds. What is returned takes it back. */
  after(ms, work) {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      work()
    }, ms)
    this.#waiting.add(timer)
    return () => {
      clearTimeout(timer)
      this.#waiting.delete(timer)
    }
  }

  /** Takes all of it back. */
  close() {
    for (const timer of this.#waiting) clearTimeout(timer)
    this.#waiting.clear()
  }
}
