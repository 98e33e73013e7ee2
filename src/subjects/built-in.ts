/** The kit's own subjects by name: their entry modules, relative to the package's root. */
export const BUILT_IN_SUBJECTS = {
  reference: 'subjects/reference/subject.ts',
  native: 'subjects/native/subject.ts',
} as const

export type BuiltInSubject = keyof typeof BUILT_IN_SUBJECTS

/** Subjects with a fault in them, for the controls; `planted/<name>` on the command line. */
export const PLANTED_SUBJECTS = ['broken-everywhere', 'broken-live', 'unsteady', 'reaches-outside', 'loses-realms', 'partial', 'without-recorder'] as const
export type PlantedSubject = (typeof PLANTED_SUBJECTS)[number]
