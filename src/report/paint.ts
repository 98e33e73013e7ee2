import pc from 'picocolors'

/** Colours, or none: only on a terminal or where FORCE_COLOR asks for them, never where NO_COLOR is set, and never into a file. */
export type Paint = Pick<ReturnType<typeof pc.createColors>, 'green' | 'yellow' | 'red' | 'dim' | 'bold'>

export const paintFor = (stream: { isTTY?: boolean; write?: unknown }, env: NodeJS.ProcessEnv = process.env): Paint =>
  pc.createColors((env.NO_COLOR ?? '') === '' && (forced(env) && stream.write !== undefined || (stream.isTTY === true && env.TERM !== 'dumb' && !refused(env))))

/** As Node reads it: any value but these. */
const forced = ({ FORCE_COLOR: value = '' }: NodeJS.ProcessEnv): boolean => !['', '0', 'false'].includes(value)
const refused = ({ FORCE_COLOR: value }: NodeJS.ProcessEnv): boolean => value === '0' || value === 'false'
