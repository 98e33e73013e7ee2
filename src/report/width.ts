/** Narrowest that anything is laid out for. */
const LEAST = 40
/** Where nobody says how wide it is, as in a CI log. */
const UNKNOWN = 120

/** How many columns a stream shows: the terminal's own, else `COLUMNS`, else 120. */
export function widthOf(stream: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv = process.env): number {
  const named = Number(env.COLUMNS)
  const width = stream.isTTY === true && (stream.columns ?? 0) > 0 ? stream.columns! : Number.isInteger(named) && named > 0 ? named : UNKNOWN
  return Math.max(LEAST, width)
}

/** Lines of whole words, none longer than `width`; a word that is longer by itself is cut with an ellipsis. */
export function wrapTo(text: string, width: number): string[] {
  const lines: string[] = []
  for (const whole of text.split(' ')) {
    const word = cutTo(whole, width)
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** A text in no more than `width` columns. */
export const cutTo = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`)
