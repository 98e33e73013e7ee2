import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import { finding, type Finding, type Place } from './findings.js'
import { ordered } from './ordered.js'
import { scenarioFacts } from './scenario-facts.js'

/** Where a live run disagrees with the lab: semantics field by field, ticks only through the scenario's window. */
export function agreementFindings(scenario: Scenario, lab: NormalizedRecord, live: NormalizedRecord, attempt: number): Finding[] {
  const place: Place = { law: 'lab_live_agreement', severity: 'break', attempt }
  return [...diff(place, '', lab.semantic, live.semantic).filter(({ field }) => !sentIntoTheVoid(field, lab, live) && !unclaimed(field, scenario, lab)), ...tickFindings(scenario, lab, live, attempt)]
}

function diff(place: Place, field: string, lab: unknown, live: unknown): Finding[] {
  if (lab === live) return []
  if (!isContainer(lab) || !isContainer(live) || Array.isArray(lab) !== Array.isArray(live)) return [finding(place, field, lab, live)]
  const keys = [...new Set([...Object.keys(lab), ...Object.keys(live)])]
  if (!Array.isArray(lab)) keys.sort()
  return keys.flatMap((key) => diff(place, Array.isArray(lab) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`, lab[key], live[key]))
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What a peer still sends to a subject that is leaving, or over a connection that broke, depends on when the news reached it: one record may hold more of it. */
function sentIntoTheVoid(field: string, lab: NormalizedRecord, live: NormalizedRecord): boolean {
  const name = /^channels\.([a-z0-9_]+)\.peer_sent\[\d+\]$/.exec(field)?.[1]
  // A whole message differs only where one of the records holds no more of them.
  return name !== undefined && [lab, live].every(({ semantic }) => semantic.channels[name]?.close?.initiator !== 'peer')
}

/**
 * A body that no step of the peer waits for may stop short when the answer is there before it, and a client may have any number of connections:
 * each is the host's own choice (RFC 9113, 8.1 and 9.1) unless the scenario expects something of it. Bodies that came in whole on both sides are the same.
 */
function unclaimed(field: string, scenario: Scenario, lab: NormalizedRecord): boolean {
  const [, name = '', claim = '', within] = /^exchanges\.([a-z0-9_]+)\.(request_body|shares_connection)(.*)$/.exec(field) ?? []
  const expected = scenario.expect.exchanges[name]
  if (claim === 'shares_connection') return expected?.shares_connection === undefined
  return claim === 'request_body' && within === '' && expected?.request_body === undefined && !bodyAwaited(scenario, name, lab)
}

/** Whether the script of an exchange's last request, the n-th or else the last of its peer, waits for its body to come in whole. */
function bodyAwaited(scenario: Scenario, exchange: string, { semantic }: NormalizedRecord): boolean {
  const peer = scenario.peers[scenarioFacts(scenario).exchanges.get(exchange) ?? '']
  if (peer?.kind !== 'http') return false
  const nth = (semantic.exchanges[exchange]?.requests ?? 0) - 1
  return (peer.exchanges[nth] ?? peer.exchanges.at(-1))?.actions.some((action) => action.do === 'await_body') === true
}

function tickFindings(scenario: Scenario, lab: NormalizedRecord, live: NormalizedRecord, attempt: number): Finding[] {
  const drifts = ticksCompared(scenario, lab, live)
  return drifts.flatMap(({ field, lab_ticks, live_ticks, early, late, timer }) => {
    const window = `tick ${lab_ticks} within -${scenario.normalization_window.early_ticks}/+${scenario.normalization_window.late_ticks}`
    if (late) return [finding({ law: 'noise_window', severity: 'noise', attempt }, field, window, `tick ${live_ticks}`)]
    if (!early) return []
    return [finding(timer ? { law: 'early_timer', severity: 'hard', attempt } : { law: 'noise_window', severity: 'note', attempt }, field, window, `tick ${live_ticks}`)]
  })
}

interface TickDrift { field: string; lab_ticks: number; live_ticks: number; early: boolean; late: boolean; timer: boolean }

/** Every pair of ticks that may be compared: timer firings and deadline ends, ends of calls where the scenario names their tick, and the elapsed ticks of a scenario that has any of these. */
export function ticksCompared(scenario: Scenario, lab: NormalizedRecord, live: NormalizedRecord): TickDrift[] {
  const { early_ticks, late_ticks } = scenario.normalization_window
  const facts = scenarioFacts(scenario)
  const at = live.qualified.at_ticks
  const starts = startsOf(lab)
  const ends = ordered(lab.qualified.at_ticks).filter(([label]) => isCompared(label, scenario) && label in at).map(([label, lab_ticks]) => {
    const live_ticks = at[label] as number
    const start = startOf(label, starts, lab, live)
    // A timer set earlier than in the lab, as after a message that came sooner, may fire earlier by as much.
    // One set later than in the lab may not fire that much earlier: since its own start, but for a tick of rounding.
    const sinceStart = live_ticks - start.live + ROUNDING < lab_ticks - start.lab - early_ticks
    const early = live_ticks < lab_ticks - early_ticks - Math.max(0, start.lab - start.live) || (start.live > start.lab && sinceStart)
    // Hosts add to short delays when timers nest, each in its own way: who waited as long as was asked is not early.
    const asked = facts.timers.get(label.split('.')[1] ?? '')?.least_ticks ?? Infinity
    const waited = label.startsWith('timer.') && live_ticks - start.live >= asked
    return { field: `at_ticks.${label}`, lab_ticks, live_ticks, early, late: live_ticks > lab_ticks + late_ticks, timer: OWN_TIME.test(label) && !waited }
  })
  const [lab_ticks, live_ticks] = [lab.qualified.logical_elapsed_ticks, live.qualified.logical_elapsed_ticks]
  if ((facts.timers.size === 0 && facts.deadlines.size === 0) || lab_ticks === null || live_ticks === null) return ends
  const [early, late] = [live_ticks < lab_ticks - early_ticks, live_ticks > lab_ticks + late_ticks]
  return [...ends, { field: 'logical_elapsed_ticks', lab_ticks, live_ticks, early, late, timer: false }]
}

/** Two readings to the nearest tick differ by up to this much from what lies between them, in ticks. */
const ROUNDING = 1

const ENDS = /^(?:timer\.[a-z0-9_]+\.fired|deadline\.[a-z0-9_]+\.(?:exceeded|completed|cancelled))(?:#|$)/
/** How long a call computes is the machine's own: its end has a tick to compare only where the scenario gives it one. */
const isCompared = (label: string, { expect }: Scenario): boolean => ENDS.test(label) || (label.startsWith('call.') && Object.hasOwn(expect.at_ticks ?? {}, label))
/** What only a clock may set off: going off early is a broken timer. */
const OWN_TIME = /\.(?:fired|exceeded)(?:#|$)/

type Starts = ReadonlyMap<string, ReadonlyArray<{ label: string; tick: number }>>

/** Sets and starts of the lab's run, by what they begin: `timer.a`, `deadline.d`. */
function startsOf(lab: NormalizedRecord): Starts {
  const starts = new Map<string, Array<{ label: string; tick: number }>>()
  for (const [label, tick] of Object.entries(lab.qualified.at_ticks)) {
    const [family, name, event] = label.replace(/#.*$/, '').split('.')
    if (event !== 'set' && event !== 'started') continue
    const known = starts.get(`${family}.${name}`) ?? []
    known.push({ label, tick })
    starts.set(`${family}.${name}`, known)
  }
  return starts
}

/** Ticks at which the set that a firing answers, or the start that an end answers, took place in both runs; 0 for one that is not known. */
function startOf(label: string, starts: Starts, lab: NormalizedRecord, live: NormalizedRecord): { lab: number; live: number } {
  const [family, name] = label.split('.')
  const ended = lab.qualified.at_ticks[label] as number
  let found = { lab: 0, live: 0 }
  for (const { label: start, tick } of starts.get(`${family}.${name}`) ?? []) {
    if (tick <= ended && tick >= found.lab) found = { lab: tick, live: live.qualified.at_ticks[start] ?? tick }
  }
  return found
}
