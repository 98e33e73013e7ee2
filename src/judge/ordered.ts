/** Members by name, in the order of canonical JSON: findings come out alike from a record in memory and from one read back. */
export const ordered = <Value>(record: Readonly<Record<string, Value>>): Array<[name: string, value: Value]> =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))
