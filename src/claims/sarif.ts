import { pathToFileURL } from 'node:url'
import type { Log, Result } from 'sarif'
import { CLAIM_CODES, type ClaimCode, type ClaimsReport } from './claim.js'

/** A claims report as SARIF 2.1.0, for code scanning. Source: OASIS SARIF 2.1.0. */
export function claimsSarif(report: ClaimsReport, version: string, root: string): Log {
  const codes = Object.keys(CLAIM_CODES) as ClaimCode[]
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [{
      tool: { driver: { name: 'lanecheck', version, rules: codes.map((id) => ({ id, shortDescription: { text: CLAIM_CODES[id].says }, defaultConfiguration: { level: CLAIM_CODES[id].severity } })) } },
      originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(root).href}/` } },
      columnKind: 'utf16CodeUnits',
      results: report.findings.map(({ code, severity, file, line, column, says, instead }): Result => ({
        ruleId: code, ruleIndex: codes.indexOf(code), level: severity,
        message: { text: instead === null ? says : `${says}. Instead: ${instead}` },
        locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: 'ROOT' }, region: { startLine: line, startColumn: column } } }],
      })),
    }],
  }
}
