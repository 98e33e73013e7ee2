import { fitTable } from './fit-table.js'
import type { Paint } from './paint.js'

/** A control as a reader sees it. */
export interface ControlLine { id: string; law: string; place: string; live: boolean; fault: string; required: string }
export interface AnswerLine { id: string; engine: string | null; given: string; right: boolean }

/** Longest lines of the two widest columns, in characters. */
const WIDTH = 46

/** Fault, required answer, given answer and whether they are the same; a control that ran in several engines is one line, and its first wrong answer shows. */
export function controlsTable(controls: readonly ControlLine[], answers: readonly AnswerLine[], paint: Paint, width = Infinity): string {
  // No answer's longest token is cut.
  const answer = { wraps_to: 30, most: WIDTH }
  const columns = [{ head: '' }, { head: 'control' }, { head: 'where', wraps_to: 8, most: 26 }, { head: 'fault', wraps_to: 18, most: WIDTH }, { head: 'required', ...answer }, { head: 'given', wraps_to: 8, most: WIDTH }]
  return fitTable(columns, controls.flatMap(({ id, fault, required }) => {
    const own = answers.filter((answer) => answer.id === id)
    const wrong = own.find(({ right }) => !right)
    if (own.length === 0) return []
    const where = own.map(({ engine }) => engine ?? 'offline').join(' ')
    const given = wrong === undefined ? 'the same' : `${wrong.engine === null ? '' : `${wrong.engine}: `}${wrong.given}`
    return [[wrong === undefined ? paint.green('right') : paint.red('WRONG'), id, where, fault, required, given]]
  }), width)
}

/** The catalogue as a page of Markdown. */
export function controlsPage(controls: readonly ControlLine[]): string {
  const rows = controls.map(({ id, law, live, fault, required }) => `| \`${id}\` | ${live ? 'live' : 'offline'} | \`${law}\` | ${fault} | ${required} |`)
  return [
    '# Controls', '',
    `${controls.length} faults, each planted on purpose, and the answer that the contract asks for. \`lanecheck controls\` plants them all and compares; one wrong answer is exit code 1.`,
    'Live ones run in the real engines, offline ones on records of a real lab run and on an evidence folder made of them. This page is `lanecheck controls --list`.', '',
    '| control | where | law | fault | required answer |', '|---|---|---|---|---|', ...rows, '',
  ].join('\n')
}
