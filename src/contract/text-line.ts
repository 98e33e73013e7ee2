import type { BridgeCarrier } from './bridge-words.js'

/** A line of text messages in both directions, in order, whatever carries it. */
export interface TextLine {
  readonly carrier: BridgeCarrier
  /** What is said after the close is dropped. */
  send(text: string): void
  /** `reason` is a token of `BRIDGE_REASONS`, or empty when all is well. */
  close(code: number, reason: string): void
  onmessage: ((text: string) => void) | null
  /** Called once, whoever closed it; `reason` as the other side gave it. */
  onclose: ((code: number, reason: string) => void) | null
}

/** The server's end of a line. */
export interface ServerLine extends TextLine {
  /** Ends it without a word. */
  terminate(): void
}
