import { z } from 'zod'

/** What `lanecheck doctor` looks at, in its order. */
export const DOCTOR_CHECKS = [
  'node', 'build', 'driver', 'chromium', 'firefox', 'webkit', 'display', 'webkit_parts', 'loopback', 'proxy', 'certificate', 'output_writable', 'disk_space', 'shared_memory', 'memory', 'open_files', 'clock', 'rust_tools',
  'subject', 'scenarios', 'expectations', 'claims_config',
] as const
export type DoctorCheckId = (typeof DOCTOR_CHECKS)[number]

/** `failed`: a run would not do. `warning`: it may be slow or noisy. `note`: for information, or not asked for. */
export const DOCTOR_STATUSES = ['ok', 'note', 'warning', 'failed'] as const

/** What `lanecheck doctor --json` prints. */
export const DoctorReportSchema = z.strictObject({
  schema: z.literal('lanecheck.doctor.v1'),
  lanecheck_version: z.string(),
  checks: z.array(z.strictObject({
    check: z.enum(DOCTOR_CHECKS),
    status: z.enum(DOCTOR_STATUSES),
    says: z.string().min(1),
    /** Exactly what to type; null where there is nothing to mend. */
    mend: z.string().nullable(),
  })),
  exit_code: z.union([z.literal(0), z.literal(3), z.literal(64), z.literal(70)]),
})
export type DoctorReport = z.infer<typeof DoctorReportSchema>
export type DoctorFinding = DoctorReport['checks'][number]
