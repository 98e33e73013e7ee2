// Imported first by every script: an old Node must hear what is wrong, not stumble over a missing function.
const FLOOR = [20, 19]
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
  console.error(`lanecheck needs Node ${FLOOR.join('.')} or newer; this is Node ${process.versions.node}.`)
  process.exit(64)
}
