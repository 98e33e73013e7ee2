import type { ComponentChildren, JSX } from 'preact'
import type { Verdict } from '../../../contract/verdict.js'
import type { CellStory } from '../embedded.js'

type Bundle = NonNullable<CellStory['bundle']>
interface Props { verdict: Verdict; bundle: Bundle }

/** What ran, how the realm proved its role, what it has, and why the cell ran by its route. */
export function Host({ verdict, bundle: { engine, admission, probe, packet, unobserved } }: Props): JSX.Element {
  const has = Object.entries(probe?.capabilities ?? {})
  const names = (there: boolean): string => has.filter(([, value]) => value === there).map(([name]) => name).join(', ') || 'none'
  return (
    <dl class="pairs">
      <Pair name="engine">{engine === null ? 'none' : `${engine.engine_product} ${engine.engine_version}, ${engine.driver}, ${engine.os}`}</Pair>
      <Pair name="admission"><code>{admission.support_class}</code> <code>{admission.reason_code}</code> by route {admission.route}{admission.bridge_handshake ? '; handshake completed and logged by both sides' : ''}</Pair>
      {admission.cause === null ? null : <Pair name="cause">{Object.values(admission.cause).join(' ')}</Pair>}
      {verdict.unsupported_reason === null ? null : <Pair name="unsupported">{verdict.unsupported_reason}</Pair>}
      <Pair name="role proof">{probe === null ? 'the realm never said hello' : <Proofs role={verdict.host_role} probe={probe} />}</Pair>
      {probe === null ? null : (
        <>
          <Pair name="page">{packet?.page ?? 'plain'}; {probe.secure_context ? 'a secure context' : 'no secure context'}, {probe.cross_origin_isolated ? 'cross-origin isolated' : 'not cross-origin isolated'}{probe.wasm_blocked ? ', WebAssembly forbidden by policy' : ''}</Pair>
          <Pair name="has">{names(true)}</Pair>
          <Pair name="lacks">{names(false)}</Pair>
          <Pair name="user agent">{probe.user_agent}</Pair>
        </>
      )}
      {packet === null ? null : <Pair name="subject">{packet.subject.name} {packet.subject.version}; requires {packet.subject.requires.join(', ') || 'nothing'}; takes {packet.subject.host_roles.join(', ') || 'no role'}{packet.subject.bridge ? '; may be bridged' : ''}{packet.findings.length === 0 ? '' : `; ${packet.findings.join('; ')}`}</Pair>}
      <Pair name="observability"><code>{verdict.observability_status}</code>{unobserved.length === 0 ? '' : `; not directly observed: ${unobserved.join(', ')}`}; <code>{verdict.eligibility_verdict}</code></Pair>
      <Pair name="noise"><code>{verdict.scheduler_noise_class}</code>, <code>{verdict.rerun_decision}</code> after {verdict.attempts} {verdict.attempts === 1 ? 'attempt' : 'attempts'}</Pair>
      {packet === null ? null : <Pair name="host packet"><code>{packet.path}</code></Pair>}
    </dl>
  )
}

/** The checks of the wanted role; those of the others, which must not all hold, behind a click. */
function Proofs({ role, probe: { proven_role, proofs } }: { role: string; probe: NonNullable<Bundle['probe']> }): JSX.Element {
  const own = proofs.filter(({ check }) => check.startsWith(`${role}:`))
  const others = proofs.filter((proof) => !own.includes(proof))
  const said = (some: typeof proofs): string => some.map(({ check, holds }) => `${holds ? '✓' : '✗'} ${check}${holds ? '' : ' (does not hold)'}`).join('; ')
  return (
    <>
      {proven_role === null ? 'not proven' : <>proven to be <code>{proven_role}</code></>}; {said(own)}
      {others.length === 0 ? null : <details><summary>checks of the other roles</summary>{said(others)}</details>}
    </>
  )
}

export function Digests({ bundle }: Props): JSX.Element {
  return (
    <>
      <dl class="pairs digests">{bundle.digests.map(([name, digest]) => <Pair key={name} name={name}><code>{digest}</code></Pair>)}</dl>
      {bundle.files.length === 0 ? null : <details><summary>Files of the bundle, SHA-256</summary><dl class="pairs digests">{bundle.files.map(([name, digest]) => <Pair key={name} name={name}><code>{digest}</code></Pair>)}</dl></details>}
    </>
  )
}

function Pair({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>
}
