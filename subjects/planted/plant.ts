import { defineSubject, type Subject, type SubjectRuntime } from '../../src/contract/subject.js'
import native from '../native/subject.js'

/** False in the lab alone: a fault that asks this first is one that lab and live differ in. */
export const live = globalThis.navigator?.userAgent !== 'lanecheck-lab'

/** The native subject, but for one fault in its runtime. */
export function planted(name: string, plant: (runtime: SubjectRuntime) => Partial<SubjectRuntime>, other: Partial<Subject> = {}): Subject {
  return defineSubject({
    ...native,
    name: `planted-${name}`,
    classify: undefined,
    async start(host) {
      const runtime = await native.start(host)
      return { ...runtime, ...plant(runtime) }
    },
    ...other,
  })
}
