/** What a maintainer imports to put a package under test. */
export { defineSubject } from './contract/subject.js'
export type {
  HostClassification, RequestPlan, Subject, SubjectEvents, SubjectEventStream, SubjectEventStreamEvents, SubjectExchange, SubjectExchangeEvents, SubjectHost, SubjectRequests,
  SubjectRuntime, SubjectSocket, SubjectSocketEvents, SubjectSockets, SubjectTimers, TimerHandle,
} from './contract/subject.js'
export type { Capability, Engine, HostRole, Route, SurfaceFamily, VerdictToken } from './contract/vocabulary.js'
export type { Scenario } from './contract/scenario.js'
export type { Ledger, Plan, Verdict } from './contract/verdict.js'
