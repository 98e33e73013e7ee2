import type { JSX } from 'preact'

const WIDTH = 160
const PAD = 6

/** A step's two ticks on one axis: the lab's above as a filled square, the live run's below as a ring. The numbers stand in their own columns. */
export function Axis({ lab, live, last }: { lab: number | null; live: number | null; last: number }): JSX.Element | null {
  if (lab === null && live === null) return null
  const x = (ticks: number): number => PAD + (Math.max(0, ticks) / last) * (WIDTH - 2 * PAD)
  return (
    <svg viewBox={`0 0 ${WIDTH} 16`} width={WIDTH} height="16" aria-hidden="true" focusable="false">
      <line x1={PAD} x2={WIDTH - PAD} y1="8" y2="8" class="rule" />
      {lab !== null && live !== null && lab !== live ? <line x1={x(lab)} x2={x(live)} y1="8" y2="8" class="drift" /> : null}
      {lab === null ? null : <rect x={x(lab) - 3} y="1" width="6" height="6" class="lab" />}
      {live === null ? null : <circle cx={x(live)} cy="12" r="3" class="live" />}
    </svg>
  )
}
