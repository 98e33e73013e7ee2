/** Import rules of the house: what each folder may know. `npm run imports` checks them. */
const own = '^(src|lanes|host-probes|bridge|subjects|tests|bench)/'

/** A folder that may import, of ours, only what `to` matches. */
const only = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: own, pathNot: [from, ...to] } })

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('contract-stands-alone', '^src/contract/', [], 'the contract imports nothing of ours'),
    only('judge-is-pure', '^src/judge/', ['^src/contract/'], 'a verdict can be derived from records alone'),
    only('peers-are-pure', '^src/peers/', ['^src/contract/'], 'the same peer model plays in the lab and live'),
    only('ladder-is-pure', '^lanes/ladder\\.ts$', ['^src/contract/'], 'admission can be derived from a packet alone'),
    only('probes-know-the-contract', '^host-probes/', ['^src/contract/', '^bridge/(realm-side|endpoint|protocol|carriers)\\.ts$', '^src/loopback/agent-protocol\\.ts$'], 'what runs in a realm is small and knows no Node'),
    { name: 'pure-parts-know-no-node', severity: 'error', from: { path: '^(src/(judge|peers|contract)/|lanes/ladder|host-probes/|bridge/(realm-side|endpoint|protocol|carriers)|src/lab/host/)' }, to: { dependencyTypes: ['core'] } },
    { name: 'readers-read', severity: 'error', comment: 'reports and the command line read what a run wrote; never the other way', from: { path: '^src/(judge|contract|peers|scenarios|lab|loopback|evidence)/' }, to: { path: '^src/(cli|report|run)/' } },
    { name: 'run-knows-no-command-line', severity: 'error', from: { path: '^src/(run|report)/' }, to: { path: '^src/cli/' } },
    { name: 'no-tests-in-sources', severity: 'error', from: { path: '^(src|lanes|host-probes|bridge|subjects)/' }, to: { path: '^(tests|bench)/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: ['\\?inline$', '^virtual:'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    exclude: { path: '(^|/)pkg/|^dist/' },
  },
}
