import pc from 'picocolors'

/** Colours, or none: only on a terminal, never where NO_COLOR is set. */
export type Paint = Pick<ReturnType<typeof pc.createColors>, 'green' | 'yellow' | 'red' | 'dim' | 'bold'>

export const paintFor = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint =>
  pc.createColors(stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb')
