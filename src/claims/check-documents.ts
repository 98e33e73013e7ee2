import type { Ledger } from '../contract/verdict.js'
import { CLAIM_CODES, type ClaimCode, type ClaimFinding, type ClaimsReport, type Place } from './claim.js'
import { checkBlock, checkClaim, type ClaimGround } from './check-claim.js'
import { parseBlock } from './claims-block.js'
import type { Document, TableMark } from './documents.js'
import { lintProse } from './lint.js'
import { parseTableRequest, supportTable } from './support-table.js'

/** Checks all claims, tables and prose of documents against the ground. */
export function checkDocuments(documents: readonly Document[], ground: ClaimGround): ClaimsReport {
  const checked = documents.map((document) => checkDocument(document, ground))
  return {
    schema: 'lanecheck.claims.v1',
    documents: documents.length,
    claims: checked.reduce((sum, { claims }) => sum + claims, 0),
    tables: documents.reduce((sum, { tables }) => sum + tables.length, 0),
    findings: checked.flatMap(({ findings }) => findings),
  }
}

function checkDocument(document: Document, ground: ClaimGround): { claims: number; findings: ClaimFinding[] } {
  const findings: ClaimFinding[] = []
  let claims = 0
  const say = (code: ClaimCode, { line, column }: Place, says: string, instead: string | null): void => {
    findings.push({ code, severity: CLAIM_CODES[code].severity, file: document.file, line, column, says, instead })
  }
  for (const { place, yaml } of document.blocks) {
    const parsed = parseBlock(yaml, place)
    for (const fault of parsed.faults) say('malformed', fault.place, fault.says, null)
    if (parsed.block === null) continue
    const { block, placeOf } = parsed
    for (const { code, says, instead } of checkBlock(block, ground)) say(code, place, says, instead)
    for (const [index, claim] of block.claims.entries()) {
      claims++
      for (const { code, says, instead } of checkClaim(claim, block, ground)) say(code, placeOf(index), says, instead)
    }
  }
  for (const mark of document.tables) {
    const made = tableFor(mark, ground.ledgers)
    if ('fault' in made) say('table_malformed', mark.place, made.fault, null)
    else if (made.text !== betweenMarks(document, mark)) say('table_out_of_date', mark.place, 'the table is not what the evidence gives', 'npx lanecheck claims write')
  }
  for (const { code, place, says, instead } of lintProse(document.prose, ground.config)) say(code, place, says, instead)
  return { claims, findings: findings.sort((a, b) => a.line - b.line || a.column - b.column) }
}

/** A document with its generated tables made anew; a second time changes nothing. Tables that cannot be made stay as they are. */
export function refreshTables(document: Document, ledgers: readonly Ledger[]): string {
  let source = document.source
  // From the end, so that offsets before it stay true.
  for (const mark of [...document.tables].reverse()) {
    const made = tableFor(mark, ledgers)
    if ('text' in made && mark.end !== null) source = `${source.slice(0, mark.start)}${made.text}${source.slice(mark.end)}`
  }
  return source
}

const betweenMarks = ({ source }: Document, { start, end }: TableMark): string => source.slice(start, end ?? start)

function tableFor(mark: TableMark, ledgers: readonly Ledger[]): { text: string } | { fault: string } {
  if (mark.end === null) return { fault: 'no /lane-table ends it' }
  const request = parseTableRequest(mark.attributes)
  if (typeof request === 'string') return { fault: request }
  const found = ledgers.filter(({ run }) => run.subject.name === request.subject)
  if (found.length !== 1) return { fault: found.length === 0 ? `there is no evidence of ${request.subject}` : `${found.length} runs of ${request.subject} are given; name one` }
  return { text: `\n\n${supportTable(request, found[0]!)}\n\n` }
}
