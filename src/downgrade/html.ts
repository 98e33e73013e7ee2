import type { DowngradeReport } from '../contract/downgrade-report.js'
export const downgradeHtml = (_report: DowngradeReport): string => ''
