/** What a maintainer imports to put a package under test, and to read what a run wrote. */
export { defineSubject } from './contract/subject.js'
export type {
  HostClassification, RequestPlan, Subject, SubjectEvents, SubjectEventStream, SubjectEventStreamEvents, SubjectExchange, SubjectExchangeEvents, SubjectHost, SubjectRequests,
  JsonValue, SubjectRuntime, SubjectSocket, SubjectSocketEvents, SubjectSockets, SubjectTasks, SubjectTimers, TaskContext, TimerHandle,
} from './contract/subject.js'
export type { OwnDowngrade, OwnServerBlock } from './contract/own-downgrade.js'
export type { Capability, EligibilityVerdict, Engine, HostRole, ReasonCode, Route, SupportClass, SurfaceFamily, VerdictToken } from './contract/vocabulary.js'
export { defineScenario } from './scenarios/define.js'
export type { ScenarioDefinition } from './scenarios/define.js'
export type { Expectation, PeerModel, Scenario, Step } from './contract/scenario.js'
export type { CellId, LaneId } from './contract/lane.js'
export type { EngineIdentity, HostPacket } from './contract/host.js'
export type { Finding, Ledger, Plan, Verdict } from './contract/verdict.js'
