import { join } from 'node:path'
import type { Finding, Verdict } from '../../src/contract/verdict.js'
import { oneLine } from '../../src/judge/findings.js'

/** A faulty subject, as a user names it. */
export const subject = (name: string): string[] => ['--subject', join('subjects', 'planted', `${name}.ts`)]

/** The finding that decided a verdict: the one its reason tells of. */
export function decisive({ reason, findings }: Verdict): Finding | undefined {
  return findings.find((finding) => reason.endsWith(oneLine(finding)))
}
